import { InputError } from '../errors.ts';
import { type Column, type Scan, findColumn } from '../science/dataset.ts';
import { scaleBetween } from '../science/units.ts';
import type { ChartAxis, ChartPoint } from './chart.ts';

/** Two columns of a scan as points, in the units of the axes. Undefined if one is missing. */
export function curveOf(
  scan: Scan,
  names: readonly [x: string, y: string],
  axes: readonly [Pick<ChartAxis, 'unit'>, Pick<ChartAxis, 'unit'>],
): ChartPoint[] | undefined {
  const [x, y] = [findColumn(scan, names[0]), findColumn(scan, names[1])];
  return x === undefined || y === undefined ? undefined : pointsOf(x, y, axes);
}

/** One point per row, in the units of the axes; null for a missing number, which interrupts the line. */
export function pointsOf(
  x: Column,
  y: Column,
  [xAxis, yAxis]: readonly [Pick<ChartAxis, 'unit'>, Pick<ChartAxis, 'unit'>],
): ChartPoint[] {
  const [kx, ky] = [scaleTo(x, xAxis.unit), scaleTo(y, yAxis.unit)];
  return x.values.map((value, i): ChartPoint => [scaled(value, kx), scaled(y.values[i], ky)]);
}

function scaled(value: number | null | undefined, by: number): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value * by : null;
}

function scaleTo({ name, unit }: Column, wanted: string): number {
  const scale = scaleBetween(unit, wanted);
  if (scale !== undefined) return scale;
  throw new InputError(
    `${name} is in ${unit === '' ? 'no unit' : unit} in one measurement and in ${wanted === '' ? 'no unit' : wanted} in another: they cannot share an axis`,
    { hint: 'Plot them one by one.' },
  );
}

/** Applies a function to y, such as a change of sign. */
export function mapY(points: readonly ChartPoint[], by: (y: number) => number | null): ChartPoint[] {
  return points.map(([x, y]): ChartPoint => [x, y === null ? null : by(y)]);
}

/** The points that have both numbers. */
export function known(points: readonly ChartPoint[]): (readonly [x: number, y: number])[] {
  return points.flatMap(([x, y]) => (x === null || y === null ? [] : [[x, y] as const]));
}
