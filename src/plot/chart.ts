import type { Metric } from '../science/metrics/metric.ts';
import type { PlotSource } from './plot-source.ts';

/** A measurement, and the name that distinguishes it from the others in the picture; empty for the only one. */
export interface Part {
  source: PlotSource;
  name: string;
}

export interface ChartAxis {
  name: string;
  unit: string;
  scale: 'linear' | 'log';
  /** A linear axis that begins at zero. */
  fromZero?: boolean;
  /** Values below it are outside of the picture. */
  floor?: number | undefined;
}

/** A point of a curve; a point without a number is a gap. */
export type ChartPoint = readonly [x: number | null, y: number | null];

export interface Curve {
  points: readonly ChartPoint[];
  line: 'solid' | 'dashed' | 'dotted';
  /** Width of the line; thin for noise on a logarithmic axis. Default normal. */
  width?: 'thin' | 'bold';
  axis?: 'right';
  /** Symbols on every point if there are few, else on some, so that curves differ without colour. */
  symbols?: 'none' | 'some' | 'all';
}

/** A point with a label. */
export interface Mark {
  at: readonly [x: number, y: number];
  label?: string;
}

/** A row of the legend and its curves. */
export interface Entry {
  /** Index of the part to which the row belongs. */
  part: number;
  /** Curves of one group share colour and symbol; `fit` is black. */
  group: number | 'fit';
  /** A curve without a name does not appear in the legend. */
  name: string;
  /** Figures, under the heads of the chart. */
  cells?: readonly string[];
  curves: readonly Curve[];
  marks?: readonly Mark[];
}

/** A picture before its layout. */
export interface Chart {
  x: ChartAxis;
  left: ChartAxis;
  right?: ChartAxis;
  entries: readonly Entry[];
  /** Headings of the figures in the legend, with units. */
  heads?: readonly string[];
  /** Meaning of line styles and marks. */
  key?: readonly string[];
  /** True for ordered quantities (light levels, delays): the colours then form a scale instead of a set. */
  ordered?: boolean;
  /** True if one unit is as long on both axes. */
  equalScale?: boolean;
  /** True if lines are drawn through the origin. */
  zeroLines?: boolean;
  /** Parts of the data that are not in the picture, one sentence each. */
  notes: readonly string[];
}

export type ChartBuilder = (parts: readonly Part[]) => Chart;

/** Most rows of figures that still leave space for the picture. */
export const MOST_ROWS = 8;

/** Value of a figure of a scan, or undefined if it was not determined. */
export function figureOf(metrics: readonly Metric[], name: string, scan: string): number | undefined {
  const found = metrics.find((metric) => metric.name === name && (metric.scan ?? scan) === scan);
  return found?.value ?? undefined;
}

/** Thins items evenly; the first and the last are kept. */
export function thin<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const every = (items.length - 1) / (most - 1);
  const kept = new Set(Array.from({ length: most }, (_, i) => Math.round(i * every)));
  return items.filter((_, i) => kept.has(i));
}
