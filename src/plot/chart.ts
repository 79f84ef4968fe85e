import type { Metric } from '../science/metrics/metric.ts';
import type { PlotSource } from './plot-source.ts';

/** A measurement, and what tells it from the others in the picture; empty for the only one. */
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
  /** What lies below is left outside. */
  floor?: number | undefined;
}

/** A row without a number is a gap. */
export type ChartPoint = readonly [x: number | null, y: number | null];

export interface Curve {
  points: readonly ChartPoint[];
  line: 'solid' | 'dashed' | 'dotted';
  /** Thin where a curve is noise on a logarithmic axis. Default normal. */
  width?: 'thin' | 'bold';
  axis?: 'right';
  /** On every point where there are few, else on some, so that curves differ without colour. */
  symbols?: 'none' | 'some' | 'all';
}

/** A point worth a word. */
export interface Mark {
  at: readonly [x: number, y: number];
  label?: string;
}

/** A row of the legend and what it stands for. */
export interface Entry {
  /** Index of the part it is of. */
  part: number;
  /** What shares colour and symbol; `fit` is black. */
  group: number | 'fit';
  /** Without a name it is not in the legend. */
  name: string;
  /** Figures, under the heads of the chart. */
  cells?: readonly string[];
  curves: readonly Curve[];
  marks?: readonly Mark[];
}

/** A picture before anything of it is laid out. */
export interface Chart {
  x: ChartAxis;
  left: ChartAxis;
  right?: ChartAxis;
  entries: readonly Entry[];
  /** Of the figures in the legend, with units. */
  heads?: readonly string[];
  /** What line styles and marks mean. */
  key?: readonly string[];
  /** Colours of an order (light levels, delays) instead of colours to tell apart. */
  ordered?: boolean;
  /** One unit is as long on both axes. */
  equalScale?: boolean;
  /** Lines through the origin. */
  zeroLines?: boolean;
  /** What was left out of the picture. One sentence each. */
  notes: readonly string[];
}

export type ChartBuilder = (parts: readonly Part[]) => Chart;

/** Rows of figures that still leave room for the picture. */
export const MOST_ROWS = 8;

/** A figure of a scan, or undefined where it was not determined. */
export function figureOf(metrics: readonly Metric[], name: string, scan: string): number | undefined {
  const found = metrics.find((metric) => metric.name === name && (metric.scan ?? scan) === scan);
  return found?.value ?? undefined;
}

/** Items evenly spaced, first and last kept. */
export function thin<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const every = (items.length - 1) / (most - 1);
  const kept = new Set(Array.from({ length: most }, (_, i) => Math.round(i * every)));
  return items.filter((_, i) => kept.has(i));
}
