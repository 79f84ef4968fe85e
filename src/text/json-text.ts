import { isRecord } from './is-record.ts';

/** Deeper than anything that is written here; programs that walk through it must not run out of stack. */
const MAX_DEPTH = 64;

/** It is JSON, or would be, and is not read all the same. The message follows the name of the file. */
export class UnusableJson extends SyntaxError {}

/**
 * JSON of a file that anybody may have written: in UTF-8, with or without a byte order mark, as editors add one. Throws
 * SyntaxError, and UnusableJson for what is nested too deep and for UTF-16.
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (isUtf16(bytes)) throw new UnusableJson('is text in UTF-16, and has to be saved as UTF-8');
  const value: unknown = JSON.parse(new TextDecoder('utf-8').decode(bytes));
  if (isDeeperThan(MAX_DEPTH, value)) throw new UnusableJson(`is nested deeper than ${MAX_DEPTH} levels`);
  return value;
}

function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** Level by level, which no depth brings down. */
function isDeeperThan(levels: number, value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap(membersOf);
  }
  return false;
}

function membersOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isRecord(value) ? Object.values(value) : [];
}
