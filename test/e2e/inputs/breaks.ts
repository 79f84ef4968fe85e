import { eachOf, type Schema } from './json-schema.ts';

/** A value that a schema does not allow, as JSON text, and what its refusal has to name. */
export interface Wrong {
  what: string;
  json: string;
  /** Where inside the value it is wrong, as messages write it; empty for the value itself. */
  inside?: string;
  names: readonly string[];
}

const TYPES: readonly (readonly [type: string, json: string])[] = [
  ['string', '"text"'],
  ['number', '0.5'],
  ['boolean', 'true'],
  ['null', 'null'],
  ['array', '[]'],
  ['object', '{}'],
];
const MISTYPED: readonly string[] = [
  '"NaN"',
  '"Infinity"',
  '"-Infinity"',
  '"1,5"',
  '"1 V"',
  '""',
  '1e999',
  '-1e999',
];
const CONTROL = ['\u0000', '\u0007', '\u001b[2J', '\u007f', '\u0085'];

/** Every way in which a value can be wrong. */
export function wrongValues(schema: Schema): Wrong[] {
  const words = wordsOf(schema);
  const wrong = (what: string, json: string): Wrong => ({ what, json, names: words });
  return [
    ...TYPES.filter(([type]) => type !== (schema.type === 'integer' ? 'number' : schema.type)).map(
      ([type, json]) => wrong(`of type ${type}`, json),
    ),
    ...(schema.type === 'number' || schema.type === 'integer' ? wrongNumbers(schema, wrong) : []),
    ...(schema.type === 'boolean'
      ? ['"yes"', '0', '1', '"on"', '"1"'].map((json) => wrong('no boolean', json))
      : []),
    ...(schema.type === 'string' ? wrongTexts(schema, wrong) : []),
    ...(schema.type === 'array' ? wrongLists(schema, wrong) : []),
    ...(schema.type === 'object' ? wrongMembers(schema) : []),
  ];
}

type Make = (what: string, json: string) => Wrong;

function wrongNumbers(schema: Schema, wrong: Make): Wrong[] {
  const { minimum: min, maximum: max, exclusiveMinimum: above } = schema;
  const below = min === undefined ? above : justBelow(min);
  return [
    ...MISTYPED.map((json) => wrong('no number', json)),
    ...(below === undefined
      ? []
      : [below, (min ?? 0) - 1, -1e308].map((value) => wrong('too small', String(value)))),
    ...(max === undefined
      ? []
      : [justAbove(max), max + 1, 1e308].map((value) => wrong('too big', String(value)))),
    ...(schema.type === 'integer'
      ? [0.5, 1.0000001].map((part) => wrong('not whole', String((min ?? 0) + part)))
      : []),
  ];
}

/** The next number that a bound excludes; of a tiny or huge bound one that is written out still. */
function justBelow(bound: number): number {
  return bound === 0 ? -Number.MIN_VALUE : bound - Math.abs(bound) * 2 * Number.EPSILON;
}
function justAbove(bound: number): number {
  return bound === 0 ? Number.MIN_VALUE : bound + Math.abs(bound) * 2 * Number.EPSILON;
}

function wrongTexts({ enum: words, minLength, maxLength }: Schema, wrong: Make): Wrong[] {
  if (words !== undefined) {
    const known = words.map(String);
    const near = known.flatMap((word) => [
      word.toUpperCase(),
      word.toLowerCase(),
      word.slice(0, -1),
      `${word}s`,
      ` ${word}`,
      word.replaceAll('_', ' '),
    ]);
    return ['', 'constructor', ...new Set(near)]
      .filter((word) => !known.includes(word))
      .map((word) => wrong('no word of it', JSON.stringify(word)));
  }
  return [
    ...CONTROL.map((control) => ({
      ...wrong('with a control character', JSON.stringify(`a${control}b`)),
      names: ['control characters'],
    })),
    { what: '10,000 characters', json: JSON.stringify('x'.repeat(10_000)), names: [String(maxLength)] },
    ...((minLength ?? 0) > 0 ? [wrong('empty', '""')] : []),
  ];
}

function wrongLists({ items = {}, minItems = 0, maxItems }: Schema, wrong: Make): Wrong[] {
  const good = exampleOf(items);
  const listOf = (length: number): string[] => Array.from({ length }, () => good);
  const usual = Math.max(minItems, 1);
  return [
    ...(minItems > 0 ? [wrong('too short', `[${listOf(minItems - 1).join()}]`)] : []),
    ...(maxItems === undefined ? [] : [wrong('too long', `[${listOf(maxItems + 1).join()}]`)]),
    ...wrongValues(items).map(({ what, json, names }) => ({
      what: `with an element ${what}`,
      json: `[${[...listOf(usual - 1), json].join()}]`,
      inside: `[${usual - 1}]`,
      names,
    })),
  ];
}

function wrongMembers(schema: Schema): Wrong[] {
  const each = eachOf(schema);
  const { propertyNames } = schema;
  const name = propertyNames?.pattern === undefined ? 'Red' : '455';
  return [
    { what: 'with __proto__', json: '{"__proto__":{"polluted":true}}', inside: '.__proto__', names: [] },
    { what: 'with __proto__ inside', json: '{"a":{"__proto__":1}}', names: [] },
    ...(each === undefined
      ? []
      : wrongValues(each).map(({ what, json, names }) => ({
          what: `with a member ${what}`,
          json: `{"${name}":${json}}`,
          inside: `.${name}`,
          names,
        }))),
    ...(propertyNames?.pattern === undefined
      ? []
      : ['', 'nm', '-1', '4e2', 'constructor'].map((wrong) => ({
          what: 'with a name it cannot have',
          json: `{${JSON.stringify(wrong)}:0.5}`,
          names: ['in nm'],
        }))),
  ];
}

/** What a refusal has to say would be right. */
function wordsOf(schema: Schema): string[] {
  const { minimum, maximum, exclusiveMinimum, minItems, maxItems, minLength, maxLength } = schema;
  if (schema.enum !== undefined) return schema.enum.map((word) => JSON.stringify(word));
  const bounds = [minimum, maximum, exclusiveMinimum, minItems, maxItems, minLength, maxLength];
  const figures = bounds.flatMap((bound) => (bound === undefined ? [] : [String(bound)]));
  return [...figures, ...(TYPE_WORDS[schema.type ?? ''] ?? [])];
}

const TYPE_WORDS: Readonly<Record<string, readonly string[]>> = {
  number: ['a number'],
  integer: ['a whole number'],
  boolean: ['true or false'],
  string: ['text'],
  array: ['a list'],
  object: ['an object'],
};

/** Some value that is right, as JSON. */
export function exampleOf({
  type,
  enum: words,
  minimum,
  maximum,
  exclusiveMinimum,
  minItems = 0,
  items = {},
}: Schema): string {
  if (words !== undefined) return JSON.stringify(words[0]);
  switch (type) {
    case 'number':
    case 'integer':
      return String(minimum ?? (exclusiveMinimum === undefined ? 0 : (maximum ?? exclusiveMinimum + 1)));
    case 'boolean':
      return 'false';
    case 'array':
      return `[${Array.from({ length: minItems }, () => exampleOf(items)).join()}]`;
    case 'object':
      return '{}';
    case undefined:
    default:
      return '"latest"';
  }
}

/** Names that somebody would try who knows a little of the name. */
export function nearMisses(name: string): string[] {
  const words = name.split('_');
  return [
    words.map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join(''),
    name.toUpperCase(),
    words.join('-'),
    words.slice(0, -1).join('_'),
    name.length > 3 ? `${name.slice(0, -2)}${name.at(-1)}` : '',
    `${name}s`,
    ` ${name}`,
  ].filter((miss) => miss !== '' && miss !== name);
}

// Not __proto__: the SDK takes it out of the arguments before a tool sees them.
export const STRANGE_NAMES = [
  'nonsense',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  '0',
  'x'.repeat(10_000),
];
/** In place of the arguments. */
export const NO_ARGUMENTS = ['5', '"text"', 'true', '[]', '[{}]', '[["relay",1]]'];
