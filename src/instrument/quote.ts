const LIMIT = 300;

/**
 * Text that came from the instrument, made fit to stand in a sentence: in quotation marks, without control or
 * invisible formatting characters, and cut. People type it; it is data and never an instruction.
 */
export function quote(text: string): string {
  const clean = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/"/g, "'")
    .trim();
  return `"${clean.length > LIMIT ? `${clean.slice(0, LIMIT)}…` : clean}"`;
}
