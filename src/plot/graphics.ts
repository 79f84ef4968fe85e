import type { GraphicComponentOption } from 'echarts/components';
import type { Frame } from './axes.ts';
import type { Chart } from './chart.ts';
import type { Heading } from './heading.ts';
import { FONT_SIZE, type Legend, type LegendSample, LINE_HEIGHT } from './legend.ts';
import { chartStyle } from './series.ts';
import { dashOf, INK } from './styles.ts';
import { fitText, textWidth } from './text-width.ts';

/** Positions of the parts of the picture, px. */
export interface Place {
  width: number;
  height: number;
  left: number;
  top: number;
  legendLeft: number;
  legendTop: number;
}

type Element = NonNullable<Extract<GraphicComponentOption, { elements?: unknown }>['elements']>[number];

const FAMILY = 'DejaVu Sans, Verdana, sans-serif';
const WEAK = '#5a5a5a';
const WARNING = '#b00020';
const TITLE_SIZE = 18;
const SIMULATED = 'SIMULATED';
const SAMPLE_LENGTH = 36;
/** Layer behind everything else. */
const BEHIND = -10;

interface Parts {
  heading: Heading;
  legend: Legend;
  frame: Frame;
  place: Place;
}

/** Title, legend and the mark of simulated data. */
export function graphics(chart: Chart, { heading, legend, frame, place }: Parts): GraphicComponentOption {
  const y = (line: number): number => place.legendTop + (line + 0.5) * LINE_HEIGHT;
  return {
    elements: [
      ...(heading.simulated ? [watermark(frame, place)] : []),
      ...titles(heading, place),
      ...legend.samples.flatMap((sample) =>
        sampleElements(chart, sample, place.legendLeft + sample.x, y(sample.line)),
      ),
      ...legend.texts.map(({ x, line, text, align, weak }) =>
        textElement(place.legendLeft + x, y(line), text, { align, fill: weak === true ? WEAK : INK }),
      ),
    ],
  };
}

function titles({ title, subtitle, simulated }: Heading, { legendLeft: left, width }: Place): Element[] {
  const bold = { fontSize: TITLE_SIZE, fontWeight: 'bold' as const };
  // Bold text is a tenth wider.
  const marked = simulated ? textWidth(SIMULATED, TITLE_SIZE) + 14 : 0;
  const room = (width - left - marked - 20) / 1.1;
  return [
    ...(simulated ? [textElement(left, 26, SIMULATED, { ...bold, fill: WARNING })] : []),
    textElement(left + marked, 26, fitText(title, TITLE_SIZE, room), bold),
    textElement(left, 52, fitText(subtitle, FONT_SIZE, width - left - 20), { fill: WEAK }),
  ];
}

function watermark(frame: Frame, { left, top }: Place): Element {
  const fontSize = Math.round(Math.min(frame.width / 7.5, frame.height / 2.2));
  return {
    type: 'text',
    x: left + frame.width / 2,
    y: top + frame.height / 2,
    rotation: Math.atan2(frame.height, frame.width) * 0.8,
    z: BEHIND,
    silent: true,
    style: {
      text: SIMULATED,
      fontSize,
      fontWeight: 'bold',
      fontFamily: FAMILY,
      fill: '#f3dede',
      align: 'center',
      verticalAlign: 'middle',
    },
  };
}

interface Look {
  fontSize?: number;
  fontWeight?: 'bold' | 'normal';
  fill?: string;
  align?: 'left' | 'right';
}

function textElement(
  x: number,
  y: number,
  text: string,
  { fontSize = FONT_SIZE, fontWeight = 'normal', fill = INK, align = 'left' }: Look,
): Element {
  return {
    type: 'text',
    x,
    y,
    silent: true,
    style: { text, fontSize, fontWeight, fontFamily: FAMILY, fill, align, verticalAlign: 'middle' },
  };
}

function sampleElements(chart: Chart, { group, curve }: LegendSample, x: number, y: number): Element[] {
  const { colour, outline, hollow } = chartStyle(chart, group);
  const half = 4.5;
  const line: Element = {
    type: 'line',
    silent: true,
    shape: { x1: x, y1: y, x2: x + SAMPLE_LENGTH, y2: y },
    style: { stroke: colour, lineWidth: 2, lineDash: dashOf(curve.line) },
  };
  const symbol: Element = {
    type: 'polygon',
    silent: true,
    shape: { points: outline.map(([px, py]) => [x + SAMPLE_LENGTH / 2 + half * px, y + half * py]) },
    style: { fill: hollow ? '#ffffff' : colour, stroke: colour, lineWidth: hollow ? 1.8 : 0 },
  };
  return (curve.symbols ?? 'none') === 'none' ? [line] : [line, symbol];
}
