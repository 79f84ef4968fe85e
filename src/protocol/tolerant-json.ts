import { isUtf8 } from 'node:buffer';
import { markNonFinite, repairSyntax } from './sanitise-json.ts';

/** Repair that was needed to read a text as JSON. */
export type JsonRepair = 'windows-1252' | 'non-finite-number' | 'syntax';

export interface TolerantJson {
  /** The value; NaN, Infinity and -Infinity come out as the JavaScript numbers. */
  value: unknown;
  encoding: 'utf-8' | 'windows-1252';
  repairs: JsonRepair[];
}

/** Thrown when the bytes are not JSON even with tolerance. `message` quotes the place. */
export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';
}

/**
 * Reads JSON as LabVIEW programs write it: bare NaN and Infinity, Windows-1252 instead of UTF-8,
 * trailing commas, line comments and non-breaking spaces. Clean text takes the native parser's path alone.
 * Throws JsonTextError.
 */
export function parseTolerantJson(bytes: Buffer): TolerantJson {
  const encoding = isUtf8(bytes) ? 'utf-8' : 'windows-1252';
  const repairs: JsonRepair[] = encoding === 'utf-8' ? [] : ['windows-1252'];
  const text = encoding === 'utf-8' ? withoutBom(bytes.toString('utf8')) : decodeWindows1252(bytes);

  // A search for two words is far cheaper than a parse that fails half-way through a large reply.
  const mayBeNonFinite = bytes.includes('NaN') || bytes.includes('Inf');
  const marked = mayBeNonFinite ? markNonFinite(text) : { text, nanMark: 0, nans: 0, infinities: 0 };
  if (marked.nans + marked.infinities > 0) repairs.push('non-finite-number');
  let value: unknown;
  try {
    value = JSON.parse(marked.text);
  } catch {
    try {
      value = JSON.parse(repairSyntax(marked.text));
      repairs.push('syntax');
    } catch (error) {
      throw new JsonTextError(describeJsonError(text, error));
    }
  }
  return {
    value: marked.nans === 0 ? value : restoreNaN(value, marked.nanMark, marked.nans),
    encoding,
    repairs,
  };
}

/** JSON text in which every character is ASCII, so that no reader can mistake its encoding. */
export function stringifyAscii(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function withoutBom(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

// Windows-1252 is Latin-1 but for these; 81, 8D, 8F, 90 and 9D stay control characters, as WHATWG has it.
const WINDOWS_1252_80_TO_9F = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function decodeWindows1252(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (c) => WINDOWS_1252_80_TO_9F.charAt(c.charCodeAt(0) - 0x80));
}

const MAX_RECURSION = 500;

/** Puts NaN where the mark stands. @param count how many there are; looking ends with the last one */
function restoreNaN(root: unknown, mark: number, count: number): unknown {
  if (root === mark) return Number.NaN;
  if (!isNode(root)) return root;
  const left = replaceMarks(root, mark, count, { rows: true });
  // Fewer than expected: they stand in mixed arrays, or behind a key that came twice.
  if (left > 0) replaceMarks(root, mark, left, { rows: false });
  return root;
}

/**
 * Returns how many marks it did not find. @param rows takes what begins with a number for a row of numbers, and what
 * stands beside a row for another: these are most of a large reply, and taking every number out of them to look at it
 * makes so much garbage that it costs as much as the parse.
 */
function replaceMarks(root: Node, mark: number, count: number, { rows }: { rows: boolean }): number {
  let left = count;
  // Nodes nested deeper than the stack is sure to hold wait for their turn.
  const waiting: Node[] = [];
  const visit = (node: Node, depth: number): void => {
    if (depth > MAX_RECURSION) waiting.push(node);
    else if (!Array.isArray(node)) visitFields(node, depth);
    else if (rows && beginsWithNumber(node)) left -= replaceInRow(node, mark);
    else visitItems(node, depth, rows && beginsWithNumber(node[0]));
  };
  const visitFields = (node: Record<string, unknown>, depth: number): void => {
    for (const key of Object.keys(node)) {
      const item = node[key];
      if (isNode(item)) visit(item, depth + 1);
      else if (item === mark) {
        Object.defineProperty(node, key, { value: Number.NaN });
        left--;
      }
    }
  };
  const visitItems = (node: unknown[], depth: number, table: boolean): void => {
    for (let at = 0; at < node.length && left > 0; at++) {
      const item = node[at];
      if (table && Array.isArray(item)) left -= replaceInRow(item, mark);
      else if (isNode(item)) visit(item, depth + 1);
      else if (item === mark) {
        node[at] = Number.NaN;
        left--;
      }
    }
  };
  visit(root, 0);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) visit(node, 0);
  return left;
}

/** Returns how many there were. Most rows have none, which `includes` finds out fastest. */
function replaceInRow(row: unknown[], mark: number): number {
  if (!row.includes(mark)) return 0;
  let found = 0;
  for (let at = row.indexOf(mark); at >= 0; at = row.indexOf(mark, at + 1)) {
    row[at] = Number.NaN;
    found++;
  }
  return found;
}

function beginsWithNumber(item: unknown): boolean {
  return Array.isArray(item) && typeof item[0] === 'number';
}

type Node = unknown[] | Record<string, unknown>;

function isNode(item: unknown): item is Node {
  return typeof item === 'object' && item !== null;
}

function describeJsonError(text: string, error: unknown): string {
  const start = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  const reason = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 160) : String(error);
  return text.trim() === '' ? 'the message is empty' : `${reason}; it begins ${JSON.stringify(start)}`;
}
