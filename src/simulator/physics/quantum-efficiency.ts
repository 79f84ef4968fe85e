import { AM15G } from '../../science/reference/am15g.ts';
import { REFERENCE_EQE } from './quantum-efficiency-table.ts';

const T0 = 25;
/** nm/K: shift of the edge to the red. */
const EDGE_SHIFT = 0.3;
/** nm: below `from` nothing moves, above `to` everything does, and in between the curve is stretched. */
const EDGE_REGION = { from: 640, to: 745 } as const;

/**
 * External quantum efficiency of the reference cell, 0 to 1, at a wavelength in nm and a temperature in °C: the
 * table with its edge shifted, scaled so that under AM1.5G it still gives the current of the table. The drift
 * of the photocurrent with temperature belongs to the device model, so that EQE and JV agree.
 */
export function externalQuantumEfficiency(nm: number, celsius: number): number {
  const scale = celsius === T0 ? 1 : sunlightCurrent(T0) / sunlightCurrent(celsius);
  return scale * moved(nm, celsius);
}

/** y at x on the polyline through points with rising x; the nearest end's y outside of them. */
export function polyline(
  points: readonly (readonly [x: number, y: number, ...unknown[]])[],
  x: number,
): number {
  const after = points.findIndex(([at]) => at >= x);
  const [b, a] = [points[after], points[after - 1]];
  if (b === undefined) return points.at(-1)?.[1] ?? 0;
  return a === undefined ? b[1] : a[1] + ((b[1] - a[1]) * (x - a[0])) / (b[0] - a[0]);
}

function moved(nm: number, celsius: number): number {
  const way = (nm - EDGE_REGION.from) / (EDGE_REGION.to - EDGE_REGION.from);
  const moves = Math.min(1, Math.max(0, way));
  return polyline(REFERENCE_EQE, nm - EDGE_SHIFT * (celsius - T0) * moves) / 100;
}

/** Electrons from AM1.5G, in units that cancel. */
function sunlightCurrent(celsius: number): number {
  return AM15G.reduce((sum, [nm, , photons]) => sum + photons * moved(nm, celsius), 0);
}
