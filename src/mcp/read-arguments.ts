import * as z from 'zod';
import { isRecord } from '../text/is-record.ts';
import { plain } from '../text/quote.ts';
import type { Tool } from '../tools/define-tool.ts';

type Schema = z.core.JSONSchema.BaseSchema;
type Arguments = Readonly<Record<string, unknown>>;

/** Members that hosts add to every call. Gemini CLI orders its calls with this one. */
const HOST_ADDITIONS: ReadonlySet<string> = new Set(['wait_for_previous']);
const SHOWN = 60;

/** Arguments of a call, as the tool takes them. */
export type ReadArguments =
  | {
      success: true;
      args: Arguments;
      /** A sentence for each member that was left out although the caller sent it. */
      notes: readonly string[];
    }
  | {
      success: false;
      error: z.core.$ZodError;
      /** The arguments as they were understood. */
      given: unknown;
    };

/**
 * Reads the arguments of a call in the forms in which hosts send them.
 *
 * Null for an optional argument is absent. Text that is the JSON of the due type is that value. Additions of known
 * hosts are dropped. All else has to fit the schema of the tool. A call that takes energy out is never refused for its
 * form: members that do not fit are left out, and a note says so.
 */
export function readArguments(tool: Tool, raw: unknown): ReadArguments {
  const direct = tool.input.safeParse(raw ?? {});
  if (direct.success) return { success: true, args: direct.data, notes: [] };
  const given = reshape(raw ?? {}, z.toJSONSchema(tool.input, { io: 'input' }), true);
  const reshaped = tool.input.safeParse(given);
  if (reshaped.success) return { success: true, args: reshaped.data, notes: [] };
  return readSafely(tool, given, reshaped.error) ?? { success: false, error: reshaped.error, given };
}

/** A call that takes energy out, read without the members that do not fit; undefined for any other call. */
function readSafely(
  tool: Tool,
  given: unknown,
  error: z.core.$ZodError,
): Extract<ReadArguments, { success: true }> | undefined {
  if (tool.kind !== 'safety' && tool.takesEnergyOut === undefined) return undefined;
  const sent = isRecord(given) ? given : {};
  const wrong = isRecord(given) ? wrongMembers(error) : [];
  const rest = Object.fromEntries(Object.entries(sent).filter(([name]) => !wrong.includes(name)));
  const safe = tool.input.safeParse(rest);
  if (!safe.success) return undefined;
  if (tool.kind !== 'safety' && tool.takesEnergyOut?.(safe.data) !== true) return undefined;
  const notes = isRecord(given)
    ? wrong.map((name) => `${plain(name, SHOWN)} ${show(sent[name])} was not understood and was left out`)
    : [`the arguments ${show(given)} were not understood and were left out`];
  return { success: true, args: safe.data, notes };
}

function wrongMembers(error: z.core.$ZodError): string[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0
      ? issue.keys
      : issue.path.slice(0, 1).map(String),
  );
}

/** A value in the form that its schema asks for, where only the form differs. */
function reshape(value: unknown, schema: Schema, isRoot = false): unknown {
  const read = typeof value === 'string' ? readText(value, schema) : value;
  if (isRecord(read)) return reshapeMembers(read, schema, isRoot);
  if (Array.isArray(read)) {
    const each = only(schema.items);
    return each === undefined ? read : read.map((item: unknown) => reshape(item, each));
  }
  return read;
}

function reshapeMembers(members: Arguments, schema: Schema, isRoot: boolean): unknown {
  const properties: Readonly<Record<string, unknown>> = schema.properties ?? {};
  const required = schema.required ?? [];
  const entries = Object.entries(members).flatMap(([name, value]): [string, unknown][] => {
    const due = Object.hasOwn(properties, name) ? only(properties[name]) : undefined;
    if (due === undefined) return isRoot && HOST_ADDITIONS.has(name) ? [] : [[name, value]];
    if (value === null && !required.includes(name)) return [];
    return [[name, reshape(value, due)]];
  });
  // A member named __proto__ stays a member, so that it is refused and not lost.
  return Object.fromEntries(entries);
}

/** Text as the JSON value of the due type; the text itself where that is text, or where it is no such JSON. */
function readText(text: string, schema: Schema): unknown {
  const types = typesOf(schema);
  if (types.length === 0 || types.includes('string')) return text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  return types.some((type) => fits(value, type)) ? value : text;
}

function typesOf(schema: Schema): string[] {
  if (Array.isArray(schema.type)) return schema.type.map(String);
  if (typeof schema.type === 'string') return [schema.type];
  return (schema.anyOf ?? []).flatMap((one) => {
    const inner = only(one);
    return inner === undefined ? [] : typesOf(inner);
  });
}

function fits(value: unknown, type: string): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isRecord(value);
  if (type === 'null') return value === null;
  return typeof value === (type === 'integer' ? 'number' : type);
}

function only(schema: unknown): Schema | undefined {
  return isRecord(schema) ? schema : undefined;
}

function show(value: unknown): string {
  return plain(JSON.stringify(value) ?? 'nothing', SHOWN);
}
