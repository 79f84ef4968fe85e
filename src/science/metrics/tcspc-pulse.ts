import { largest } from '../extremes.ts';
import { runningMean } from '../running-mean.ts';

/** Pulse in a histogram of arrival times, before any fit. Bins count from 0. */
export interface Pulse {
  /** The bin with the largest counts, averaged over a few bins. */
  peak: number;
  /** The averaged counts at the peak. */
  height: number;
  /** Position of the rising edge at half of the peak, in bins and fractions: the time of the pulse. */
  rise: number;
  /** Bins from 10 to 90 % of the rising edge. */
  riseWidth: number;
  /** Width at half of the peak, in bins and fractions. */
  width: number;
  /** Mean counts per bin ahead of the pulse; undefined if the pulse is right at the beginning. */
  before: number | undefined;
}

/** Number of bins that are averaged before edges are looked for. */
const SMOOTHING = 5;
/** Standard deviations by which a pulse has to stand out; among thousands of bins four occur by chance. */
const SIGNIFICANT = 6;

/**
 * Number of bins that belong to the period: those within 1/sync rate, or those before a run of empty bins at
 * the end that cannot be chance.
 *
 * @param resolution ns
 * @param syncRate Hz
 */
export function usedBins(
  counts: readonly number[],
  resolution: number,
  syncRate: number | undefined,
): readonly number[] {
  if (syncRate !== undefined && syncRate > 0) {
    const period = Math.round(1e9 / syncRate / resolution);
    return period >= 1 ? counts.slice(0, period) : counts;
  }
  const end = counts.findLastIndex((count) => count > 0) + 1;
  const last = counts.slice(Math.floor(0.9 * end), end);
  const mean = last.reduce((sum, count) => sum + count, 0) / Math.max(1, last.length);
  return mean * (counts.length - end) > 20 ? counts.slice(0, end) : counts;
}

/** Finds the pulse; undefined if the histogram is flat within its noise. */
export function findPulse(counts: readonly number[]): Pulse | undefined {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const wide = averaged(counts, 2 * Math.floor(counts.length / 400) + SMOOTHING);
  const excess = largest(wide.values) - mean;
  if (!(mean > 0) || excess < SIGNIFICANT * Math.sqrt(mean / wide.width)) return undefined;

  const { values: smooth } = averaged(counts, SMOOTHING);
  const peak = smooth.reduce((best, value, i) => (value > (smooth[best] ?? 0) ? i : best), 0);
  const height = smooth[peak] ?? 0;
  const edge = (level: number): number => {
    const below = smooth.slice(0, peak).findLastIndex((value) => value < level);
    if (below < 0) return 0;
    const [a = 0, b = 0] = [smooth[below], smooth[below + 1]];
    return below + (level - a) / (b - a);
  };
  // While the edge is unknown, the first estimate uses the peak alone.
  const early = counts.slice(0, Math.max(0, Math.floor(edge(0.2 * height) - (peak - edge(0.5 * height)))));
  const before =
    early.length < SMOOTHING ? undefined : early.reduce((sum, count) => sum + count, 0) / early.length;
  const floor = before ?? 0;
  const at = (part: number): number => edge(floor + part * (height - floor));
  const half = floor + (height - floor) / 2;
  const after = smooth.slice(peak).findIndex((value) => value < half);
  return {
    peak,
    height,
    rise: at(0.5),
    riseWidth: at(0.9) - at(0.1),
    width: (after < 0 ? smooth.length - peak : after) + peak - at(0.5),
    before,
  };
}

function averaged(counts: readonly number[], width: number): { values: number[]; width: number } {
  return { values: runningMean(counts, width), width };
}
