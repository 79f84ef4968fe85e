import type { GraphicComponentOption, GridComponentOption } from 'echarts/components';
import type { ComposeOption, XAXisComponentOption, YAXisComponentOption } from 'echarts';
import type { LineSeriesOption, ScatterSeriesOption } from 'echarts/charts';
import { type Frame, frameOf } from './axes.ts';
import { decadesOf, type Range, ticksOf } from './axis-range.ts';
import type { Chart, ChartAxis } from './chart.ts';
import { powerOfTen, tickText } from './format-number.ts';
import { graphics, type Place } from './graphics.ts';
import type { Heading } from './heading.ts';
import { FONT_SIZE, legendOf, LINE_HEIGHT } from './legend.ts';
import { seriesOf } from './series.ts';
import { INK } from './styles.ts';

type ChartOption = ComposeOption<
  | GraphicComponentOption
  | GridComponentOption
  | LineSeriesOption
  | ScatterSeriesOption
  | XAXisComponentOption
  | YAXisComponentOption
>;

const WIDTH = 900;
const HEIGHT = 600;
const LEAST_PLOT = 340;
const MARGIN = { top: 76, left: 96, right: 34, rightAxis: 96, axis: 66, bottom: 14 };
const NAME_SIZE = 16;
const FAMILY = 'DejaVu Sans, Verdana, sans-serif';

export interface LaidOut {
  width: number;
  height: number;
  option: ChartOption;
}

/** Converts the chart to options of the library, without animation, and computes its size in px. */
export function layOut(chart: Chart, heading: Heading): LaidOut {
  const right = chart.right === undefined ? MARGIN.right : MARGIN.rightAxis;
  const room = WIDTH - MARGIN.left - right;
  const legend = legendOf(chart, WIDTH - MARGIN.left - MARGIN.right);
  const below = MARGIN.axis + legend.lines * LINE_HEIGHT + MARGIN.bottom;
  const frame = frameOf(chart, { width: room, height: Math.max(LEAST_PLOT, HEIGHT - MARGIN.top - below) });
  const place: Place = {
    width: WIDTH,
    height: MARGIN.top + frame.height + below,
    left: MARGIN.left + (room - frame.width) / 2,
    top: MARGIN.top,
    legendLeft: MARGIN.left,
    legendTop: MARGIN.top + frame.height + MARGIN.axis,
  };
  return {
    width: place.width,
    height: Math.round(place.height),
    option: {
      animation: false,
      backgroundColor: '#ffffff',
      textStyle: { fontFamily: FAMILY, fontSize: FONT_SIZE, color: INK },
      grid: {
        left: place.left,
        top: place.top,
        width: frame.width,
        height: frame.height,
        show: true,
        borderColor: INK,
        borderWidth: 1,
        backgroundColor: 'transparent',
      },
      xAxis: { ...axisOption(chart.x, frame.x), nameGap: 36, splitLine: { show: false } },
      yAxis: yAxes(chart, frame),
      graphic: graphics(chart, { heading, legend, frame, place }),
      series: seriesOf(chart, frame),
    },
  };
}

function yAxes({ left, right }: Chart, frame: Frame): YAXisComponentOption[] {
  const option = {
    ...axisOption(left, frame.left),
    nameGap: 66,
    splitLine: { show: true, lineStyle: { color: '#ececec' } },
  };
  if (right === undefined || frame.right === undefined) return [option];
  return [
    option,
    {
      ...axisOption(right, frame.right),
      nameGap: 62,
      nameRotate: -90,
      position: 'right',
      splitLine: { show: false },
    },
  ];
}

function axisOption({ name, unit, scale }: ChartAxis, { min, max, interval }: Range) {
  const log = scale === 'log';
  const ticks = log ? decadesOf({ min, max, interval }) : ticksOf({ min, max, interval });
  const text = (value: number): string => (log ? powerOfTen(Math.round(Math.log10(value))) : tickText(value));
  return {
    type: log ? ('log' as const) : ('value' as const),
    min,
    max,
    ...(log ? {} : { interval }),
    name: unit === '' ? name : `${name} (${unit})`,
    nameLocation: 'middle' as const,
    nameTextStyle: { fontSize: NAME_SIZE, color: INK, fontFamily: FAMILY },
    axisLine: { show: true, onZero: false, lineStyle: { color: INK, width: 1 } },
    axisTick: { show: true, inside: true, length: 6, customValues: ticks, lineStyle: { color: INK } },
    minorTick: { show: log && interval === 1, splitNumber: 9, length: 3, lineStyle: { color: INK } },
    axisLabel: {
      fontSize: FONT_SIZE,
      color: INK,
      fontFamily: FAMILY,
      formatter: text,
      customValues: ticks,
      hideOverlap: false,
    },
  };
}
