/** y at x on the polyline through points with rising x; undefined outside of them. */
export function interpolate(
  points: readonly (readonly [x: number, y: number])[],
  x: number,
): number | undefined {
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    if (a === undefined || b === undefined || x < a[0] || x > b[0]) continue;
    return a[0] === b[0] ? (a[1] + b[1]) / 2 : a[1] + ((b[1] - a[1]) * (x - a[0])) / (b[0] - a[0]);
  }
  return undefined;
}

/** The largest x at which the polyline crosses y = 0; undefined if it does not cross. */
export function lastZero(points: readonly (readonly [x: number, y: number])[]): number | undefined {
  for (let i = points.length - 1; i > 0; i--) {
    const [a, b] = [points[i - 1], points[i]];
    if (a === undefined || b === undefined) continue;
    if (b[1] === 0) return b[0];
    if (a[1] * b[1] < 0) return a[0] - (a[1] * (b[0] - a[0])) / (b[1] - a[1]);
  }
  return undefined;
}

export interface Line {
  slope: number;
  intercept: number;
  /** Coefficient of determination, 0 to 1. */
  r2: number;
}

/** Fits a least-squares line; undefined for fewer than two different x. */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): Line | undefined {
  const n = points.length;
  const mx = points.reduce((sum, [x]) => sum + x, 0) / n;
  const my = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const sxx = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  const syy = points.reduce((sum, [, y]) => sum + (y - my) ** 2, 0);
  const sxy = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  if (n < 2 || sxx === 0) return undefined;
  const slope = sxy / sxx;
  return { slope, intercept: my - slope * mx, r2: syy === 0 ? 1 : (sxy * sxy) / (sxx * syy) };
}

/** Integral of the polyline by the trapezoidal rule. */
export function trapezoid(points: readonly (readonly [x: number, y: number])[]): number {
  return points.slice(1).reduce((sum, [x, y], i) => {
    const previous = points[i];
    return previous === undefined ? sum : sum + ((x - previous[0]) * (y + previous[1])) / 2;
  }, 0);
}
