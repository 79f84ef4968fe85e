import { median } from '../median.ts';
import type { EqeCurve } from './ipce-edge.ts';

/** nm. */
const UV_END = 400;
/** The deviation of a point from the middle of two as noisy ones has this many times its variance. */
const VARIANCE = 1.5;
/** From the median of the sizes of normal deviations to their standard deviation. */
const NORMAL = 1.4826;
/** Fewer points, and the shape of the spectrum counts as scatter. */
const FEWEST = 10;

/** Standard deviation of a point, %, as most points show it: the few at an edge do not count. Undefined for few points. */
export function scatterOf(curve: EqeCurve): number | undefined {
  const sizes = deviationsOf(curve).map(Math.abs);
  return sizes.length < FEWEST ? undefined : (NORMAL * median(sizes)) / Math.sqrt(VARIANCE);
}

/** Of each point from the middle of its neighbours. */
function deviationsOf(curve: EqeCurve): number[] {
  return curve.slice(1, -1).map(([, y], i) => y - ((curve[i]?.[1] ?? y) + (curve[i + 2]?.[1] ?? y)) / 2);
}

/**
 * Relative scatter below 400 nm, or undefined where it is small. Points are compared with the middle of their
 * neighbours: noise deviates to alternating sides, the curvature of a steep but smooth flank to the same.
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
