import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { QUIET_BOUNDS } from '../measurement/arguments/numbers.ts';
import { isRecord } from '../text/is-record.ts';
import type { AnswerForm } from '../tools/answer/answer-form.ts';
import type { Tool } from '../tools/define-tool.ts';

type JsonSchema = Record<string, unknown>;

/**
 * Schemas that the SDK lists but does not enforce: the runner validates, so that a wrong argument gets our error, with
 * its outcome and the next call to make, and an answer is checked by the type checker and the tests.
 */
export class AdvertisedSchemas {
  /** Command tools have theirs in common, and most of the time to the first answer goes into such conversions. */
  readonly #outputs = new Map<AnswerForm, JsonSchema>();

  input(schema: Tool['input']): StandardSchemaWithJSON {
    return unenforced(() => toJson(schema, 'input'));
  }

  /** Undefined for a tool that answers in prose. */
  output(form: AnswerForm | undefined): StandardSchemaWithJSON | undefined {
    if (form === undefined) return undefined;
    return unenforced(() => {
      const known = this.#outputs.get(form) ?? toJson(form.schema, 'output');
      this.#outputs.set(form, known);
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
    override: ({ jsonSchema, path }) => {
      // Says only that names are text, and some hosts do not know the word.
      delete jsonSchema.propertyNames;
      // Says that anything goes, as its absence does, and stricter readers stumble over it.
      if (isEmpty(jsonSchema.additionalProperties)) delete jsonSchema.additionalProperties;
      // Checked all the same; listing them costs every conversation more than they tell.
      for (const limit of ['minLength', 'maxLength'] as const) delete jsonSchema[limit];
      if (jsonSchema[QUIET_BOUNDS] === true)
        for (const bound of ['minimum', 'maximum', QUIET_BOUNDS]) delete jsonSchema[bound];
      if (io === 'input') describeExclusiveBounds(jsonSchema);
      if (io === 'input' && path.length > 0 && isFreeObject(jsonSchema)) becomeJsonText(jsonSchema);
    },
  });
  return rest;
}

/** Gemini's API refuses a whole request for one exclusive bound, so the description says it. */
function describeExclusiveBounds(schema: JsonSchema): void {
  for (const [bound, words] of [
    ['exclusiveMinimum', 'Above'],
    ['exclusiveMaximum', 'Below'],
  ] as const) {
    const limit = schema[bound];
    if (typeof limit !== 'number') continue;
    delete schema[bound];
    addSentence(schema, `${words} ${limit}.`);
  }
}

/** An object whose members are not listed. */
function isFreeObject({ type, properties }: JsonSchema): boolean {
  return type === 'object' && (properties === undefined || isEmpty(properties));
}

/**
 * An object without listed members is advertised as text: Gemini's API refuses such an object, and strict modes of
 * OpenAI's API want all members listed. `readArguments` takes the text and the object alike.
 */
function becomeJsonText(schema: JsonSchema): void {
  schema['type'] = 'string';
  delete schema['additionalProperties'];
  if (isRecord(schema['default'])) schema['default'] = JSON.stringify(schema['default']);
  addSentence(schema, 'A JSON object, as text.');
}

function addSentence(schema: JsonSchema, sentence: string): void {
  const { description } = schema;
  schema['description'] = typeof description === 'string' ? `${description} ${sentence}` : sentence;
}

function isEmpty(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && Object.keys(schema).length === 0;
}
