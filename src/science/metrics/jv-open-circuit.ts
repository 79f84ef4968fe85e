import { fitParabola } from '../fit-parabola.ts';
import { lastZero } from '../interpolate.ts';

/** V rising and mA/cm². */
export type JvCurve = readonly (readonly [voltage: number, current: number])[];

/** mA/cm²: less at 0 V is no photocurrent, but noise. */
export const NO_CURRENT = 0.01;
/** Of Jsc, that may be left at the end of a scan whose Voc is extrapolated. */
const NEAR_ZERO = 0.02;
/** Of the voltage at the end, that an extrapolation may go beyond it: where it would be more, the curve is flat there. */
const NEAR_END = 0.03;
/** Of the slope, that may depend on whether the points are taken as a line or a parabola. */
const CLEAR = 0.5;

export interface OpenCircuit {
  /** V. */
  volts: number;
  /** V: how far behind the last point of the scan, and how much of that is in doubt. Undefined where Voc is in the scan. */
  beyond?: { distance: number; uncertainty: number };
}

/** Where the current is zero. Without current at 0 V there is none: a crossing would be noise. */
export function openCircuit(curve: JvCurve, jsc: number | undefined): OpenCircuit | undefined {
  if (jsc === undefined || Math.abs(jsc) <= NO_CURRENT) return undefined;
  const volts = lastZero(curve);
  return volts === undefined ? beyondEnd(curve, jsc) : { volts };
}

/**
 * Along the slope at the last point: where Auto Voc ended a scan, the one after it may begin a hair below zero current.
 * The slope is that of a parabola through the last three points; a line through two of them tells how sure it is.
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
