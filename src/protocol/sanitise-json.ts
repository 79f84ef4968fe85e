/** A number stands where NaN stood, since JSON has none that reads as NaN. */
export interface MarkedJson {
  text: string;
  /** Occurs in the text only where NaN stood. */
  nanMark: number;
  /** How many NaN and ±Infinity there were. */
  nans: number;
  infinities: number;
}

// A string, or a non-finite number outside of strings. The string is matched only to be skipped; one that never closes
// is skipped to the end, or each quote in it would be tried as the beginning of another.
const STRING_OR_NON_FINITE = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|[-+]?\b(?:NaN|Inf(?:inity)?)\b/g;

/**
 * Rewrites, outside strings only, NaN to a marked number and ±Infinity to a number too large for a double,
 * which the native parser reads as ±Infinity. With numbers in their place rows stay rows of numbers, which are
 * parsed and searched several times faster than mixed ones.
 */
export function markNonFinite(text: string): MarkedJson {
  const nanMark = unusedNumber(text);
  const mark = String(nanMark);
  let nans = 0;
  let infinities = 0;
  const marked = text.replace(STRING_OR_NON_FINITE, (token) => {
    if (token.startsWith('"')) return token;
    if (token.endsWith('NaN')) {
      nans++;
      return mark;
    }
    infinities++;
    return token.startsWith('-') ? '-1e999' : '1e999';
  });
  return { text: marked, nanMark, nans, infinities };
}

// A string to be skipped, or what is forgiven: a comma before a closing bracket, a line comment, a non-breaking space.
// Behind the comma a comment has to reach the end of its line: a row of slashes could be cut into comments in more ways
// than there is time to try.
const STRING_OR_SYNTAX =
  /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|,(?=(?:\s|\/\/.*(?:[\n\r\u2028\u2029]|$))*[\]}])|\/\/.*|\u00a0/g;

/** Takes away, outside strings only, trailing commas, line comments and non-breaking spaces. */
export function repairSyntax(text: string): string {
  return text.replace(STRING_OR_SYNTAX, (token, at: number) => {
    if (token.startsWith('"')) return token;
    if (token === ',') return followsValue(text, at) ? '' : token;
    return token === '\u00a0' ? ' ' : '';
  });
}

/** A comma is trailing only behind a value: `[,]` stays an error. */
function followsValue(text: string, comma: number): boolean {
  const before = text
    .slice(Math.max(0, comma - 64), comma)
    .trimEnd()
    .at(-1);
  return before !== undefined && !'[{,:'.includes(before);
}

/** Seventeen digits, near the end of what a double can hold: no measurement gives it, and it is looked for besides. */
function unusedNumber(text: string): number {
  let number = -8.123456789012345e-301;
  while (text.includes(String(number))) number *= 1.5;
  return number;
}
