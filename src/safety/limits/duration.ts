import { normaliseUnit, splitHeading } from '../../science/units.ts';
import { isRecord } from '../../text/is-record.ts';
import { shown } from '../../text/quote.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import { amountsOf } from './amount.ts';
import { paceBound } from './declared-quantity.ts';
import type { DocumentedSetting } from './documented-settings.ts';
import type { FoundSetting, FoundSettings } from './found-settings.ts';

type Members = Readonly<Record<string, unknown>>;

/** How long a measurement takes, s; undefined where the settings do not tell. Infinity where it has no bound. */
export function durationOf(
  definition: RoutineDefinition | undefined,
  settings: Members,
  { found }: FoundSettings,
): number | undefined {
  const seconds = definition?.expectedSeconds?.(inDocumentedForm(settings, found));
  if (seconds === undefined) return undefined;
  return seconds >= 0 ? seconds : Infinity;
}

/** The settings that leave a duration without a bound, a sentence each: a rate or step of 0, a negative time. */
export function endlessSettings({ found }: FoundSettings): string[] {
  return found.filter(isEndless).map(({ at, leaf }) => `${at} is ${shown(leaf.value)}`);
}

function isEndless({ leaf, documented }: FoundSetting): boolean {
  const found = amountsOf(leaf.value);
  const numbers =
    typeof leaf.value === 'number' ? [leaf.value] : (found?.amounts ?? []).map(({ number }) => number);
  if (documented !== undefined)
    return documented.settings.every((setting) => numbers.some((number) => !isBounded(number, setting)));
  // Such as the scan rate of a routine whose settings are not documented.
  const { unit } = splitHeading(leaf.path.at(-1) ?? '');
  return /^m?V\/s$/.test(unit) && numbers.some((number) => !(number > 0 && number < Infinity));
}

function isBounded(number: number, setting: DocumentedSetting): boolean {
  const bound = paceBound(setting);
  if (bound === undefined) return true;
  return Number.isFinite(number) && ('above' in bound ? number > bound.above : number >= bound.least);
}

/** Numbers as numbers, and what stands elsewhere at its documented place: as the routine's own reading expects it. */
function inDocumentedForm(settings: Members, found: readonly FoundSetting[]): Members {
  let result = readable(settings, '');
  for (const { documented, leaf } of found) {
    const [setting, another] = documented?.settings ?? [];
    if (setting === undefined || another !== undefined) continue;
    result = withMissing(result, setting.path, readable(leaf.value, leaf.path.at(-1) ?? ''));
  }
  return isRecord(result) ? result : {};
}

function readable(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => readable(one, name));
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner, key)]));
  if (typeof value !== 'string') return value;
  const { whole = false, amounts = [] } = amountsOf(value) ?? {};
  const [amount] = amounts;
  if (!whole || amount === undefined) return value;
  return amount.unit === '' || normaliseUnit(amount.unit) === splitHeading(name).unit ? amount.number : value;
}

function withMissing(value: unknown, [key, ...rest]: readonly string[], member: unknown): unknown {
  if (key === undefined) return value === undefined ? member : value;
  if (value !== undefined && !isRecord(value)) return value;
  const inner = value !== undefined && Object.hasOwn(value, key) ? value[key] : undefined;
  return { ...value, [key]: withMissing(inner, rest, member) };
}
