import * as z from 'zod';

/** Describes the constraints of a JSON schema in words, apart from its description. */
export function constraint({ description: _, ...schema }: Record<string, unknown>): string {
  const parts: string[] = [];
  const {
    type,
    enum: values,
    minimum,
    maximum,
    exclusiveMinimum,
    minItems,
    maxItems,
    default: standard,
  } = schema;
  if (Array.isArray(values)) parts.push(values.map((value) => `\`${String(value)}\``).join(' or '));
  else if (typeof type === 'string') parts.push(type);
  if (minimum !== undefined && maximum !== undefined) parts.push(`${String(minimum)} to ${String(maximum)}`);
  if (exclusiveMinimum !== undefined) parts.push(`above ${String(exclusiveMinimum)}`);
  if (exclusiveMinimum !== undefined && maximum !== undefined) parts.push(`up to ${String(maximum)}`);
  if (minItems !== undefined)
    parts.push(
      minItems === maxItems
        ? `${String(minItems)} items`
        : `${String(minItems)} to ${String(maxItems)} items`,
    );
  if (standard !== undefined) parts.push(`default \`${JSON.stringify(standard)}\``);
  return parts.join(', ');
}

/** The names of all members at any depth, each once. */
export function memberNames(schema: z.ZodType): string[] {
  const names = new Set<string>();
  z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema: { properties = {} } }) => {
      for (const name of Object.keys(properties)) names.add(name);
    },
  });
  return [...names];
}
