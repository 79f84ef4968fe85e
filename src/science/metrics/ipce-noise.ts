import { median } from '../median.ts';
import type { EqeCurve } from './ipce-edge.ts';

/** nm: end of the ultraviolet range. */
const UV_END = 400;
/** Variance of a point's deviation from the middle of two equally noisy neighbours, relative to its own. */
const VARIANCE = 1.5;
/** Factor from the median of the absolute deviations to the standard deviation, for a normal distribution. */
const NORMAL = 1.4826;
/** With fewer points the shape of the spectrum would count as scatter. */
const FEWEST = 10;

/**
 * Standard deviation of a point, %, as most points show it: the few at an edge do not count. Undefined for few
 * points.
 */
export function scatterOf(curve: EqeCurve): number | undefined {
  const sizes = deviationsOf(curve).map(Math.abs);
  return sizes.length < FEWEST ? undefined : (NORMAL * median(sizes)) / Math.sqrt(VARIANCE);
}

/** Deviation of each point from the middle of its neighbours. */
function deviationsOf(curve: EqeCurve): number[] {
  return curve.slice(1, -1).map(([, y], i) => y - ((curve[i]?.[1] ?? y) + (curve[i + 2]?.[1] ?? y)) / 2);
}

/**
 * Relative scatter below 400 nm, or undefined if it is small. Points are compared with the middle of their
 * neighbours: noise deviates to alternating sides, the curvature of a steep but smooth flank to the same side.
 */
export function uvScatter(curve: EqeCurve): number | undefined {
  const end = curve.filter(([nm]) => nm < UV_END);
  const deviations = deviationsOf(end);
  if (deviations.length < 4) return undefined;
  const turns = deviations.slice(1).filter((d, i) => d * (deviations[i] ?? 0) < 0).length;
  const mean = end.reduce((sum, [, y]) => sum + Math.abs(y), 0) / end.length;
  const sigma = Math.sqrt(deviations.reduce((sum, d) => sum + d * d, 0) / deviations.length / VARIANCE);
  const relative = sigma / mean;
  return turns >= 0.55 * (deviations.length - 1) && relative > 0.05 ? relative : undefined;
}
