import * as z from 'zod';
import type { Column, Dataset, Scan } from '../../science/dataset.ts';
import { normaliseUnit } from '../../science/units.ts';
import { lenientNumber } from '../../text/lenient-number.ts';
import { readInfo } from './read-info.ts';

type Values = (number | null)[];

const numbers = z.array(lenientNumber.transform((value) => value ?? null));
const optionalNumbers = numbers.nullish().transform((values): Values => values ?? []);

const testData = z.looseObject({
  wavelengths: numbers,
  dark: optionalNumbers,
  reference: optionalNumbers,
  spectrum: optionalNumbers,
  irradiance: optionalNumbers,
  absorbance: optionalNumbers,
  transmittance: optionalNumbers,
});

/** GetTestData: one scan; an empty array was not acquired, and has no column. */
export function readTestData(data: unknown): Dataset {
  const { wavelengths, ...arrays } = testData.parse(data);
  const { dark, reference, spectrum, irradiance, absorbance, transmittance } = arrays;
  const columns = [
    column('Dark', 'a.u.', dark),
    column('Reference', 'a.u.', reference),
    column('Spectrum', 'a.u.', spectrum),
    column('Irradiance', 'µW/cm²', irradiance),
    column('Absorbance', '', absorbance),
    column('Transmittance', '', transmittance),
  ].filter(({ values }) => values.length > 0);
  const notes =
    irradiance.length > 0
      ? ['the irradiance comes without a unit; µW/cm² is taken, as AcquireSingle has it']
      : [];
  const scans = columns.length === 0 ? [] : [scanOf('spectrum', wavelengths, columns, notes)];
  return { routine: 'Luminescence', info: readInfo(data), scans, notes };
}

const acquired = z.union([
  z
    .looseObject({ spectrum: z.array(numbers).min(2) })
    .transform(({ spectrum: [nm = [], counts = [], irradiance = []] }) => ({
      wavelengths: nm,
      counts,
      irradiance,
      unit: 'a.u.',
    })),
  z
    .looseObject({ spectrum: numbers, wavelengths: optionalNumbers, units: z.string().optional() })
    .transform(({ spectrum, wavelengths, units = '' }) => ({
      wavelengths,
      counts: spectrum,
      irradiance: [],
      unit: /^(counts?|)$/i.test(units) ? 'a.u.' : normaliseUnit(units),
    })),
]);

/** Reply of AcquireSingle, AcquireDark or AcquireReference: rows of wavelengths and counts, one row, or none. */
const acquisition = z.union([acquired, z.unknown().transform((): undefined => undefined)]);

/**
 * Reads the reply to AcquireSingle, or to a dark or reference. The dataset has no scans if the reply only says that the
 * spectrum was stored.
 */
export function readAcquired(data: unknown): Dataset {
  const read = acquisition.parse(data);
  const dataset: Dataset = { routine: 'Luminescence', info: {}, scans: [], notes: [] };
  if (read === undefined) return dataset;
  const { wavelengths, counts, irradiance, unit } = read;
  // A unit of irradiance makes it no count.
  const signal = unit === 'a.u.' ? column('Counts', unit, counts) : column('Irradiance', unit, counts);
  const columns = [signal, ...(irradiance.length > 0 ? [column('Irradiance', 'µW/cm²', irradiance)] : [])];
  return { ...dataset, scans: [scanOf('single', wavelengths, columns, dataset.notes)] };
}

function scanOf(label: string, wavelengths: Values, columns: Column[], notes: string[]): Scan {
  const length = wavelengths.length > 0 ? wavelengths.length : (columns[0]?.values.length ?? 0);
  const axis: Column =
    wavelengths.length > 0
      ? column('Wavelength', 'nm', wavelengths)
      : column(
          'Pixel',
          '',
          Array.from({ length }, (_, i) => i),
        );
  const odd = columns.filter(({ values }) => values.length !== length).map(({ name }) => name);
  if (wavelengths.length === 0) notes.push('it comes without wavelengths: pixels are counted from 0');
  if (odd.length > 0)
    notes.push(`${odd.join(', ')} did not have one value per wavelength: cut or filled with missing`);
  const fitted = columns.map((one) => ({
    ...one,
    values: Array.from({ length }, (_, i) => one.values[i] ?? null),
  }));
  return { label, conditions: {}, columns: [axis, ...fitted], reported: {} };
}

function column(name: string, unit: string, values: Values): Column {
  return { name, unit, values };
}
