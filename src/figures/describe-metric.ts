import { quote } from '../text/quote.ts';
import type { Metric } from '../science/metrics/metric.ts';

/** Of the larger value: more tells that the instrument computes it in another way. */
const APART = 0.03;

/** Whether the instrument's value is so far from ours that it has to come by another method. */
export function isApart({ value, reported }: Metric): boolean {
  if (value === null || reported === undefined) return false;
  return Math.abs(value - reported) > APART * Math.max(Math.abs(value), Math.abs(reported));
}

/** `"forward" voc 1.081 V (instrument: 1.08)`; where the two are apart, with our method. */
export function describeMetric(metric: Metric): string {
  const { name, scan, reported, method } = metric;
  const how = isApart(metric) ? `; ours: ${method}` : '';
  const own = reported === undefined ? '' : ` (instrument: ${fourDigits(reported)}${how})`;
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
