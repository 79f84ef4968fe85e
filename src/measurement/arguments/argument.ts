import type * as z from 'zod';

/** Place of an argument in a routine's settings, and the form that the value has there. */
export interface Place {
  readonly path: readonly string[];
  /** From what was asked to what the settings hold there. Throws InputError. */
  write(value: unknown, current: unknown): unknown;
  /** Back; undefined where it cannot be told. */
  read(held: unknown): unknown;
}

/**
 * An argument of a measurement, under the name that a scientist would use, with its unit in the name.
 * `Asked` is what its schema yields, `Effective` what a procedure gets: the same, and its default where nothing is asked.
 */
export interface Argument<Asked = unknown, Effective = unknown> {
  /** With a description; never optional or with a default: what is not asked stays as the instrument has it. */
  readonly schema: z.ZodType<Asked>;
  /** Unit as the field writes it; empty for an argument without a unit. */
  readonly unit: string;
  /** In the order of preference: the first that the instrument's settings have is used. Empty: it is no setting. */
  readonly places: readonly Place[];
  /** Used where nothing is asked. Only of an argument that is no setting. */
  readonly usual?: Effective;
  /** Said of the argument where nothing is asked and nothing is used instead. */
  readonly without?: string;
}

export type ArgumentTable = Readonly<Record<string, Argument>>;

/** The arguments of a table as they are asked. */
export type AskedOf<T extends ArgumentTable> = {
  readonly [K in keyof T]?: T[K] extends Argument<infer Asked> ? Asked | undefined : never;
};

/** The arguments of a table as a procedure gets them: with the defaults of ours. */
export type EffectiveOf<T extends ArgumentTable> = {
  readonly [K in keyof T]: T[K] extends Argument<unknown, infer Effective> ? Effective : never;
};

const same = (value: unknown): unknown => value;

/** An argument that the settings hold as it is, at one of the paths. */
export function argument<V>(
  schema: z.ZodType<V>,
  unit: string,
  ...paths: readonly (readonly string[])[]
): Argument<V, V | undefined> {
  return { schema, unit, places: paths.map((path) => ({ path, write: same, read: same })) };
}

/** A number in another unit than the settings': they hold the value times `factor`. */
export function scaled<V>(
  schema: z.ZodType<V>,
  unit: string,
  factor: number,
  ...paths: readonly (readonly string[])[]
): Argument<V, V | undefined> {
  const times = (by: number) => (value: unknown) =>
    typeof value === 'number' ? Number((value * by).toPrecision(12)) : value;
  return {
    schema,
    unit,
    places: paths.map((path) => ({ path, write: times(factor), read: times(1 / factor) })),
  };
}

/** A word of ours for each word of the instrument's. */
export function words<V>(
  schema: z.ZodType<V>,
  theirs: Readonly<Record<string, unknown>>,
  ...paths: readonly (readonly string[])[]
): Argument<V, V | undefined> {
  const fold = (word: unknown): unknown => (typeof word === 'string' ? word.toLowerCase() : word);
  return {
    schema,
    unit: '',
    places: paths.map((path) => ({
      path,
      write: (value) => (typeof value === 'string' ? theirs[value] : value),
      read: (held) => Object.entries(theirs).find(([, word]) => fold(word) === fold(held))?.[0] ?? held,
    })),
  };
}

/** An argument of the procedure, which no setting holds: `usual` where nothing is asked. */
export function procedureArgument<V>(
  schema: z.ZodType<V>,
  details: { unit?: string; usual: V },
): Argument<V, V>;
/** An argument of the procedure that has no default: `without` says what its absence means. */
export function procedureArgument<V>(
  schema: z.ZodType<V>,
  details: { unit?: string; without: string },
): Argument<V, V | undefined>;
export function procedureArgument<V>(
  schema: z.ZodType<V>,
  { unit = '', ...details }: { unit?: string; usual?: V; without?: string },
): Argument<V, V | undefined> {
  return { schema, unit, places: [], ...details };
}
