import { linearRange, logRange, niceInterval, type Range } from './axis-range.ts';
import type { Chart, ChartAxis, Curve } from './chart.ts';

export interface Frame {
  x: Range;
  left: Range;
  right: Range | undefined;
  /** Size of the plot area, px. */
  width: number;
  height: number;
}

/** Noise, as a fraction of the largest value. */
const NOISE = 0.02;
const PX_PER_TICK = { x: 95, y: 52 };

/** Determines the ranges of the axes and the size of the plot area within the available space. */
export function frameOf(chart: Chart, room: { width: number; height: number }): Frame {
  const curves = chart.entries.flatMap((entry) => entry.curves);
  const values = (which: (curve: Curve) => boolean, coordinate: 0 | 1): number[] =>
    curves.filter(which).flatMap(({ points }) =>
      points.flatMap((point) => {
        const [x, y] = point;
        const value = point[coordinate];
        return x === null || y === null || value === null ? [] : [value];
      }),
    );
  const ticks = { x: Math.floor(room.width / PX_PER_TICK.x), y: Math.floor(room.height / PX_PER_TICK.y) };
  const x = values(() => true, 0);
  const left = values(({ axis }) => axis !== 'right', 1);
  const right = values(({ axis }) => axis === 'right', 1);
  if (chart.equalScale === true) return equalFrame(chart, x, left, room);
  return {
    x: rangeOf(chart.x, x, ticks.x),
    left: rangeOf(chart.left, chart.zeroLines === true ? aroundZero(left) : left, ticks.y, true),
    right: chart.right && rangeOf(chart.right, right, ticks.y, true),
    ...room,
  };
}

function rangeOf(axis: ChartAxis, values: readonly number[], ticks: number, wholeTicks = false): Range {
  const [low, high] = extent(axis, values);
  return axis.scale === 'log'
    ? logRange(low, high, ticks, wholeTicks)
    : linearRange(low, high, ticks, wholeTicks && axis.floor === undefined);
}

/** Makes a range with space on both sides of zero. */
function aroundZero(values: readonly number[]): number[] {
  const most = values.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  return [...values, -0.03 * most, 0.03 * most];
}

function extent({ scale, fromZero, floor }: ChartAxis, values: readonly number[]): readonly [number, number] {
  let low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  let high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  // Without data on this axis any range will do.
  if (low > high) return scale === 'log' ? [1, 10] : [0, 1];
  if (floor !== undefined) low = Math.min(high, Math.max(low, floor));
  if (fromZero === true) [low, high] = [Math.min(0, low), Math.max(0, high)];
  // A little noise below zero is not worth another tick.
  return scale === 'linear' && low < 0 && low > -NOISE * high ? [0, high] : [low, high];
}

/** Makes both axes of whole intervals of one length. */
function equalFrame(
  chart: Chart,
  xs: readonly number[],
  ys: readonly number[],
  room: { width: number; height: number },
): Frame {
  const [x, y] = [extent(chart.x, xs), extent(chart.left, ys)];
  const perPx = Math.max((x[1] - x[0]) / room.width, (y[1] - y[0]) / room.height) || 1 / room.width;
  const interval = niceInterval(perPx * PX_PER_TICK.x);
  const whole = ([low, high]: readonly [number, number]): Range => {
    const first = Math.floor(low / interval + 1e-6);
    const last = Math.max(first + 1, Math.ceil(high / interval - 1e-6));
    return { min: first * interval, max: last * interval, interval };
  };
  const [rx, ry] = [whole(x), whole(y)];
  const [across, up] = [rx, ry].map(({ min, max }) => Math.round((max - min) / interval));
  const px = Math.min(room.width / (across ?? 1), room.height / (up ?? 1));
  return { x: rx, left: ry, right: undefined, width: px * (across ?? 1), height: px * (up ?? 1) };
}
