import { fitParabola } from '../fit-parabola.ts';
import { fitLine } from '../interpolate.ts';

/** Wavelength in nm rising, EQE in %. */
export type EqeCurve = readonly (readonly [nm: number, percent: number])[];

/**
 * nm: slopes are taken over at least this distance to either side, so that a fine grid does not show noise as
 * edges.
 */
const HALF_WINDOW = 5;
/** nm: range around the half-level point in which the steepest fall is looked for. */
const REACH = 60;

/**
 * Wavelength of the steepest fall of the EQE, nm: the inflection point of the absorption edge. Slopes −dEQE/dλ
 * are lines through the points within 5 nm (or half a step) of each interval's middle; a parabola through the
 * slopes around the largest one gives the place between them. Undefined if the curve does not hold an edge.
 */
export function inflection(curve: EqeCurve): number | undefined {
  const half = level(curve) / 2;
  const fall = curve.findLastIndex(([, y], i) => y >= half && (curve[i + 1]?.[1] ?? y) < half);
  const [above, below] = [curve[fall], curve[fall + 1]];
  if (above === undefined || below === undefined || half <= 0) return undefined;
  const step = below[0] - above[0];
  const reach = Math.max(REACH, 4 * step);
  const slopes = curve.slice(1).flatMap(([to], i) => {
    const middle = (to + (curve[i]?.[0] ?? to)) / 2;
    if (Math.abs(middle - above[0]) > reach) return [];
    const window = Math.max(HALF_WINDOW, (to - (curve[i]?.[0] ?? to)) / 2) + 1e-9;
    const line = fitLine(curve.filter(([x]) => Math.abs(x - middle) <= window));
    return line === undefined ? [] : [[middle, -line.slope] as const];
  });
  const top = slopes.reduce((best, [, slope], i) => (slope > (slopes[best]?.[1] ?? 0) ? i : best), 0);
  const peak = slopes[top];
  // At either end of the curve the fall may continue beyond it.
  if (peak === undefined || top === 0 || top === slopes.length - 1) return undefined;
  const width = Math.max(2 * HALF_WINDOW, 1.01 * step);
  return vertex(slopes.filter(([x]) => Math.abs(x - peak[0]) <= width)) ?? peak[0];
}

/**
 * EQE in the range in which the cell responds, %: its 90th percentile, which a few noisy points do not move.
 */
export function level(curve: EqeCurve): number {
  const sorted = curve.map(([, y]) => y).toSorted((a, b) => a - b);
  return sorted[Math.floor(0.9 * (sorted.length - 1))] ?? 0;
}

/** x of the maximum of the least-squares parabola, if it lies among the points. */
function vertex(points: readonly (readonly [x: number, y: number])[]): number | undefined {
  const parabola = fitParabola(points);
  const [first, last] = [points[0]?.[0], points.at(-1)?.[0]];
  if (parabola === undefined || parabola.c >= 0 || first === undefined || last === undefined)
    return undefined;
  const x = parabola.centre - parabola.b / (2 * parabola.c);
  return x < first || x > last ? undefined : x;
}
