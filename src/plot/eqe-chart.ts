import { type Chart, type Entry, figureOf, type Part } from './chart.ts';
import { decimals } from './format-number.ts';
import { curveOf } from './read-curve.ts';
import { joined, scanNames } from './scan-names.ts';

/** EQE over wavelength, and its integrated current under AM1.5G, as the instrument sums it. */
export function eqeChart(parts: readonly Part[]): Chart {
  const x = { name: 'Wavelength', unit: 'nm', scale: 'linear' } as const;
  const left = { name: 'EQE', unit: '%', scale: 'linear', fromZero: true } as const;
  const right = {
    name: 'Integrated current density',
    unit: 'mA/cm²',
    scale: 'linear',
    fromZero: true,
  } as const;
  const spectra = parts.flatMap(({ source, name }, part) => {
    const { scans } = source.dataset;
    const names = scanNames(scans);
    return scans.flatMap((scan, i) => {
      const points = curveOf(scan, ['Wavelength', 'EQE'], [x, left]);
      const current = curveOf(scan, ['Wavelength', 'J_int'], [x, right]);
      const figures = [
        decimals(figureOf(source.metrics, 'jsc_integrated', scan.label), 2),
        decimals(figureOf(source.metrics, 'band_gap', scan.label), 3),
      ];
      return points === undefined
        ? []
        : [{ part, name: joined(name, names[i] ?? ''), points, current, figures }];
    });
  });
  const summed = spectra.some(({ current }) => current !== undefined);
  const several = spectra.length > 1;
  return {
    x,
    left,
    ...(summed ? { right } : {}),
    entries: spectra.map(
      ({ part, name, points, current, figures }, group): Entry => ({
        part,
        group,
        name: name === '' ? 'EQE' : name,
        cells: figures,
        curves: [
          { points, line: 'solid', symbols: several ? 'some' : 'none' },
          ...(current === undefined ? [] : [{ points: current, line: 'dashed', axis: 'right' } as const]),
        ],
      }),
    ),
    heads: ['Jsc, integrated (mA/cm²)', 'band gap (eV)'],
    key: summed ? ['solid: EQE, dashed: integrated current density'] : [],
    notes: [],
  };
}
