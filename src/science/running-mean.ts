/**
 * The mean of each value and its neighbours within half of the width to either side, fewer at the ends. It
 * takes one pass, so that a wide mean of long data takes no longer than a narrow one.
 */
export function runningMean(values: readonly number[], width: number): number[] {
  const half = Math.floor(width / 2);
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  return values.map((_, i) => {
    const [from, to] = [Math.max(0, i - half), Math.min(values.length, i + half + 1)];
    return ((sums[to] ?? 0) - (sums[from] ?? 0)) / (to - from);
  });
}
