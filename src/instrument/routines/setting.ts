import type * as z from 'zod';

/**
 * Describes one settings field: its unit (`''` for none), a typical value and its meaning. The documentation and
 * whoever has to find a setting by its meaning read it from the schema's metadata.
 */
export function setting<S extends z.ZodType>(
  schema: S,
  unit: string,
  typical: unknown,
  description: string,
): S {
  return schema.meta({ unit, typical, description });
}
