import { quote } from '../text/quote.ts';
import type { Metric } from '../science/metrics/metric.ts';
import { roundFigure } from './digits.ts';

/**
 * Threshold in % of the larger value: a larger difference tells that the instrument computes the figure in another way.
 */
export const PERCENT_APART = 3;

/** Whether the instrument's value is so far from ours that it has to come by another method. */
export function isApart({ value, reported }: Pick<Metric, 'value' | 'reported'>): boolean {
  if (value === null || reported === undefined) return false;
  return Math.abs(value - reported) > (PERCENT_APART / 100) * Math.max(Math.abs(value), Math.abs(reported));
}

/** Members from which a figure is put into words. */
export interface DescribedFigure extends Pick<Metric, 'name' | 'value' | 'unit' | 'words'> {
  uncertainty?: number | null | undefined;
}

/** `1.0810 V`, `2410 ± 510 Ω·cm²`, `0 (high resistance)` or `not determined`. */
export function describeValue({ name, value, unit, words, uncertainty }: DescribedFigure): string {
  const { text } = roundFigure(name, value, uncertainty);
  if (value === null) return text;
  return `${text} ${unit}`.trim() + (words === undefined ? '' : ` (${words})`);
}

/** `"forward" voc 1.0810 V`. */
export function describeFigure(figure: DescribedFigure & Pick<Metric, 'scan'>): string {
  const scan = figure.scan === undefined ? '' : `${quote(figure.scan)} `;
  return `${scan}${figure.name} ${describeValue(figure)}`;
}
