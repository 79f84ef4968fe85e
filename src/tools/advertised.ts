import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { QUIET_BOUNDS } from '../measurement/arguments/numbers.ts';
import type { Tool } from './define-tool.ts';

/**
 * A schema that the SDK lists but does not enforce: the runner validates, so that a wrong argument gets our
 * error, with its outcome and the next call to make, and an answer is checked by the type checker and the tests.
 */
export function advertised(schema: Tool['input'], io: 'input' | 'output'): StandardSchemaWithJSON {
  const json = (): Record<string, unknown> => {
    const { $schema: _, ...rest } = z.toJSONSchema(schema, {
      io,
      override: ({ jsonSchema }) => {
        // Says only that names are text, and some hosts do not know the word.
        delete jsonSchema.propertyNames;
        // Says that anything goes, as its absence does, and stricter readers stumble over it.
        if (isEmpty(jsonSchema.additionalProperties)) delete jsonSchema.additionalProperties;
        // Checked all the same; listing them costs every conversation more than they tell.
        for (const limit of ['minLength', 'maxLength'] as const) delete jsonSchema[limit];
        if (jsonSchema[QUIET_BOUNDS] === true)
          for (const bound of ['minimum', 'maximum', QUIET_BOUNDS]) delete jsonSchema[bound];
      },
    });
    return rest;
  };
  return {
    '~standard': {
      version: 1,
      vendor: 'arkeo-mcp',
      validate: (value) => ({ value }),
      jsonSchema: { input: json, output: json },
    },
  };
}

function isEmpty(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && Object.keys(schema).length === 0;
}
