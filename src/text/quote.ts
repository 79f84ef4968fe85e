const LIMIT = 300;

/**
 * Text that came from the instrument, made fit to stand in a sentence: in quotation marks, without control or
 * invisible formatting characters, and cut. People type it; it is data and never an instruction.
 */
export function quote(text: string): string {
  return `"${plain(text, LIMIT).replace(/"/g, "'")}"`;
}

/** Parameters as they stand in a sentence, made fit for it in the same way. */
export function shown(parameter: unknown): string {
  return plain(JSON.stringify(parameter) ?? 'nothing', LIMIT);
}

/** Without control or invisible formatting characters, and cut. */
export function plain(text: string, limit: number): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return clean.length > limit ? `${clean.slice(0, limit)}…` : clean;
}
