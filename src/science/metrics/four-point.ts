/**
 * Geometrical corrections of a collinear four-point probe, F = F1·F2·F3. Lengths are in any one unit, as ratios to
 * the probe spacing s. Source: D. K. Schroder, Semiconductor Material and Device Characterization, 3rd ed.,
 * section 1.2; the rectangle's table after F. M. Smits, Bell Syst. Tech. J. 37 (1958) 711.
 */

/** F1 = ln2/ln[sinh(t/s)/sinh(t/2s)] of a film of thickness t on an insulator; 1 for t/s below 0.2. */
export function thicknessFactor(thickness: number): number {
  // sinh(x)/sinh(x/2) = 2·cosh(x/2), in a form that does not overflow for a thick sample.
  return Math.LN2 / (thickness / 2 + Math.log1p(Math.exp(-thickness)));
}

/** F2 of a probe at a distance u = L/s from one edge that does not conduct; within 1 % of 1 beyond 5. */
export function edgeFactor(u: number, line: 'perpendicular' | 'parallel'): number {
  return line === 'perpendicular'
    ? 1 / (1 + 1 / (2 * u + 1) - 1 / (2 * u + 2) - 1 / (2 * u + 4) + 1 / (2 * u + 5))
    : 1 / (1 + 2 / Math.sqrt(1 + 4 * u * u) - 1 / Math.sqrt(1 + u * u));
}

/**
 * F3 of a circle of diameter x = d/s with the probe in its centre: ln2/ln[2·(x²+3)/(x²−3)]. Some texts print π
 * in place of ln2: that form already contains the π/ln2 of the sheet resistance. Undefined if the probes do not
 * fit.
 */
export function circleFactor(x: number): number | undefined {
  return x > 3 ? Math.LN2 / Math.log((2 * (x * x + 3)) / (x * x - 3)) : undefined;
}

const RATIOS = [1, 2, 3, 4] as const;
/** F3 of a rectangle: width b/s, and a column for each length-to-width ratio a/b of RATIOS. */
const RECTANGLE: readonly (readonly [width: number, factors: readonly (number | undefined)[]])[] = [
  [1, [undefined, undefined, 0.22, 0.221]],
  [1.25, [undefined, undefined, 0.275, 0.275]],
  [1.5, [undefined, 0.326, 0.329, 0.329]],
  [1.75, [undefined, 0.379, 0.38, 0.38]],
  [2, [undefined, 0.429, 0.43, 0.43]],
  [2.5, [undefined, 0.519, 0.519, 0.519]],
  [3, [0.542, 0.596, 0.596, 0.596]],
  [4, [0.687, 0.712, 0.712, 0.712]],
  [5, [0.774, 0.789, 0.789, 0.789]],
  [7.5, [0.885, 0.891, 0.891, 0.891]],
  [10, [0.931, 0.935, 0.935, 0.935]],
  [15, [0.968, 0.97, 0.97, 0.97]],
  [20, [0.982, 0.983, 0.983, 0.983]],
  [40, [0.996, 0.996, 0.996, 0.996]],
  [Number.POSITIVE_INFINITY, [1, 1, 1, 1]],
];

/**
 * F3 of a rectangle with the probe in its centre and in line with the longer side, sides in units of s. The
 * table is interpolated between its rows along (s/b)², in which 1 − F3 is nearly straight. Undefined if the
 * probes do not fit.
 */
export function rectangleFactor(side: number, otherSide: number): number | undefined {
  const [width, length] = [Math.min(side, otherSide), Math.max(side, otherSide)];
  if (!(width >= 1) || length < 3) return undefined;
  const rows = RECTANGLE.map(([b, factors]) => [b ** -2, atRatio(factors, length / width)] as const);
  const u = width ** -2;
  const after = rows.findIndex(([x]) => x <= u);
  const [upper, lower] = [rows[Math.max(after, 1) - 1], rows[Math.max(after, 1)]];
  if (upper === undefined || lower?.[1] === undefined) return undefined;
  // The row above may hold samples that are too short for the probes: then only the row below is usable.
  if (upper[1] === undefined) return u === lower[0] ? lower[1] : undefined;
  return lower[1] + ((upper[1] - lower[1]) * (u - lower[0])) / (upper[0] - lower[0]);
}

/** Interpolates one row linearly along the ratio a/b; 4 stands for 4 and more. */
function atRatio(factors: readonly (number | undefined)[], ratio: number): number | undefined {
  const wanted = Math.min(ratio, 4);
  const left = Math.min(
    RATIOS.findLastIndex((known) => known <= wanted),
    RATIOS.length - 2,
  );
  const [low, high] = [factors[left], factors[left + 1]];
  const share = wanted - (RATIOS[left] ?? wanted);
  if (share === 0) return low;
  if (share === 1 || low === undefined) return high;
  return high === undefined ? undefined : low + (high - low) * share;
}
