import * as z from 'zod';
import { routines } from '../../helpers/all-in-one.ts';

export type Settings = Record<string, unknown>;
export type Path = readonly (string | number)[];

const record = z.record(z.string(), z.unknown());

export interface Documented {
  name: string;
  routine: string;
  settings: Settings;
  /** Where the documentation has a unit of V or A. */
  electrical: { path: Path; unit: string }[];
}

/** Typical values of every documented form, and where its voltages and currents are, from the metadata of the schemas. */
export const documented: readonly Documented[] = routines.flatMap(({ name: routine, settings }) =>
  settings.map(({ name, schema }): Documented => {
    const electrical: Documented['electrical'] = [];
    const typical = typicalOf(schema, [], electrical);
    return {
      name: `${routine}, ${name}`,
      routine,
      settings: record.parse(typical),
      electrical,
    };
  }),
);

function typicalOf(schema: z.ZodType, path: Path, electrical: Documented['electrical']): unknown {
  const { unit, typical } = schema.meta() ?? {};
  if (unit === 'V' || unit === 'A') electrical.push({ path, unit });
  if (unit !== undefined) return typical;
  if (schema instanceof z.ZodOptional) return typicalOf(schema.unwrap() as z.ZodType, path, electrical);
  if (!(schema instanceof z.ZodObject)) return undefined;
  const members = Object.entries(schema.shape).map(([key, member]) => [
    key,
    typicalOf(member as z.ZodType, [...path, key], electrical),
  ]);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

/** A copy of the settings with another value at a path. */
export function changed(settings: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const inner = (settings as Settings | undefined)?.[key];
  return { ...(settings as Settings), [key]: changed(inner, rest, value) };
}

/** Every value of the settings that is neither object nor array. */
export function leaves(settings: unknown, path: Path = []): { path: Path; value: unknown }[] {
  if (typeof settings !== 'object' || settings === null) return [{ path, value: settings }];
  return Object.entries(settings).flatMap(([key, member]) => leaves(member, [...path, key]));
}
