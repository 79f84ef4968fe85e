import type { Dataset, Quantity, Scan } from '../../../src/science/dataset.ts';
import { analyseJv, type JvConditions } from '../../../src/science/metrics/jv.ts';
import type { Analysis, Metric } from '../../../src/science/metrics/metric.ts';

export type Points = readonly (readonly [volts: number, density: number])[];

interface DiodeValues {
  jph: number;
  j0: number;
  slope: number;
  rs: number;
  rsh: number;
}
/** V and mA/cm²: 22 mA/cm², n·kT/q of 38.5 mV, 4 Ω·cm² and 2830 Ω·cm², Voc about 1.1 V. */
export const CELL: DiodeValues = { jph: 22, j0: 8.7e-12, slope: 1.5 * 0.025693, rs: 4, rsh: 2830 };

/** A point of the single-diode curve by its junction voltage: explicit, unlike J(V). */
export function diodePoint(junction: number, { jph, j0, slope, rs, rsh }: DiodeValues): [number, number] {
  const density = jph - j0 * Math.expm1(junction / slope) - (1000 * junction) / rsh;
  return [junction - (density * rs) / 1000, density];
}

/** The current at a terminal voltage, by bisection of the junction voltage. */
export function currentAt(volts: number, cell: DiodeValues = CELL): number {
  let [low, high] = [volts - 1, volts + 1];
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (diodePoint(middle, cell)[0] < volts) low = middle;
    else high = middle;
  }
  return diodePoint(low, cell)[1];
}

export function sweep(from: number, to: number, step: number, density = (v: number) => currentAt(v)): Points {
  const count = Math.round((to - from) / step);
  return Array.from({ length: count + 1 }, (_, i) => [from + i * step, density(from + i * step)] as const);
}

export interface ScanOptions {
  label?: string;
  direction?: Scan['direction'];
  conditions?: Record<string, Quantity>;
  reported?: Record<string, Quantity>;
}

export function scanOf(points: Points, options: ScanOptions = {}): Scan {
  const { label = 'forward', direction = 'forward', conditions = {}, reported = {} } = options;
  const measured = direction === 'reverse' ? points.toReversed() : points;
  return {
    label,
    direction,
    conditions,
    reported,
    columns: [
      { name: 'Voltage', unit: 'V', values: measured.map(([v]) => v) },
      { name: 'Current density', unit: 'mA/cm²', values: measured.map(([, j]) => j) },
    ],
  };
}

const ONE_SUN: JvConditions = {
  irradiance: () => 100,
  areaCm2: 0.1,
  temperatureC: 25,
  compliance: undefined,
  pointsAsked: undefined,
  autoVoc: false,
};

export function analyse(scans: Scan | Scan[], conditions: Partial<JvConditions> = {}): Analysis {
  const dataset: Dataset = { routine: 'JV', info: {}, scans: [scans].flat(), notes: [] };
  return analyseJv(dataset, { ...ONE_SUN, ...conditions });
}

export function metricOf({ metrics }: Analysis, name: string): Metric {
  const found = metrics.find((metric) => metric.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

export function valueOf(analysis: Analysis, name: string): number {
  const { value } = metricOf(analysis, name);
  if (value === null) throw new Error(`${name} is null`);
  return value;
}
