import { isRecord, ownValue } from './is-record.ts';

/**
 * Lists where the values in force differ from those asked: one line per value, e.g. `light › Level (%): asked 50, in
 * force 100`.
 *
 * @param word names the first of the two values
 */
export function differences(
  asked: unknown,
  inForce: unknown,
  path: readonly string[] = [],
  word = 'asked',
): string[] {
  if (isRecord(asked) && isRecord(inForce)) {
    return Object.entries(asked).flatMap(([key, value]) =>
      differences(value, ownValue(inForce, key), [...path, key], word),
    );
  }
  if (sameValue(asked, inForce)) return [];
  return [`${path.join(' › ')}: ${word} ${show(asked)}, in force ${show(inForce)}`];
}

function sameValue(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    // LabVIEW may keep single precision.
    return a === b || Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));
  }
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  if (isRecord(a) && isRecord(b)) return differences(a, b).length === 0;
  return a === b;
}

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
