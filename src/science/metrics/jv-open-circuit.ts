import { fitParabola } from '../fit-parabola.ts';
import { lastZero } from '../interpolate.ts';

/** V, rising, and mA/cm². */
export type JvCurve = readonly (readonly [voltage: number, current: number])[];

/** mA/cm²: a smaller current at 0 V is noise, not photocurrent. */
export const NO_CURRENT = 0.01;
/** Largest current at the end of a scan, relative to Jsc, from which Voc is extrapolated. */
const NEAR_ZERO = 0.02;
/**
 * Largest distance of the extrapolation, relative to the voltage at the end: if it would be larger, the curve
 * is flat there.
 */
const NEAR_END = 0.03;
/** Largest relative difference between the slope of a line and that of a parabola through the last points. */
const CLEAR = 0.5;

export interface OpenCircuit {
  /** V. */
  volts: number;
  /**
   * V: distance of Voc beyond the last point of the scan, and its uncertainty. Undefined if Voc is in the scan.
   */
  beyond?: { distance: number; uncertainty: number };
}

/**
 * Finds the voltage at which the current is zero. Without current at 0 V there is none: a crossing would be
 * noise.
 */
export function openCircuit(curve: JvCurve, jsc: number | undefined): OpenCircuit | undefined {
  if (jsc === undefined || Math.abs(jsc) <= NO_CURRENT) return undefined;
  const volts = lastZero(curve);
  return volts === undefined ? beyondEnd(curve, jsc) : { volts };
}

/**
 * Extrapolates along the slope at the last point: if Auto Voc ended a scan, the next scan may begin slightly
 * below zero current. The slope is that of a parabola through the last three points; its difference from a line
 * through two of them gives the uncertainty.
 */
function beyondEnd(curve: JvCurve, jsc: number): OpenCircuit | undefined {
  const points = curve.slice(-3);
  const [, before, last] = points;
  if (before === undefined || last === undefined || last[0] <= before[0]) return undefined;
  const slope = fitParabola(points)?.slopeAt(last[0]).value ?? 0;
  const secant = (last[1] - before[1]) / (last[0] - before[0]);
  if (last[0] <= 0 || last[1] <= 0 || last[1] > NEAR_ZERO * jsc || slope >= 0 || secant >= 0)
    return undefined;
  const distance = last[1] / -slope;
  const doubt = Math.abs(1 - secant / slope);
  if (distance > NEAR_END * last[0] || doubt > CLEAR) return undefined;
  return { volts: last[0] + distance, beyond: { distance, uncertainty: distance * doubt } };
}
