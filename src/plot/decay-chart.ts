import { fittedDecay } from '../science/metrics/tcspc-curve.ts';
import { type Chart, type ChartAxis, type Entry, figureOf, type Part } from './chart.ts';
import { significant } from './format-number.ts';
import { curveOf, known } from './read-curve.ts';
import { joined, scanNames } from './scan-names.ts';

/** Photons over time, logarithmic, and the fitted decay. */
export function decayChart(parts: readonly Part[]): Chart {
  const x: ChartAxis = { name: 'Time', unit: 'ns', scale: 'linear' };
  const left: ChartAxis = { name: 'Counts', unit: '', scale: 'log', floor: 1 };
  const scans = parts.flatMap(({ source, name }, part) => {
    const names = scanNames(source.dataset.scans);
    return source.dataset.scans.map((scan, i) => ({
      part,
      source,
      scan,
      name: joined(name, names[i] ?? ''),
    }));
  });
  const several = scans.length > 1;
  const data = scans.flatMap(({ part, source, scan, name }, group): Entry[] => {
    const points = curveOf(scan, ['Time', 'Counts'], [x, left]);
    if (points === undefined) return [];
    // Bins after the period are empty and would leave half of the picture empty.
    const end = points.findLastIndex(([, counts]) => (counts ?? 0) > 0);
    const tau = (figure: string): number | undefined => figureOf(source.metrics, figure, scan.label);
    return [
      {
        part,
        group,
        name: name === '' ? 'measured' : name,
        cells: [
          significant(tau('tau_1') ?? tau('tau_mono'), 3),
          significant(tau('tau_2'), 3),
          significant(tau('amplitude_1'), 3),
        ],
        curves: [
          {
            points: points.slice(0, end + 1),
            line: 'solid',
            width: 'thin',
            symbols: several ? 'some' : 'none',
          },
        ],
      },
    ];
  });
  const fits = scans.flatMap(({ part, source, scan }, i): Entry[] => {
    const fit = fittedDecay(scan, source.metrics);
    if (fit === undefined || known(fit).length === 0) return [];
    return [
      {
        part,
        group: 'fit',
        name: i === 0 ? 'fit' : '',
        curves: [{ points: fit, line: 'dashed', width: 'bold' }],
      },
    ];
  });
  const biexponential = scans.some(
    ({ source, scan }) => figureOf(source.metrics, 'tau_2', scan.label) !== undefined,
  );
  return {
    x,
    left,
    entries: [...data, ...fits],
    heads: [biexponential ? 'τ₁ (ns)' : 'τ (ns)', 'τ₂ (ns)', 'share of τ₁ (%)'],
    notes: [],
  };
}
