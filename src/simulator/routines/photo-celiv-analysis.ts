import type { Ramp, TraceRow } from '../physics/celiv-trace.ts';

interface Quantity {
  value: number;
  unit: string;
}

export interface CelivParameters {
  delay: Quantity;
  t_max: Quantity;
  deltaJ: Quantity;
  J0: Quantity;
  A: Quantity;
  mobility: Quantity;
}

/** Number of readings that are averaged before the maximum is looked for. */
const SMOOTHING = 9;

/**
 * The instrument's evaluation of one transient: the largest current at any position, even at the first sample;
 * the plateau at the end for J0; and from both and the stated thickness
 *
 *     µ = 2d²/(3·A·t_max²·[1 + 0.36·ΔJ/J0])
 *
 * with ΔJ and J0 signed like the currents; infinite for t_max = 0.
 *
 * @param delay s
 * @param interval of the readings, s
 * @param thickness m
 */
export function celivParameters(
  rows: readonly TraceRow[],
  ramp: Ramp,
  { delay, interval, thickness }: { delay: number; interval: number; thickness: number },
): CelivParameters {
  const rate = Math.abs(ramp.to - ramp.from) / ramp.duration;
  const half = Math.floor(SMOOTHING / 2);
  const smooth = rows.map((_, i) => meanCurrent(rows.slice(Math.max(0, i - half), i + half + 1)));
  const top = smooth.reduce((best, j, i) => (Math.abs(j) > Math.abs(smooth[best] ?? 0) ? i : best), 0);
  const j0 = meanCurrent(rows.slice(-Math.ceil(rows.length / 20)));
  const deltaJ = (smooth[top] ?? Number.NaN) - j0;
  const tMax = top * interval;
  return {
    delay: { value: delay, unit: 's' },
    t_max: { value: tMax, unit: 's' },
    deltaJ: { value: deltaJ, unit: 'A' },
    J0: { value: j0, unit: 'A' },
    A: { value: rate, unit: 'V/s' },
    mobility: {
      value: (2 * thickness ** 2) / (3 * rate * tMax ** 2 * (1 + 0.36 * (deltaJ / j0))),
      unit: 'm^2/Vs',
    },
  };
}

function meanCurrent(rows: readonly TraceRow[]): number {
  return rows.reduce((sum, [, amperes]) => sum + amperes, 0) / rows.length;
}
