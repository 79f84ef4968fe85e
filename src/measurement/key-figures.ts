import { findRoutine } from '../instrument/routines/index.ts';
import type { Metric } from '../science/metrics/metric.ts';
import { describeValue } from './describe-metric.ts';

type Figure = Pick<Metric, 'name' | 'value' | 'unit' | 'scan' | 'words'>;

/** What says most of a measurement in a line, by routine; the first decides which scan is shown. */
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
/** For a routine of which nothing is known. */
const FEW = 3;

/** `efficiency 18.3 %, voc 1.08 V`, of the best scan; empty without figures. */
export function keyFigures(routine: string, metrics: readonly Figure[]): string {
  const determined = metrics.filter(({ value }) => value !== null);
  const wanted = KEY_FIGURES.get(findRoutine(routine)?.name ?? routine);
  if (wanted === undefined) return determined.slice(0, FEW).map(describe).join(', ');
  const [leading] = determined
    .filter(({ name }) => name === wanted.find((one) => determined.some((metric) => metric.name === one)))
    .toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0));
  return wanted
    .flatMap((name) => {
      const all = determined.filter((metric) => metric.name === name);
      return all.find(({ scan }) => scan === leading?.scan) ?? all[0] ?? [];
    })
    .map(describe)
    .join(', ');
}

function describe(metric: Figure): string {
  return `${metric.name} ${describeValue(metric)}`;
}
