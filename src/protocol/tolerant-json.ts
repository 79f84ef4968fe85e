import { isUtf8 } from 'node:buffer';
import { markNonFinite, repairSyntax } from './sanitise-json.ts';

/** What had to be forgiven to read a text as JSON. */
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
  const marked = mayBeNonFinite ? markNonFinite(text) : { text, nanMark: undefined, count: 0 };
  if (marked.count > 0) repairs.push('non-finite-number');
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
    value: marked.nanMark === undefined ? value : restoreNaN(value, marked.nanMark),
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

/** Puts NaN where the mark stands. What is nested deeper than the stack is sure to hold waits for its turn. */
function restoreNaN(root: unknown, mark: string): unknown {
  const deep: object[] = [];
  const restored = (item: unknown, depth: number): unknown => {
    if (item === mark) return Number.NaN;
    if (typeof item !== 'object' || item === null) return item;
    if (depth > MAX_RECURSION) deep.push(item);
    else visit(item, depth + 1);
    return item;
  };
  const visit = (node: object, depth: number): void => {
    if (Array.isArray(node)) {
      for (let i = 0; i < node.length; i++) {
        const item: unknown = node[i];
        // Numbers are most of a large reply.
        if (typeof item !== 'number') node[i] = restored(item, depth);
      }
      return;
    }
    for (const [key, item] of Object.entries(node)) {
      const value = restored(item, depth);
      if (value !== item) Object.defineProperty(node, key, { value });
    }
  };
  const value = restored(root, 0);
  for (let node = deep.pop(); node !== undefined; node = deep.pop()) visit(node, 0);
  return value;
}

function describeJsonError(text: string, error: unknown): string {
  const start = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  const reason = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 160) : String(error);
  return text.trim() === '' ? 'the message is empty' : `${reason}; it begins ${JSON.stringify(start)}`;
}
