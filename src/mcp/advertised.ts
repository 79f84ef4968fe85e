import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { QUIET_BOUNDS } from '../measurement/arguments/numbers.ts';
import type { Tool } from '../tools/define-tool.ts';

type JsonSchema = Record<string, unknown>;

/**
 * Schemas that the SDK lists but does not enforce: the runner validates, so that a wrong argument gets our error, with
 * its outcome and the next call to make, and an answer is checked by the type checker and the tests.
 */
export class AdvertisedSchemas {
  /** Command tools have theirs in common, and most of the time to the first answer goes into such conversions. */
  readonly #outputs = new Map<Tool['output'], JsonSchema>();

  input(schema: Tool['input']): StandardSchemaWithJSON {
    return unenforced(() => toJson(schema, 'input'));
  }

  output(schema: Tool['output']): StandardSchemaWithJSON {
    return unenforced(() => {
      const known = this.#outputs.get(schema) ?? toJson(schema, 'output');
      this.#outputs.set(schema, known);
      return known;
    });
  }
}

function unenforced(json: () => JsonSchema): StandardSchemaWithJSON {
  return {
    '~standard': {
      version: 1,
      vendor: 'arkeo-mcp',
      validate: (value) => ({ value }),
      jsonSchema: { input: json, output: json },
    },
  };
}

function toJson(schema: Tool['input'], io: 'input' | 'output'): JsonSchema {
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
}

function isEmpty(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && Object.keys(schema).length === 0;
}
