type Values = readonly (number | null)[];

/** First and last row, and in each bucket the extremes of x and of y and one gap. */
const PER_BUCKET = 5;
const FEWEST = 2 + PER_BUCKET;

/**
 * Picks the rows that a drawing of y over x needs, as rising indices, at most `maxPoints` of them. The rows are
 * split into runs of equal length, and of each the smallest and the largest x and y stay: no spike is lost. So do
 * the first and the last row, and a row without a value where there are such, so that a gap stays a gap.
 *
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

/** Where in a run of rows x and y are smallest and largest, and where a value is missing first. */
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
