import { lenientNumber } from '../../text/lenient-number.ts';

/** The value at a path of keys in a settings object, whatever it is; undefined where there is none. */
export function readSetting(settings: unknown, path: readonly string[]): unknown {
  let node: unknown = settings;
  for (const key of path) {
    if (typeof node !== 'object' || node === null) return undefined;
    node = Object.entries(node).find(([name]) => name === key)?.[1];
  }
  return node;
}

/** The finite number at a path of keys, also where it was sent as a string; undefined where there is none. */
export function readNumber(settings: unknown, path: readonly string[]): number | undefined {
  return lenientNumber.parse(readSetting(settings, path));
}
