import type { Chart, ChartAxis, ChartPoint } from './chart.ts';
import { known } from './read-curve.ts';

/**
 * Removes values that cannot be drawn: values that are no finite numbers, and values that are not positive on a
 * logarithmic axis, become gaps.
 */
export function drawable(chart: Chart): Chart {
  const { x, left, right } = chart;
  const entries = chart.entries.map((entry) => ({
    ...entry,
    curves: entry.curves
      .map((curve) => ({
        ...curve,
        points: curve.points.map(
          ([px, py]): ChartPoint => [on(x, px), on(curve.axis === 'right' ? (right ?? left) : left, py)],
        ),
      }))
      .filter(({ points }) => known(points).length > 0),
  }));
  return { ...chart, entries: entries.filter(({ curves }) => curves.length > 0) };
}

function on({ scale }: ChartAxis, value: number | null): number | null {
  return value === null || !Number.isFinite(value) || (scale === 'log' && value <= 0) ? null : value;
}
