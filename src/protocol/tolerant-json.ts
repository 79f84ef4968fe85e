import { isUtf8 } from 'node:buffer';
import { sanitiseJson } from './sanitise-json.ts';

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
  if (!bytes.includes('NaN') && !bytes.includes('Inf')) {
    try {
      return { value: JSON.parse(text) as unknown, encoding, repairs };
    } catch {
      // Falls through to the tolerant reading.
    }
  }
  const sanitised = sanitiseJson(text);
  if (sanitised.changedSyntax) repairs.push('syntax');
  if (sanitised.nonFinite > 0) repairs.push('non-finite-number');
  try {
    const value: unknown = JSON.parse(sanitised.text);
    return {
      value: sanitised.nanMark === undefined ? value : restoreNaN(value, sanitised.nanMark),
      encoding,
      repairs,
    };
  } catch (error) {
    throw new JsonTextError(describeJsonError(text, error));
  }
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

/** Puts NaN where the mark stands. Iterative: a deeply nested reply must not overflow the stack. */
function restoreNaN(root: unknown, mark: string): unknown {
  if (root === mark) return Number.NaN;
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const node = pending.pop();
    if (Array.isArray(node)) {
      for (let i = 0; i < node.length; i++) {
        const item: unknown = node[i];
        if (item === mark) node[i] = Number.NaN;
        else if (typeof item === 'object' && item !== null) pending.push(item);
      }
    } else if (typeof node === 'object' && node !== null) {
      for (const [key, item] of Object.entries(node)) {
        if (item === mark) Object.defineProperty(node, key, { value: Number.NaN });
        else if (typeof item === 'object' && item !== null) pending.push(item);
      }
    }
  }
  return root;
}

function describeJsonError(text: string, error: unknown): string {
  const start = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  const reason = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 160) : String(error);
  return text.trim() === '' ? 'the message is empty' : `${reason}; it begins ${JSON.stringify(start)}`;
}
