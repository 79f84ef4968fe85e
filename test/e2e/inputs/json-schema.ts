import * as fc from 'fast-check';
import * as z from 'zod';

/** What of JSON Schema our tools use. */
export interface Schema {
  type?: string | undefined;
  enum?: (string | number)[] | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  exclusiveMinimum?: number | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  minItems?: number | undefined;
  maxItems?: number | undefined;
  pattern?: string | undefined;
  items?: Schema | undefined;
  properties?: Record<string, Schema> | undefined;
  required?: string[] | undefined;
  additionalProperties?: Schema | boolean | undefined;
  propertyNames?: Schema | undefined;
}

export const schemaOf: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    type: z.string().optional(),
    enum: z.array(z.union([z.string(), z.number()])).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    exclusiveMinimum: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    minItems: z.number().optional(),
    maxItems: z.number().optional(),
    pattern: z.string().optional(),
    items: schemaOf.optional(),
    properties: z.record(z.string(), schemaOf).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.union([z.boolean(), schemaOf]).optional(),
    propertyNames: schemaOf.optional(),
  }),
);

/** What each member of an object with names of its own has to be; undefined where anything goes. */
export function eachOf({ additionalProperties }: Schema): Schema | undefined {
  return typeof additionalProperties === 'object' && additionalProperties.type !== undefined
    ? additionalProperties
    : undefined;
}

/** Values that a schema allows. */
function valid(schema: Schema): fc.Arbitrary<unknown> {
  const { minimum, maximum, exclusiveMinimum, minItems: minLength, maxItems: maxLength } = schema;
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer(defined({ min: minimum, max: maximum }));
    case 'number':
      return fc.double({
        ...defined({ min: minimum ?? exclusiveMinimum, max: maximum }),
        minExcluded: minimum === undefined && exclusiveMinimum !== undefined,
        noNaN: true,
        noDefaultInfinity: true,
      });
    case 'string':
      return text(schema);
    case 'array':
      return fc.array(valid(schema.items ?? {}), defined({ minLength, maxLength }));
    case 'object':
      return fc.dictionary(text(schema.propertyNames ?? {}), valid(eachOf(schema) ?? {}), {
        noNullPrototype: true,
        maxKeys: 4,
      });
    case undefined:
    default:
      return fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes('__proto__'));
  }
}

function text({ pattern }: Schema): fc.Arbitrary<string> {
  return fc.stringMatching(new RegExp(pattern ?? '^[A-Za-z][A-Za-z0-9 _-]{0,20}[a-z0-9]$'));
}

/** Arguments that a tool takes: what it needs and some of the rest, and not nothing where it takes anything. */
export function validArguments({
  properties = {},
  required = [],
}: Schema): fc.Arbitrary<Record<string, unknown>> {
  const members = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, valid(schema)]),
  );
  const named = Object.keys(members).length;
  return fc
    .record<Record<string, unknown>>(members, { requiredKeys: required, noNullPrototype: true })
    .filter((args) => named === 0 || Object.keys(args).length > 0);
}

function defined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
