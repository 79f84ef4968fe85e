import { isDeepStrictEqual } from 'node:util';
import { BYTE_ORDER_MARK, type JsonMember, type JsonValue, locateJson } from './json-text.ts';

type ObjectValue = JsonValue & { readonly members: readonly JsonMember[] };

/** The text has another shape than a configuration of this kind has. */
export class JsonShapeError extends Error {}

/** `text[container][name]`, or undefined. Throws JsonTextError, JsonShapeError. */
export function memberOf(text: string, container: string, name: string): unknown {
  const found = holder(text, container);
  const member = found === undefined ? undefined : last(found, name);
  return member === undefined ? undefined : JSON.parse(text.slice(member.value.start, member.value.end));
}

/**
 * The text with `[container][name]` set to a value, everything else as it was written: order, indentation, line
 * endings, byte order mark. Throws JsonTextError, JsonShapeError.
 */
export function withMember(text: string, container: string, name: string, value: unknown): string {
  const found = holder(text, container);
  const member = found === undefined ? undefined : last(found, name);
  const edited =
    found === undefined
      ? insert(text, objectAt(text, locateJson(text), 'The file'), container, { [name]: value })
      : member === undefined
        ? insert(text, found, name, value)
        : replace(text, member, value);
  const before = contentOf(text);
  return verified(edited, {
    ...before,
    [container]: { ...contentOf(JSON.stringify(before[container] ?? {})), [name]: value },
  });
}

/** The text without `[container][name]`, everything else as it was written. Throws JsonTextError, JsonShapeError. */
export function withoutMember(text: string, container: string, name: string): string {
  let edited = text;
  for (let found = holder(edited, container); found !== undefined; found = holder(edited, container)) {
    const index = found.members.findLastIndex((member) => member.name === name);
    const member = found.members[index];
    if (member === undefined) break;
    const next = found.members[index + 1];
    const previous = found.members[index - 1];
    const [from, to] =
      previous !== undefined
        ? [previous.value.end, member.value.end]
        : next !== undefined
          ? [member.key.start, next.key.start]
          : [found.start + 1, found.end - 1];
    edited = edited.slice(0, from) + edited.slice(to);
  }
  if (edited === text) return text;
  const before = contentOf(text);
  const members = contentOf(JSON.stringify(before[container]));
  return verified(edited, {
    ...before,
    [container]: Object.fromEntries(Object.entries(members).filter(([key]) => key !== name)),
  });
}

/** The last line of defence of what others keep in the file. */
function verified(edited: string, expected: unknown): string {
  if (!isDeepStrictEqual(contentOf(edited), expected))
    throw new Error('the edited configuration does not read as meant, and is not used');
  return edited;
}

function contentOf(text: string): Record<string, unknown> {
  const content: unknown = JSON.parse(text.replace(BYTE_ORDER_MARK, ''));
  return typeof content === 'object' && content !== null ? { ...content } : {};
}

function holder(text: string, container: string): ObjectValue | undefined {
  const member = last(objectAt(text, locateJson(text), 'The file'), container);
  return member === undefined ? undefined : objectAt(text, member.value, `"${container}"`);
}

function objectAt(text: string, value: JsonValue, what: string): ObjectValue {
  const { members } = value;
  if (members === undefined)
    throw new JsonShapeError(`${what} is ${text.slice(value.start, value.end).slice(0, 40)}, not an object`);
  return { ...value, members };
}

/** Finds a member by name. If several members have the same name the last one counts, as for any JSON reader. */
function last(object: ObjectValue, name: string): JsonMember | undefined {
  return object.members.findLast((member) => member.name === name);
}

function replace(text: string, { key, value }: JsonMember, content: unknown): string {
  const written = text.slice(value.start, value.end);
  const compact = !written.includes('\n') && !gapBefore(text, key.start).includes('\n');
  const rendered = render(content, compact ? undefined : styleAt(text, key.start));
  return text.slice(0, value.start) + rendered + text.slice(value.end);
}

function insert(text: string, object: ObjectValue, name: string, content: unknown): string {
  const neighbour = object.members.at(-1);
  if (neighbour === undefined) {
    const root = locateJson(text);
    const oneLine = root.start < object.start && !text.slice(root.start, root.end).includes('\n');
    if (oneLine)
      return `${text.slice(0, object.start)}{${JSON.stringify(name)}:${render(content, undefined)}}${text.slice(object.end)}`;
    const lines = newlineOf(text);
    const outer = indentAt(text, object.start);
    const inner = { newline: lines, indent: outer + unitOf(text), unit: unitOf(text) };
    const member = `${JSON.stringify(name)}: ${render(content, inner)}`;
    return `${text.slice(0, object.start)}{${lines}${inner.indent}${member}${lines}${outer}}${text.slice(object.end)}`;
  }
  const gap = gapBefore(text, neighbour.key.start);
  const colon = text.slice(neighbour.key.end, neighbour.value.start);
  const style = gap.includes('\n') ? styleAt(text, neighbour.key.start) : undefined;
  const lead = style === undefined ? gap : style.newline + style.indent;
  const member = `${JSON.stringify(name)}${colon.includes('\n') ? ': ' : colon}${render(content, style)}`;
  const at = neighbour.value.end;
  return `${text.slice(0, at)},${lead}${member}${text.slice(at)}`;
}

interface Style {
  newline: string;
  indent: string;
  unit: string;
}

/** On one line where there is no style. */
function render(content: unknown, style: Style | undefined): string {
  if (style === undefined) return JSON.stringify(content);
  return JSON.stringify(content, null, style.unit).replaceAll('\n', style.newline + style.indent);
}

function styleAt(text: string, offset: number): Style {
  return { newline: newlineOf(text), indent: indentAt(text, offset), unit: unitOf(text) };
}

function newlineOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}

/** Reads the indentation of the line in which the offset is. */
function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).replace(BYTE_ORDER_MARK, '');
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** Reads the indentation of one level. */
function unitOf(text: string): string {
  const first = locateJson(text).members?.[0];
  const gap = first === undefined ? '' : gapBefore(text, first.key.start);
  return (gap.includes('\n') && /[ \t]+$/.exec(gap)?.[0]) || '  ';
}

function gapBefore(text: string, offset: number): string {
  return /[ \t\r\n]*$/.exec(text.slice(0, offset))?.[0] ?? '';
}
