import { completeRows, findColumn, type Scan } from '../dataset.ts';
import {
  type Band,
  type Baseline,
  bandsOf,
  baselineOf,
  clippedAt,
  LINE_WIDTH,
  type Spectrum,
} from './spectrum.ts';

/** One spectrum with its evaluation. */
export interface Evaluated {
  scan: Scan;
  spectrum: Spectrum;
  baseline: Baseline;
  /** Bands that are broader than a laser line, highest first. */
  bands: Band[];
  /** Readings of the converter, if they can be reconstructed. */
  raw: readonly number[];
  /** Counts at which the converter saturated. */
  clipped: number | undefined;
}

/** Evaluates a scan with `Wavelength` and `Spectrum` or `Counts`; returns nothing for any other. */
export function evaluate(scan: Scan): Evaluated[] {
  const signal = ['Spectrum', 'Counts'].find((name) => findColumn(scan, name) !== undefined);
  if (signal === undefined || findColumn(scan, 'Wavelength') === undefined) return [];
  const spectrum = completeRows(scan, ['Wavelength', signal])
    .map(([nm = 0, value = 0]) => [nm, value] as const)
    .toSorted((a, b) => a[0] - b[0]);
  if (spectrum.length === 0) return [];
  const baseline = baselineOf(spectrum.map(([, value]) => value));
  const found = bandsOf(spectrum, baseline);
  // A line is recognised by its width; a band that extends beyond the spectrum is wide.
  const isLine = ({ fwhm }: Band): boolean => fwhm !== undefined && fwhm < LINE_WIDTH;
  const raw = rawCounts(scan, signal);
  return [
    {
      scan,
      spectrum,
      baseline,
      bands: found.filter((band) => !isLine(band)),
      raw,
      clipped: clippedAt(raw),
    },
  ];
}

/** Counts including the dark, as the converter read them. */
function rawCounts(scan: Scan, signal: string): number[] {
  if (signal === 'Counts') return completeRows(scan, ['Counts']).map(([value = 0]) => value);
  if (findColumn(scan, 'Dark') === undefined) return completeRows(scan, [signal]).map(([value = 0]) => value);
  return completeRows(scan, [signal, 'Dark']).map(([value = 0, dark = 0]) => value + dark);
}
