import { type Dataset, rowCount, type Scan } from '../science/dataset.ts';

/** So many rows with their noise are no coincidence. */
const ENOUGH_ROWS = 3;

/**
 * Whether data goes on from what was kept of it earlier: `same` where it begins with those rows, `different` where it
 * does not, `unknown` where they tell nothing, as a histogram whose counts only rose.
 */
export function continues(later: Dataset, earlier: Dataset): 'same' | 'different' | 'unknown' {
  const kept = earlier.scans.filter((scan) => rowCount(scan) > 0);
  const pairs = kept.map((scan) => ({ scan, now: partner(scan, kept.indexOf(scan), later) }));
  if (pairs.length === 0) return 'unknown';
  if (pairs.every(({ scan, now }) => now !== undefined && begins(now, scan, isSame)))
    return kept.reduce((sum, scan) => sum + rowCount(scan), 0) >= ENOUGH_ROWS ? 'same' : 'unknown';
  const onlyRose = pairs.every(
    ({ scan, now }) =>
      now !== undefined && rowCount(now) === rowCount(scan) && begins(now, scan, (a, b) => a >= b),
  );
  return onlyRose ? 'unknown' : 'different';
}

function partner({ label }: Scan, i: number, { scans }: Dataset): Scan | undefined {
  const there = scans[i];
  return there?.label === label ? there : undefined;
}

function begins(later: Scan, earlier: Scan, holds: (later: number, earlier: number) => boolean): boolean {
  return earlier.columns.every(({ name, values }) => {
    const now = later.columns.find((column) => column.name === name)?.values;
    return values.every((value, i) => {
      const other = now?.[i];
      return typeof value === 'number' && typeof other === 'number'
        ? holds(other, value)
        : value === (other ?? null);
    });
  });
}

function isSame(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}
