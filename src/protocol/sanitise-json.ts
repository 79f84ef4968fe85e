export interface SanitisedJson {
  /** Text that the native JSON parser reads, if the input was JSON but for what is forgiven. */
  text: string;
  /** Stands, as a string, where NaN stood; undefined when there was none. */
  nanMark: string | undefined;
  nonFinite: number;
  /** Something other than non-finite numbers was repaired. */
  changedSyntax: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NON_FINITE = /(-|\+)?(?:NaN|Inf(?:inity)?)(?![A-Za-z0-9_])/y;

/**
 * Rewrites, outside strings only: NaN to a marked string, ±Infinity to a number too large for a double
 * (which the native parser reads as ±Infinity), trailing commas, line comments and non-breaking spaces away.
 * One pass, linear; the output is made of slices of the input.
 */
export function sanitiseJson(text: string): SanitisedJson {
  const nanMark = unusedMark(text);
  const quotedMark = JSON.stringify(nanMark);
  const parts: string[] = [];
  let copied = 0;
  let nans = 0;
  let infinities = 0;
  let changedSyntax = false;
  const replace = (from: number, to: number, by: string): void => {
    parts.push(text.slice(copied, from), by);
    copied = to;
  };

  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Digits, '.', ':' and the letters that begin nothing we look for: most of a large reply.
    if ((code >= 0x30 && code <= 0x3a) || code === 0x2e) continue;
    if (code === QUOTE) {
      i = endOfString(text, i);
    } else if (code === 0x4e || code === 0x49 || code === 0x2d || code === 0x2b) {
      // N, I, '-' or '+'
      const token = nonFiniteAt(text, i);
      if (token === undefined) continue;
      if (token.endsWith('NaN')) {
        nans++;
        replace(i, i + token.length, quotedMark);
      } else {
        infinities++;
        replace(i, i + token.length, token.startsWith('-') ? '-1e999' : '1e999');
      }
      i += token.length - 1;
    } else if (code === 0x2c) {
      // ','
      const next = skipBlank(text, i + 1);
      const after = text.charCodeAt(next);
      if ((after === 0x5d || after === 0x7d) && followsValue(text, i)) {
        changedSyntax = true;
        replace(i, i + 1, '');
      }
    } else if (code === 0x2f && text.charCodeAt(i + 1) === 0x2f) {
      // '//'
      const end = endOfLine(text, i);
      changedSyntax = true;
      replace(i, end, '');
      i = end - 1;
    } else if (code === 0xa0) {
      changedSyntax = true;
      replace(i, i + 1, ' ');
    }
  }
  parts.push(text.slice(copied));
  return {
    text: parts.join(''),
    nanMark: nans > 0 ? nanMark : undefined,
    nonFinite: nans + infinities,
    changedSyntax,
  };
}

function nonFiniteAt(text: string, at: number): string | undefined {
  const code = text.charCodeAt(at);
  const letter = code === 0x2d || code === 0x2b ? text.charCodeAt(at + 1) : code;
  if (letter !== 0x4e && letter !== 0x49) return undefined;
  NON_FINITE.lastIndex = at;
  return NON_FINITE.exec(text)?.[0];
}

/** Index of the closing quote of the string that opens at `open`, or the last index. */
function endOfString(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (close !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(close - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return close;
    close = text.indexOf('"', close + 1);
  }
  return text.length;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function skipBlank(text: string, from: number): number {
  let i = from;
  for (;;) {
    const code = text.charCodeAt(i);
    if (code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d || code === 0xa0) i++;
    else if (code === 0x2f && text.charCodeAt(i + 1) === 0x2f) i = endOfLine(text, i);
    else return i;
  }
}

/** A comma is trailing only behind a value: `[,]` stays an error. */
function followsValue(text: string, comma: number): boolean {
  const before = text
    .slice(Math.max(0, comma - 64), comma)
    .trimEnd()
    .at(-1);
  return before !== undefined && !'[{,:'.includes(before);
}

function unusedMark(text: string): string {
  let mark = 'NaN?';
  while (text.includes(mark)) mark += '?';
  return mark;
}
