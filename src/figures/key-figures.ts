import type { Metric } from '../science/metrics/metric.ts';
import { quote } from '../text/quote.ts';
import { type DescribedFigure, describeValue } from './describe-metric.ts';

type Figure = DescribedFigure & Pick<Metric, 'scan'>;

/** Figures that say most of a measurement in a line, by routine; the first decides which scan is shown. */
const KEY_FIGURES: ReadonlyMap<string, readonly string[]> = new Map([
  ['JV', ['efficiency', 'voc', 'jsc', 'fill_factor']],
  ['Dark JV', ['ideality', 'r_shunt']],
  ['IPCE', ['jsc_integrated', 'band_gap']],
  ['Luminescence', ['peak_wavelength', 'fwhm']],
  ['Impedance', ['r_series', 'r_total', 'r_total_at_least']],
  ['MPPT', ['stabilised_efficiency', 'stabilised_voltage']],
  ['Resistivity', ['sheet_resistance_corrected', 'resistivity']],
  ['TPR', ['lifetime', 'decay_time', 'charge']],
  ['Photo-CELIV', ['mobility']],
  ['TCSPC', ['tau_1', 'tau_2', 'tau_mono']],
  ['Connection Test', ['contact_ok', 'apparent_resistance']],
]);
/** Labels of scans begin with them. */
const DIRECTIONS: readonly string[] = ['reverse', 'forward'];
/** For a routine of which nothing is known. */
const FEW = 3;

/**
 * `efficiency 18.3 % (reverse), voc 1.08 V`; empty without figures. Of several scans the same each time: reverse where
 * it has the leading figure, else forward, else the one with the most of it.
 * @param routine by the name that its record has
 */
export function keyFigures(routine: string, metrics: readonly Figure[]): string {
  const determined = metrics.filter(({ value }) => value !== null);
  const wanted = KEY_FIGURES.get(routine);
  if (wanted === undefined) return determined.slice(0, FEW).map(describe).join(', ');
  const [leading] = determined
    .filter(({ name }) => name === wanted.find((one) => determined.some((metric) => metric.name === one)))
    .toSorted((a, b) => rank(a) - rank(b) || (b.value ?? 0) - (a.value ?? 0));
  const shown = wanted.flatMap((name) => {
    const all = determined.filter((metric) => metric.name === name);
    return all.find(({ scan }) => scan === leading?.scan) ?? all[0] ?? [];
  });
  const several = new Set(determined.map(({ scan }) => scan)).size > 1;
  // A scan is named where it begins, and not again until another one comes.
  return shown
    .map((metric, i) => {
      const { scan } = metric;
      const isNamed = scan !== undefined && (several || isDirection(scan)) && scan !== shown[i - 1]?.scan;
      return describe(metric) + (isNamed ? ` (${isDirection(scan) ? scan : quote(scan)})` : '');
    })
    .join(', ');
}

function rank({ scan = '' }: Figure): number {
  const place = DIRECTIONS.findIndex((direction) => scan.startsWith(direction));
  return place === -1 ? DIRECTIONS.length : place;
}

function isDirection(scan: string): boolean {
  return DIRECTIONS.includes(scan);
}

function describe(metric: Figure): string {
  return `${metric.name} ${describeValue(metric)}`;
}
