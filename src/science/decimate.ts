type Values = readonly (number | null)[];

/**
 * Rows kept per bucket, at most: the extremes of x and of y, and one gap. The first and the last row come on
 * top.
 */
const PER_BUCKET = 5;
const FEWEST = 2 + PER_BUCKET;

/**
 * Picks the rows that a drawing of y over x needs, as rising indices, at most `maxPoints` of them. The rows are
 * divided into runs of equal length, and the smallest and the largest x and y of each run are kept: no spike is
 * lost. The first and the last row are kept, and one row without a value from each run that has one, so that a
 * gap stays a gap.
 * Throws RangeError for fewer than 7 points.
 */
export function decimate(x: Values, y: Values, maxPoints: number): number[] {
  if (!(maxPoints >= FEWEST))
    throw new RangeError(`a curve is decimated to ${FEWEST} points or more, not to ${maxPoints}`);
  const count = Math.min(x.length, y.length);
  const all = Array.from({ length: count }, (_, i) => i);
  if (count <= maxPoints) return all;
  const buckets = Math.floor((maxPoints - 2) / PER_BUCKET);
  const kept = new Set([0, count - 1]);
  for (let b = 0; b < buckets; b++) {
    const [from, to] = [Math.floor((b * count) / buckets), Math.floor(((b + 1) * count) / buckets)];
    for (const index of notable(x, y, from, to)) kept.add(index);
  }
  return all.filter((i) => kept.has(i));
}

/** Rows of a run in which x and y are smallest and largest, and the first row with a missing value. */
function notable(x: Values, y: Values, from: number, to: number): number[] {
  let gap: number | undefined;
  let extremes: { left: number; right: number; low: number; high: number } | undefined;
  const at = (values: Values, i: number): number => values[i] ?? 0;
  for (let i = from; i < to; i++) {
    if (!isNumber(x[i]) || !isNumber(y[i])) {
      gap ??= i;
      continue;
    }
    extremes ??= { left: i, right: i, low: i, high: i };
    if (at(x, i) < at(x, extremes.left)) extremes.left = i;
    if (at(x, i) > at(x, extremes.right)) extremes.right = i;
    if (at(y, i) < at(y, extremes.low)) extremes.low = i;
    if (at(y, i) > at(y, extremes.high)) extremes.high = i;
  }
  return [...(gap === undefined ? [] : [gap]), ...(extremes === undefined ? [] : Object.values(extremes))];
}

function isNumber(value: number | null | undefined): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}
