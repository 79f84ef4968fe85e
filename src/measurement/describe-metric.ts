import { quote } from '../instrument/quote.ts';
import type { Metric } from '../science/metrics/metric.ts';

/** `"forward" voc 1.081 V (instrument: 1.08)`. */
export function describeMetric(metric: Metric): string {
  const { name, scan, reported } = metric;
  const own = reported === undefined ? '' : ` (instrument: ${fourDigits(reported)})`;
  return `${scan === undefined ? '' : `${quote(scan)} `}${name} ${describeValue(metric)}${own}`;
}

/** `1.081 V`, or `0 (high resistance)`. */
export function describeValue({ value, unit, words }: Pick<Metric, 'value' | 'unit' | 'words'>): string {
  if (value === null) return 'not determined';
  return `${fourDigits(value)} ${unit}`.trim() + (words === undefined ? '' : ` (${words})`);
}

/** Four significant digits, without zeros at the end. */
export function fourDigits(value: number): string {
  return String(Number(value.toPrecision(4)));
}
