import * as z from 'zod';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import { splitHeading } from '../../science/units.ts';
import { foldName } from './setting-name.ts';

/** A setting as a form of the documentation declares it. */
export interface DocumentedSetting {
  /** Names from the outside in, as the documentation writes them. */
  readonly path: readonly string[];
  readonly unit: string;
  readonly type: 'number' | 'text' | 'boolean' | 'array' | 'any';
  /** The only value that this form of the settings has there. */
  readonly constant: string | undefined;
  /** The number must be greater than, or at least, this. */
  readonly above: number | undefined;
  readonly least: number | undefined;
  /** The form cannot do without it. */
  readonly required: boolean;
}

/** Members that the documentation describes in words only: the schema of an older form has an open object there. */
const IN_WORDS: ReadonlyMap<string, readonly DocumentedSetting[]> = new Map([
  [
    'Impedance',
    ['Start', 'Stop', 'Start (Hz)', 'Stop (Hz)', 'Steps'].map(
      (name): DocumentedSetting => ({
        path: ['Freq', 'Frequency', name],
        unit: name === 'Steps' ? '' : 'Hz',
        type: 'number',
        constant: undefined,
        above: 0,
        least: undefined,
        required: false,
      }),
    ),
  ],
]);

export function settingsInWords({ name }: RoutineDefinition): readonly DocumentedSetting[] {
  return IN_WORDS.get(name) ?? [];
}

/** The settings of each documented form of a routine. `{value, unit}` counts as one setting, at the path of the two. */
export function documentedForms({ settings }: RoutineDefinition): (readonly DocumentedSetting[])[] {
  return settings.map(({ schema }) => settingsIn(schema, [], true));
}

function settingsIn(schema: unknown, path: readonly string[], required: boolean): DocumentedSetting[] {
  if (schema instanceof z.ZodOptional) return settingsIn(schema.unwrap(), path, false);
  if (!(schema instanceof z.ZodObject))
    return schema instanceof z.ZodType ? [declared(schema, path, required)] : [];
  const { value, unit, ...others } = schema.shape;
  if (value !== undefined && unit !== undefined && Object.keys(others).length === 0)
    return settingsIn(value, path, required);
  return Object.entries(schema.shape).flatMap(([key, inner]) => settingsIn(inner, [...path, key], required));
}

const about = z.looseObject({ unit: z.string().default('') });

function declared(schema: z.ZodType, path: readonly string[], required: boolean): DocumentedSetting {
  const { unit } = about.parse(schema.meta() ?? {});
  const constant = schema instanceof z.ZodLiteral ? schema.value : undefined;
  return {
    path,
    unit,
    type: typeOf(schema),
    constant: typeof constant === 'string' ? constant : undefined,
    ...lowerBound(schema),
    required,
  };
}

function typeOf(schema: z.ZodType): DocumentedSetting['type'] {
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  if (schema instanceof z.ZodArray) return 'array';
  const isText = [z.ZodString, z.ZodEnum, z.ZodLiteral].some((one) => schema instanceof one);
  return isText ? 'text' : 'any';
}

function lowerBound(schema: z.ZodType): { above: number | undefined; least: number | undefined } {
  const bound = schema instanceof z.ZodNumber ? schema.minValue : null;
  if (bound === null || bound <= Number.MIN_SAFE_INTEGER) return { above: undefined, least: undefined };
  return schema.safeParse(bound).success
    ? { above: undefined, least: bound }
    : { above: bound, least: undefined };
}

/** How the settings of an instrument may name a documented one. */
export interface Match {
  readonly settings: readonly DocumentedSetting[];
  /** `here`: at its documented place. `near`: within documented groups. `name`: only the name is the same. */
  readonly how: 'here' | 'near' | 'name';
}

/** Finds what the documentation says of a place in the settings, whatever case, spacing and depth it has there. */
export class Documentation {
  readonly #byName = new Map<string, { setting: DocumentedSetting; folded: readonly string[] }[]>();
  readonly #groups = new Set<string>();

  constructor(settings: readonly DocumentedSetting[]) {
    for (const setting of settings) {
      const folded = setting.path.map(foldName);
      const name = folded.at(-1) ?? '';
      this.#byName.set(name, [...(this.#byName.get(name) ?? []), { setting, folded }]);
      for (const group of folded.slice(0, -1)) this.#groups.add(group);
    }
  }

  /** Undefined where no documented setting has that name. */
  find(path: readonly string[]): Match | undefined {
    const wanted = path.map(foldName);
    const named = this.#byName.get(wanted.at(-1) ?? '') ?? [];
    if (named.length === 0) return undefined;
    const here = named.filter(({ folded }) => folded.join('›') === wanted.join('›'));
    if (here.length > 0) {
      const spelled = here.filter(({ setting }) => setting.path.join('›') === path.join('›'));
      const settings = (spelled.length > 0 ? spelled : here).map(({ setting }) => setting);
      return { settings, how: 'here' };
    }
    const scored = named.map((one) => ({ ...one, score: sharedGroups(one.folded, wanted) }));
    const best = Math.max(...scored.map(({ score }) => score));
    const likest = scored.filter(({ score }) => score === best);
    // "Hold Time (s)" is that at any place; "Value" is something only where it belongs.
    const near = best > 0 || likest.every(({ folded, setting }) => folded.length === 1 || hasUnit(setting));
    return { settings: likest.map(({ setting }) => setting), how: near ? 'near' : 'name' };
  }

  isGroup(name: string): boolean {
    return this.#groups.has(foldName(name));
  }
}

function hasUnit({ path }: DocumentedSetting): boolean {
  return splitHeading(path.at(-1) ?? '').unit !== '';
}

/** How many of the documented groups stand around the place, in their order. */
function sharedGroups(documented: readonly string[], found: readonly string[]): number {
  let [shared, from] = [0, found.length - 1];
  for (const group of documented.slice(0, -1).toReversed()) {
    const at = found.slice(0, from).lastIndexOf(group);
    if (at < 0) continue;
    shared += 1;
    from = at;
  }
  return shared;
}
