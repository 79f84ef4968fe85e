import { isRecord } from '../../text/is-record.ts';
import { plain } from '../../text/quote.ts';
import { foldName } from './setting-name.ts';

/** One value in the settings. */
export interface Leaf {
  /** Names from the outside in; places in lists are left out. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** The unit beside the value, as in `{value: 5, unit: "mA"}`. */
  readonly unit: string | undefined;
  readonly inList: boolean;
}

/** Deeper settings are no settings of an instrument, and are not looked through. */
const MOST_LEVELS = 60;
/** Lists whose elements have a form of their own. */
const SWEEP = foldName('sweep_settings');

/** Every value of the settings, at any depth; undefined where they are nested too deep. */
export function leavesOf(settings: unknown): readonly Leaf[] | undefined {
  const leaves: Leaf[] = [];
  const collect = (value: unknown, path: readonly string[], inList: boolean, level: number): boolean => {
    if (value === undefined) return true;
    if (level > MOST_LEVELS) return false;
    if (Array.isArray(value) && foldName(path.at(-1) ?? '') === SWEEP) {
      leaves.push({ path, value, unit: undefined, inList: false });
      return true;
    }
    if (Array.isArray(value)) return value.every((one: unknown) => collect(one, path, true, level + 1));
    if (!isRecord(value)) {
      leaves.push({ path, value, unit: undefined, inList });
      return true;
    }
    const amount = amountIn(value);
    for (const one of amount?.values ?? [])
      leaves.push({ path, value: one, unit: amount?.unit, inList: inList || amount?.isList === true });
    return Object.entries(value)
      .filter(([key]) => amount === undefined || !amount.keys.includes(key))
      .every(([key, inner]) => collect(inner, [...path, key], inList, level + 1));
  };
  return collect(settings, [], false, 0) ? leaves : undefined;
}

/** `{value, unit}`, also beside other members, or `{value}` alone. */
function amountIn(
  members: Readonly<Record<string, unknown>>,
):
  | { values: readonly unknown[]; isList: boolean; unit: string | undefined; keys: readonly string[] }
  | undefined {
  const find = (name: string): [string, unknown] | undefined =>
    Object.entries(members).find(([key]) => key.toLowerCase() === name);
  const [value, unit] = [find('value'), find('unit')];
  if (value === undefined) return undefined;
  const isList = Array.isArray(value[1]);
  const values: readonly unknown[] = Array.isArray(value[1]) ? value[1] : [value[1]];
  if (values.some((one) => typeof one === 'object' && one !== null)) return undefined;
  if (unit !== undefined && typeof unit[1] === 'string')
    return { values, isList, unit: unit[1], keys: [value[0], unit[0]] };
  return Object.keys(members).length === 1 && value[0] === 'value'
    ? { values, isList, unit: undefined, keys: [value[0]] }
    : undefined;
}

/** A place as people read it. The names are those of the instrument or of a caller. */
export function placeOf(path: readonly string[]): string {
  return path.map((name) => plain(name, 60)).join(' › ');
}
