/**
 * The name of a setting without what drifts in it between versions of the software: case, spaces, underscores,
 * brackets. "End (V)", "end_v" and "END(V)" are one name. `%` stays: `Level` may be something else than `Level (%)`.
 */
export function foldName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}%]/gu, '');
}

/** "integration_time_s", "Current limit" and "biasVoltage" in words, in small letters. */
export function wordsOf(name: string): string[] {
  return name
    .split(/[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])/)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '');
}

export function isAbout(name: string, what: RegExp): boolean {
  return wordsOf(name).some((word) => what.test(word));
}

/** Names of light levels. */
export const LIGHT = /^(led|leds|light|lights|level|intensity)$/;
