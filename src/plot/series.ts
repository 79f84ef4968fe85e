import type { LineSeriesOption, ScatterSeriesOption } from 'echarts/charts';
import { decimate } from '../science/decimate.ts';
import type { Frame } from './axes.ts';
import type { Chart, ChartPoint, Curve, Entry } from './chart.ts';
import { FONT_SIZE } from './legend.ts';
import { known } from './read-curve.ts';
import { dashOf, INK, type Style, styleOf } from './styles.ts';

const FONT = 'DejaVu Sans';
/** Most points of all curves together: keeps the picture small. */
const ALL_POINTS = 20_000;
const MOST_POINTS = 2000;
const FEWEST_POINTS = 100;
/** A curve of no more points has a symbol on each. */
const EVERY_POINT = 60;
const SOME_SYMBOLS = 7;
const WIDTHS = { thin: 1, normal: 2, bold: 2.5 } as const;

type Series = LineSeriesOption | ScatterSeriesOption;

/** Makes curves, symbols, marks and zero lines. */
export function seriesOf(chart: Chart, frame: Frame): Series[] {
  const count = chart.entries.reduce((sum, { curves }) => sum + curves.length, 0);
  const budget = Math.min(MOST_POINTS, Math.max(FEWEST_POINTS, Math.floor(ALL_POINTS / count)));
  return [
    ...(chart.zeroLines === true ? zeroLines(frame) : []),
    ...chart.entries.flatMap((entry) => {
      const style = chartStyle(chart, entry.group);
      return [
        ...entry.curves.flatMap((curve) => curveSeries(curve, style, budget, entry.group)),
        ...markSeries(entry, style),
      ];
    }),
  ];
}

export function chartStyle(chart: Chart, group: Entry['group']): Style {
  const groups =
    chart.entries.reduce((most, entry) => (entry.group === 'fit' ? most : Math.max(most, entry.group)), 0) +
    1;
  return styleOf(group, chart.ordered === true && groups > 1, groups);
}

function curveSeries(curve: Curve, style: Style, budget: number, group: Entry['group']): Series[] {
  const { points, line, width = 'normal', axis, symbols = 'none' } = curve;
  const kept = decimate(
    points.map(([x]) => x),
    points.map(([, y]) => y),
    budget,
  );
  const yAxisIndex = axis === 'right' ? 1 : 0;
  const drawn: Series = {
    type: 'line',
    data: kept.map((i) => cell(points[i] ?? [null, null])),
    yAxisIndex,
    showSymbol: false,
    silent: true,
    lineStyle: {
      color: style.colour,
      width: WIDTHS[width],
      type: dashOf(line),
    },
    z: width === 'thin' ? 2 : width === 'bold' ? 4 : 3,
  };
  return [
    drawn,
    {
      type: 'scatter',
      data: symbolPoints(points, symbols, group).map((point) => [...point]),
      yAxisIndex,
      silent: true,
      symbol: symbolPath(style),
      symbolSize: 9,
      itemStyle: {
        color: style.hollow ? '#fff' : style.colour,
        borderColor: style.colour,
        borderWidth: style.hollow ? 1.8 : 0,
        opacity: 1,
      },
      z: 5,
    },
  ];
}

/** A missing value is '-' to the chart library, which breaks the line there. */
function cell([x, y]: ChartPoint): (number | string)[] {
  return [x ?? '-', y ?? '-'];
}

function symbolPath({ outline }: Style): string {
  return `path://M${outline.map(([x, y]) => `${x} ${y}`).join('L')}Z`;
}

function symbolPoints(
  points: readonly ChartPoint[],
  symbols: NonNullable<Curve['symbols']>,
  group: Entry['group'],
): (readonly [number, number])[] {
  const there = known(points);
  // A single point has no line and needs its symbol.
  if (there.length < 2) return there;
  if (symbols === 'none') return [];
  if (symbols === 'all' && there.length <= EVERY_POINT) return there;
  const along = lengths(there);
  const step = (along.at(-1) ?? 0) / SOME_SYMBOLS;
  // Curves that coincide have their symbols at different places.
  const shift = group === 'fit' ? 0 : ((group * 0.382 + 0.2) % 1) * step;
  return Array.from(
    { length: SOME_SYMBOLS },
    (_, i) => there[along.findIndex((length) => length >= i * step + shift)],
  ).filter((point) => point !== undefined);
}

/** Position of each point along the curve, with both of its extents as 1. */
function lengths(points: readonly (readonly [x: number, y: number])[]): number[] {
  const span = (coordinate: 0 | 1): number => {
    const [low, high] = points.reduce(
      ([least, most], point) => [Math.min(least, point[coordinate]), Math.max(most, point[coordinate])],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
    return high - low || 1;
  };
  const [dx, dy] = [span(0), span(1)];
  let sum = 0;
  return points.map(([x, y], i) => {
    const [px, py] = points[i - 1] ?? [x, y];
    sum += Math.hypot((x - px) / dx, (y - py) / dy);
    return sum;
  });
}

function markSeries({ marks = [] }: Entry, { colour }: Style): Series[] {
  return marks.map(({ at, label }) => ({
    type: 'scatter',
    data: [[...at]],
    silent: true,
    symbol: 'circle',
    symbolSize: 12,
    itemStyle: { color: '#fff', borderColor: colour, borderWidth: 2.5, opacity: 1 },
    ...(label === undefined
      ? {}
      : {
          label: {
            show: true,
            formatter: label,
            position: 'right',
            distance: 8,
            color: INK,
            fontSize: FONT_SIZE,
            fontFamily: FONT,
          },
        }),
    z: 6,
  }));
}

function zeroLines({ x, left }: Frame): Series[] {
  const within = ({ min, max }: { min: number; max: number }): boolean => min < 0 && max > 0;
  const line = (from: readonly number[], to: readonly number[]): Series => ({
    type: 'line',
    data: [[...from], [...to]],
    showSymbol: false,
    silent: true,
    lineStyle: { color: '#808080', width: 1 },
    z: 1,
  });
  return [
    ...(within(x) ? [line([0, left.min], [0, left.max])] : []),
    ...(within(left) ? [line([x.min, 0], [x.max, 0])] : []),
  ];
}
