import { findColumn, type Scan } from '../science/dataset.ts';
import { interpolate } from '../science/interpolate.ts';
import {
  type Chart,
  type ChartAxis,
  type ChartPoint,
  type Entry,
  figureOf,
  type Part,
  thin,
} from './chart.ts';
import { decimals } from './format-number.ts';
import { curveOf, known } from './read-curve.ts';
import { joined, scanNames } from './scan-names.ts';

const WAVELENGTH: ChartAxis = { name: 'Wavelength', unit: 'nm', scale: 'linear' };
/** Candidates for the drawn signal; the first that all sources have is drawn. */
const SIGNALS: readonly (readonly [column: string, axis: ChartAxis])[] = [
  ['Spectrum', { name: 'Counts less dark', unit: 'a.u.', scale: 'linear' }],
  ['Irradiance', { name: 'Irradiance', unit: 'µW/cm²', scale: 'linear' }],
  ['Counts', { name: 'Counts', unit: 'a.u.', scale: 'linear' }],
];
const MOST_SPECTRA = 8;
/** Fraction of the brightest spectrum below which a spectrum is left out: it would lie on the axis. */
const VISIBLE = 0.02;

/** Luminescence over wavelength, its peak marked. */
export function spectrumChart(parts: readonly Part[]): Chart {
  const has = ({ source }: Part, name: string): boolean =>
    source.dataset.scans.some((scan) => findColumn(scan, name) !== undefined);
  const [first] = SIGNALS;
  const [column, left] =
    SIGNALS.find(([name]) => parts.every((part) => has(part, name))) ??
    SIGNALS.find(([name]) => parts.some((part) => has(part, name))) ??
    first ??
    [];
  if (column === undefined || left === undefined) throw new RangeError('there is no signal to draw');
  const spectra = spectraOf(parts, column, left);
  return {
    x: WAVELENGTH,
    left,
    heads: ['peak (nm)', 'FWHM (nm)'],
    entries: spectra.map(({ part, name, scan, points, metrics }, group): Entry => {
      const peak = figureOf(metrics, 'peak_wavelength', scan.label);
      const height = peak === undefined ? undefined : interpolate(known(points), peak);
      const label = spectra.length === 1 ? { label: `${decimals(peak, 1)} nm` } : {};
      return {
        part,
        group,
        name: name === '' ? 'luminescence' : name,
        cells: [decimals(peak, 1), decimals(figureOf(metrics, 'fwhm', scan.label), 1)],
        curves: [{ points, line: 'solid', symbols: spectra.length > 1 ? 'some' : 'none' }],
        marks: peak === undefined || height === undefined ? [] : [{ at: [peak, height], ...label }],
      };
    }),
    notes: [],
  };
}

/** Absorbance or transmittance over wavelength. */
export function filmChart(column: 'Absorbance' | 'Transmittance'): (parts: readonly Part[]) => Chart {
  const left: ChartAxis = { name: column, unit: '', scale: 'linear', fromZero: true };
  return (parts) => {
    const spectra = spectraOf(parts, column, left);
    const symbols = spectra.length > 1 ? 'some' : 'none';
    return {
      x: WAVELENGTH,
      left,
      entries: spectra.map(
        ({ part, name, points }, group): Entry => ({
          part,
          group,
          name,
          curves: [{ points, line: 'solid', symbols }],
        }),
      ),
      notes: [],
    };
  };
}

/** Electroluminescence spectra by voltage. */
export function elSpectrumChart(parts: readonly Part[]): Chart {
  const left: ChartAxis = { name: 'Electroluminescence', unit: 'a.u.', scale: 'linear' };
  const all = spectraOf(parts, 'Spectrum', left).map((spectrum) => ({
    ...spectrum,
    top: known(spectrum.points).reduce((most, [, value]) => Math.max(most, value), 0),
  }));
  const brightest = all.reduce((most, { top }) => Math.max(most, top), 0);
  const shown = parts.flatMap((_, part) => {
    const own = all.filter((spectrum) => spectrum.part === part);
    const once = own.filter(({ scan }) => sweepOf(scan) === sweepOf(own[0]?.scan));
    return thin(
      once
        .filter(({ top }) => top >= VISIBLE * brightest)
        .toSorted((a, b) => voltageOf(a.scan) - voltageOf(b.scan)),
      Math.max(2, Math.floor(MOST_SPECTRA / parts.length)),
    );
  });
  return {
    x: WAVELENGTH,
    left,
    entries: shown.map(
      ({ part, source, scan, points }, group): Entry => ({
        part,
        group,
        name: joined(source, scan.label.replace(/^EL /, '')),
        curves: [{ points, line: 'solid', symbols: 'some' }],
      }),
    ),
    ordered: parts.length === 1,
    notes:
      shown.length < all.length
        ? [
            `${shown.length} of ${all.length} spectra are shown, of one sweep direction, evenly spaced among those above ${100 * VISIBLE} % of the brightest`,
          ]
        : [],
  };
}

/** Label of the sweep in which a spectrum was taken: the spectrum's label without the voltage. */
function sweepOf(scan: Scan | undefined): string {
  return scan?.label.replace(/\s\S+(?: V)?$/, '') ?? '';
}

function voltageOf(scan: Scan): number {
  return scan.conditions['voltage']?.value ?? 0;
}

function spectraOf(parts: readonly Part[], column: string, left: ChartAxis) {
  return parts.flatMap(({ source, name }, part) => {
    const scans = source.dataset.scans.filter((scan) => findColumn(scan, column) !== undefined);
    const names = scanNames(scans);
    return scans.flatMap((scan: Scan, i) => {
      const points: ChartPoint[] | undefined = curveOf(scan, ['Wavelength', column], [WAVELENGTH, left]);
      if (points === undefined) return [];
      return [
        { part, source: name, name: joined(name, names[i] ?? ''), scan, points, metrics: source.metrics },
      ];
    });
  });
}
