import * as z from 'zod';
// From here, because z.core.toDotPath would bring every language of zod into the bundle.
import { toDotPath } from 'zod/v4/core';
import { InputError } from '../errors.ts';
import { plain } from '../text/quote.ts';
import type { Tool } from '../tools/define-tool.ts';

type Schema = z.core.JSONSchema.BaseSchema;
type Issue = z.core.$ZodIssue;

/** Problems that are told; whoever made more has misunderstood something, and the first ones say what. */
const MOST_ISSUES = 8;
/** Characters of what was given. */
const SHOWN = 60;

/** Units by the end of an argument's name, the longest first. */
const UNITS: readonly (readonly [ending: string, unit: string])[] = [
  ['mw_cm2', 'mW/cm²'],
  ['cm2', 'cm²'],
  ['v_s', 'V/s'],
  ['percent', '%'],
  ['hz', 'Hz'],
  ['ms', 'ms'],
  ['nm', 'nm'],
  ['um', 'µm'],
  ['mm', 'mm'],
  ['v', 'V'],
  ['a', 'A'],
  ['s', 's'],
  ['c', '°C'],
];

/**
 * Finds a member `__proto__` of the arguments, at any depth; undefined where there is none. Values that are read member
 * by member, such as settings, would lose it without a word.
 */
export function protoMember(value: unknown, path = ''): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const here = path === '' ? key : `${path}.${key}`;
    const found = key === '__proto__' ? here : protoMember(inner, here);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Lists what is wrong with a call's arguments, one by one: where, what would be right, and what was given. */
export function wrongArguments(tool: Tool, error: z.core.$ZodError, given: unknown): InputError {
  const schema: Schema = z.toJSONSchema(tool.input, { io: 'input' });
  const problems = [...new Set(error.issues.map((issue) => problem(issue, schema, given)))];
  const more = problems.length - MOST_ISSUES;
  return new InputError(
    `${tool.name}: ${problems.slice(0, MOST_ISSUES).join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    { hint: `Correct the arguments and call ${tool.name} again.` },
  );
}

function problem(issue: Issue, schema: Schema, given: unknown): string {
  const { path } = issue;
  const where = plain(toDotPath(path), SHOWN);
  if (path.length === 0 && issue.code === 'invalid_type') {
    const known = Object.keys(schema.properties ?? {});
    return `the arguments have to be an object${known.length === 0 ? ', empty' : ` with some of ${known.join(', ')}`}, not ${shown(given)}`;
  }
  // Problems that zod finds by itself are worded from the schema; all others say in their own words what would be
  // right.
  if (issue.code === 'invalid_key')
    return `${where}: ${issue.issues[0]?.message ?? 'not a name it can have'}`;
  if (!SAID_BY_SCHEMA.includes(issue.code))
    return where === '' ? issue.message : `${where}: ${issue.message}`;
  const wanted = expected(schemaAt(schema, path), nameOf(path));
  const value = valueAt(given, path);
  return value === undefined ? `${where} is missing: ${wanted}` : `${where}: ${wanted}, not ${shown(value)}`;
}

const SAID_BY_SCHEMA: readonly (string | undefined)[] = [
  'invalid_type',
  'too_small',
  'too_big',
  'invalid_value',
  'invalid_union',
];

/** "a number, -60 to 60 V" */
function expected(schema: Schema, name: string): string {
  if (schema.enum !== undefined)
    return `one of ${schema.enum.map((word) => JSON.stringify(word)).join(', ')}`;
  const { type } = schema;
  if (type === 'number' || type === 'integer') return number(schema, name);
  if (type === 'boolean') return 'true or false';
  if (type === 'string') return `text${counted(schema.minLength, schema.maxLength, 'characters')}`;
  if (type === 'array')
    return `a list${counted(schema.minItems, schema.maxItems, 'values')}, each ${expected(only(schema.items), name)}`;
  if (type !== 'object') return schema.description ?? 'another value';
  const each = only(schema.additionalProperties);
  return `an object${each.type === undefined ? '' : `, each value ${expected(each, name)}`}`;
}

function number({ type, minimum, maximum, exclusiveMinimum, description }: Schema, name: string): string {
  const unit = unitOf(name);
  const [least, most] = [minimum ?? exclusiveMinimum, maximum].map((bound) => bound?.toString());
  const range =
    minimum !== undefined && most !== undefined
      ? [`, ${least} to ${most}`]
      : [
          ...(least === undefined
            ? []
            : [minimum === undefined ? `, above ${least}` : `, at least ${least}`]),
          ...(most === undefined ? [] : [`${least === undefined ? ',' : ' and'} at most ${most}`]),
        ];
  const words = [type === 'integer' ? 'a whole number' : 'a number', ...range].join('');
  if (unit !== undefined) return `${words} ${unit}`;
  return description === undefined ? words : `${words} (${description.replace(/\.$/, '')})`;
}

function unitOf(name: string): string | undefined {
  const words = name === 'v_limit' ? 'v' : name;
  return UNITS.find(([ending]) => words === ending || words.endsWith(`_${ending}`))?.[1];
}

/** " of 1 to 100 characters" */
function counted(min: number | undefined, max: number | undefined, what: string): string {
  if (min === undefined && max === undefined) return '';
  if (min === max) return ` of ${min} ${what}`;
  if (max === undefined) return ` of at least ${min} ${what}`;
  return min === undefined ? ` of at most ${max} ${what}` : ` of ${min} to ${max} ${what}`;
}

/** The name that tells the unit: that of the last member that has one. */
function nameOf(path: readonly PropertyKey[]): string {
  const name = path.findLast((key) => typeof key === 'string');
  return typeof name === 'string' ? name : '';
}

function schemaAt(schema: Schema, path: readonly PropertyKey[]): Schema {
  return path.reduce<Schema>((node, key) => {
    if (typeof key === 'number') return only(node.items);
    return only(node.properties?.[String(key)] ?? node.additionalProperties);
  }, schema);
}

function only(schema: Schema[keyof Pick<Schema, 'items' | 'additionalProperties'>]): Schema {
  return typeof schema === 'object' && !Array.isArray(schema) ? schema : {};
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null
        ? Object.getOwnPropertyDescriptor(node, key)?.value
        : undefined,
    given,
  );
}

/** A value as JSON, cut; a number as it is, since JSON has no Infinity. */
function shown(value: unknown): string {
  return plain(typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value), SHOWN);
}
