import { fitLinear } from './linear-least-squares.ts';

/** Least-squares parabola y = a + b·t + c·t² with t = x − centre. */
export interface Parabola {
  centre: number;
  b: number;
  c: number;
  /** dy/dx at x, and its standard deviation by the scatter of the points; 0 for three points. */
  slopeAt(x: number): { value: number; sigma: number };
}

/** Fits a parabola; undefined for fewer than three different x. */
export function fitParabola(points: readonly (readonly [x: number, y: number])[]): Parabola | undefined {
  const n = points.length;
  const centre = points.reduce((sum, [x]) => sum + x, 0) / n;
  const at = points.map(([x]) => x - centre);
  const y = points.map(([, value]) => value);
  const fit = n < 3 ? undefined : fitLinear([at.map(() => 1), at, at.map((t) => t * t)], y);
  if (fit === undefined) return undefined;
  const [a = 0, b = 0, c = 0] = fit.coefficients;
  const scatter = at.reduce((sum, t, i) => sum + ((y[i] ?? 0) - a - b * t - c * t * t) ** 2, 0);
  const variance = n > 3 ? scatter / (n - 3) : 0;
  const [, [, bb = 0, bc = 0] = [], [, , cc = 0] = []] = fit.covariance;
  return {
    centre,
    b,
    c,
    slopeAt(x) {
      const t = x - centre;
      const gain = bb + 4 * t * bc + 4 * t * t * cc;
      return { value: b + 2 * c * t, sigma: Math.sqrt(variance * Math.max(0, gain)) };
    },
  };
}
