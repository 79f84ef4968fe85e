import * as z from 'zod';
import { configSchema, describeOptions, type OptionDescription } from '../../src/config.ts';

/** An option of the server, as a form asks for it. */
export interface AskedOption extends OptionDescription {
  form: 'boolean' | 'number' | 'file' | 'directory' | 'string';
  /** Undefined if any value is allowed. */
  choices: string[] | undefined;
  min: number | undefined;
  max: number | undefined;
}

const jsonSchema = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

/** Every option of the server, in the order of src/config.ts. */
export function askedOptions(): AskedOption[] {
  return describeOptions(configSchema).map((option) => {
    const field: z.ZodType = configSchema.shape[option.key as keyof typeof configSchema.shape];
    const {
      type,
      enum: choices,
      minimum: min,
      maximum: max,
    } = jsonSchema.parse(z.toJSONSchema(field, { unrepresentable: 'any' }));
    return { ...option, form: formOf(option.value, type), choices, min, max };
  });
}

function formOf(value: string | undefined, type: string | undefined): AskedOption['form'] {
  if (value === undefined) return 'boolean';
  if (value === 'file') return 'file';
  if (value === 'folder') return 'directory';
  return type === 'integer' || type === 'number' ? 'number' : 'string';
}
