import { largest } from '../extremes.ts';
import { fitLine, interpolate, trapezoid } from '../interpolate.ts';
import { fitLinear } from '../linear-least-squares.ts';
import { runningMean } from '../running-mean.ts';

/** Time in s since the beginning of the ramp, current in A. */
export type TransientPoint = readonly [time: number, current: number];

/** Values read from one extraction transient. Extraction and displacement currents are positive. */
export interface Transient {
  /** 1 if the currents were positive as sent, −1 if their sign was reversed. */
  sign: 1 | -1;
  /** Displacement current at the beginning of the ramp, A. */
  j0: number | undefined;
  /** s; undefined if no extraction peak rises above the noise. */
  tMax: number | undefined;
  /** One standard deviation, s. */
  tMaxError: number | undefined;
  /** Peak above j0, A. */
  deltaJ: number | undefined;
  /** Time to 63 % of j0, s: RC of sample and instrument. */
  riseTime: number | undefined;
  /** ∫(j − j0)dt to the end of the ramp, C; a leakage that rises with the ramp is subtracted. */
  charge: number | undefined;
  /** True if the current is still at its maximum at the end of the ramp. */
  stillRising: boolean;
}

/** The least number of rows that can show a ramp. */
const LEAST_ROWS = 20;
/**
 * Fraction of the peak above the plateau over which the maximum is fitted: there a cubic follows it to 0.5 %.
 */
const PEAK_PART = 0.85;
/** Significance of a peak, in standard deviations of the smoothed noise. */
const SIGNIFICANT = 5;
/**
 * Least height of a peak relative to the displacement current, however low the noise: a flat top of a limited
 * current is no peak.
 */
const LEAST_PEAK = 0.002;
/** Multiple of t_max after which hardly any charge is left in the film. */
const ALL_OUT = 5;
/** Relative difference up to which j0 before and after the extraction counts as the same. */
const SAME = 0.1;

/**
 * Time of each row in s since the ramp began, from voltages that rise or fall linearly at `rate` V/s, in rows
 * that are evenly spaced in time. Rows of a hold before the ramp have negative times. Undefined if the voltages
 * are no ramp.
 */
export function rampTimes(voltages: readonly (number | null)[], rate: number): number[] | undefined {
  const known = voltages.flatMap((volts, i): [number, number][] => (volts === null ? [] : [[i, volts]]));
  const first = known[0];
  if (first === undefined || known.length < LEAST_ROWS || !(rate > 0)) return undefined;
  const way = known.reduce((far, [, v]) => (Math.abs(v - first[1]) > Math.abs(far) ? v - first[1] : far), 0);
  if (way === 0) return undefined;
  const done = ([, v]: readonly [number, number]): number => (v - first[1]) / way;
  const end = known.findIndex((row) => done(row) >= 0.9);
  const begin = known.slice(0, end).findLastIndex((row) => done(row) <= 0.1) + 1;
  const line = fitLine(known.slice(begin, end));
  if (line === undefined || line.r2 < 0.98 || line.slope * way <= 0) return undefined;
  const start = (first[1] - line.intercept) / line.slope;
  // A start within noise of the first row counts as the first row.
  const origin = start < 0.01 * known.length ? 0 : start;
  return voltages.map((_, i) => ((i - origin) * Math.abs(line.slope)) / rate);
}

/** Evaluates a transient, whatever its shape and the sign of its currents. */
export function readTransient(raw: readonly TransientPoint[]): Transient {
  const ramp = raw.filter(([t]) => t >= 0);
  const sign = ramp.reduce((sum, [, j]) => sum + j, 0) < 0 ? -1 : 1;
  const points = ramp.map(([t, j]): TransientPoint => [t, sign * j]);
  const none: Transient = {
    sign,
    j0: undefined,
    tMax: undefined,
    tMaxError: undefined,
    deltaJ: undefined,
    riseTime: undefined,
    charge: undefined,
    stillRising: false,
  };
  if (points.length < LEAST_ROWS) return none;
  const width = 2 * Math.floor(points.length / 200) + 3;
  const smooth = movingAverage(points, width);
  const plateau = meanCurrent(points.slice(-Math.ceil(points.length / 10)));
  const noise = noiseOf(points) / Math.sqrt(width);
  const top = indexOfMaximum(smooth);
  const height = (smooth[top]?.[1] ?? 0) - plateau;
  if (top >= 0.9 * points.length && risesToTheEnd(points, plateau)) return { ...none, stillRising: true };
  // Without extraction the plateau is the only result.
  if (height < Math.max(SIGNIFICANT * noise, LEAST_PEAK * plateau))
    return { ...none, j0: plateau, riseTime: timeTo(points, 0.632 * plateau) };
  const peak = maximumAround(points, smooth, top, plateau + PEAK_PART * height);
  const [early, riseTime] = displacement(points, peak.time, plateau);
  const duration = points.at(-1)?.[0] ?? 0;
  const extracted = duration > ALL_OUT * peak.time;
  // If all charge is out and nothing leaks, the plateau is j0, without the uncertainty of an extrapolation.
  const j0 = extracted && Math.abs(early - plateau) < SAME * plateau ? plateau : early;
  return {
    sign,
    j0,
    tMax: peak.time,
    tMaxError: peak.error,
    deltaJ: peak.current - j0,
    riseTime,
    charge: chargeAbove(points, (t) => (extracted ? j0 + ((plateau - j0) * t) / duration : j0)),
    stillRising: false,
  };
}

function movingAverage(points: readonly TransientPoint[], width: number): TransientPoint[] {
  const means = runningMean(
    points.map(([, j]) => j),
    width,
  );
  return points.map(([t], i) => [t, means[i] ?? 0]);
}

function meanCurrent(points: readonly TransientPoint[]): number {
  return points.reduce((sum, [, j]) => sum + j, 0) / points.length;
}

/** Standard deviation of a single reading, from the differences between neighbours. */
function noiseOf(points: readonly TransientPoint[]): number {
  const steps = points.slice(1).map(([, j], i) => Math.abs(j - (points[i]?.[1] ?? j)));
  const median = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  // |difference of two normal readings| has the median 0.954 σ.
  return median / 0.954;
}

function indexOfMaximum(points: readonly TransientPoint[]): number {
  return points.reduce((best, [, j], i) => (j > (points[best]?.[1] ?? j) ? i : best), 0);
}

/** True if the last tenth lies above the tenth before it by more than noise. */
function risesToTheEnd(points: readonly TransientPoint[], plateau: number): boolean {
  const tenth = Math.ceil(points.length / 10);
  const rise = plateau - meanCurrent(points.slice(-2 * tenth, -tenth));
  return rise > 0.005 * plateau && rise > (SIGNIFICANT * noiseOf(points)) / Math.sqrt(tenth);
}

/** Maximum of a cubic through the top of the peak. */
function maximumAround(
  points: readonly TransientPoint[],
  smooth: readonly TransientPoint[],
  top: number,
  level: number,
): { time: number; current: number; error: number | undefined } {
  let [from, to] = [top, top];
  while (from > 0 && (smooth[from - 1]?.[1] ?? level) > level) from--;
  while (to < smooth.length - 1 && (smooth[to + 1]?.[1] ?? level) > level) to++;
  const [centre = 0, current = 0] = smooth[top] ?? [];
  const rough = { time: centre, current, error: undefined };
  const part = points.slice(from, to + 1);
  const scale = largest(part.map(([t]) => Math.abs(t - centre)));
  if (part.length < 7 || scale === 0) return rough;
  const basis = [0, 1, 2, 3].map((power) => part.map(([t]) => ((t - centre) / scale) ** power));
  const fit = fitLinear(
    basis,
    part.map(([, j]) => j),
  );
  const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = fit?.coefficients ?? [];
  const discriminant = 4 * c2 * c2 - 12 * c1 * c3;
  if (fit === undefined || c2 >= 0 || discriminant < 0) return rough;
  const root = Math.sqrt(discriminant);
  const u = (2 * c1) / (root - 2 * c2);
  if (Math.abs(u) > 1) return rough;
  const spread = noiseOf(points) * Math.sqrt(fit.covariance[1]?.[1] ?? 0);
  return {
    time: centre + u * scale,
    current: c0 + u * (c1 + u * (c2 + u * c3)),
    error: (spread * scale) / root,
  };
}

/**
 * Determines j0 and the rise time from the beginning of the ramp. j0 is the value at t = 0 of a parabola
 * through the current after the rise and before the peak: extraction begins with the ramp, so that no reading
 * is of the displacement alone. If the rise leaves no room for that, j0 is the plateau at the end of the ramp.
 */
function displacement(
  points: readonly TransientPoint[],
  tMax: number,
  plateau: number,
): [j0: number, riseTime: number | undefined] {
  let [j0, rise] = [plateau, timeTo(points, 0.632 * plateau)];
  for (let pass = 0; pass < 2; pass++) {
    const from = Math.max(0.1 * tMax, 4 * (rise ?? 0));
    const part = points.filter(([t]) => t >= from && t <= 0.5 * tMax);
    if (part.length < 8 || from > 0.25 * tMax) return [plateau, rise];
    const fit = fitLinear(
      [0, 1, 2].map((power) => part.map(([t]) => (t / tMax) ** power)),
      part.map(([, j]) => j),
    );
    j0 = fit?.coefficients[0] ?? plateau;
    rise = timeTo(points, 0.632 * j0);
  }
  return [j0, rise];
}

/** Time at which the current first reaches a level, s. */
function timeTo(points: readonly TransientPoint[], level: number): number | undefined {
  const index = points.findIndex(([, j]) => j >= level);
  const [before, after] = [points[index - 1], points[index]];
  if (after === undefined || level <= 0) return undefined;
  if (before === undefined) return after[0];
  return interpolate(
    [
      [before[1], before[0]],
      [after[1], after[0]],
    ],
    level,
  );
}

function chargeAbove(points: readonly TransientPoint[], baseline: (time: number) => number): number {
  const above = points.map(([t, j]): TransientPoint => [t, j - baseline(t)]);
  const begin = Math.max(
    0,
    above.findIndex(([, j]) => j > 0),
  );
  return trapezoid(above.slice(begin));
}
