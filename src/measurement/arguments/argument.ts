import type * as z from 'zod';

/** Where an argument stands in a routine's settings, and in what form. */
export interface Place {
  readonly path: readonly string[];
  /** From what was asked to what the settings hold there. Throws InputError. */
  write(value: unknown, current: unknown): unknown;
  /** Back; undefined where it cannot be told. */
  read(held: unknown): unknown;
}

/** An argument of a measurement, under the name that a scientist would use, with its unit in the name. */
export interface Argument {
  /** With a description; never optional or with a default: what is not asked stays as the instrument has it. */
  readonly schema: z.ZodType;
  /** In the order of preference: the first that the instrument's settings have is used. Empty: it is no setting. */
  readonly places: readonly Place[];
}

export type ArgumentTable = Readonly<Record<string, Argument>>;

const same = (value: unknown): unknown => value;

/** An argument that the settings hold as it is, at one of the paths. */
export function argument(schema: z.ZodType, ...paths: readonly (readonly string[])[]): Argument {
  return { schema, places: paths.map((path) => ({ path, write: same, read: same })) };
}

/** A number in another unit than the settings': they hold the value times `factor`. */
export function scaled(
  schema: z.ZodType,
  factor: number,
  ...paths: readonly (readonly string[])[]
): Argument {
  const times = (by: number) => (value: unknown) =>
    typeof value === 'number' ? Number((value * by).toPrecision(12)) : value;
  return {
    schema,
    places: paths.map((path) => ({ path, write: times(factor), read: times(1 / factor) })),
  };
}

/** A word of ours for each word of the instrument's. */
export function words(
  schema: z.ZodType,
  theirs: Readonly<Record<string, unknown>>,
  ...paths: readonly (readonly string[])[]
): Argument {
  const fold = (word: unknown): unknown => (typeof word === 'string' ? word.toLowerCase() : word);
  return {
    schema,
    places: paths.map((path) => ({
      path,
      write: (value) => (typeof value === 'string' ? theirs[value] : value),
      read: (held) => Object.entries(theirs).find(([, word]) => fold(word) === fold(held))?.[0] ?? held,
    })),
  };
}

/** Steers the procedure and is no setting. */
export function steering(schema: z.ZodType): Argument {
  return { schema, places: [] };
}
