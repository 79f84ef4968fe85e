import * as z from 'zod';
import { type Dataset, directionOf, type Scan } from '../../science/dataset.ts';
import { analyseDarkJv } from '../../science/metrics/dark-jv.ts';
import { normaliseUnit } from '../../science/units.ts';
import { lenientNumber } from '../../text/lenient-number.ts';
import { darkJvSettings } from './dark-jv-settings.ts';
import { headings, rows, toColumns } from './read-columns.ts';
import { readInfo } from './read-info.ts';
import { readNumber } from './read-setting.ts';
import { scanProgress } from './scan-progress.ts';
import type { RoutineDefinition } from './routine.ts';
import { darkJvPoints, darkJvSeconds } from './staircase-duration.ts';

const quantity = z
  .looseObject({ value: lenientNumber, unit: z.string().default('') })
  .transform(({ value, unit }) => ({ value: value ?? null, unit: normaliseUnit(unit) }));
const numbers = z.array(lenientNumber.transform((value) => value ?? null));

const spectral = z.looseObject({
  wavelengths_nm: numbers.optional(),
  spectra: z
    .array(
      z.looseObject({
        data_point: z.looseObject({ voltage: quantity.optional(), current: quantity.optional() }).optional(),
        spectrum: numbers,
        integrated_irradiance: quantity.optional(),
      }),
    )
    .optional(),
});
type Spectral = z.output<typeof spectral>;

const reply = z.looseObject({
  measurement: z.array(
    z.looseObject({
      sweep_direction: z.string().default(''),
      data_schema: headings.optional(),
      columns: headings.optional(),
      data: rows,
      spectral_data: spectral.nullish(),
    }),
  ),
});

/** The sweeps first, then a scan for each spectrum, with its voltage and current as conditions. */
function dataset(data: unknown): Dataset {
  const { measurement } = reply.parse(data);
  const sweeps = measurement.map((raw): Scan => {
    const columns = toColumns(raw.data_schema ?? raw.columns ?? [], raw.data);
    const direction = directionOf(columns[0]?.values ?? []);
    return { label: raw.sweep_direction, direction, conditions: {}, columns, reported: {} };
  });
  const spectra = measurement.flatMap((raw) => spectraOf(raw.sweep_direction, raw.spectral_data ?? {}));
  const notes = sweeps.flatMap(({ label, direction }) =>
    (direction === 'forward' && /^(reverse|rv|backward)/i.test(label)) ||
    (direction === 'reverse' && /^(forward|fw)/i.test(label))
      ? [
          `the scan labelled ${label} lists ${direction === 'forward' ? 'rising' : 'falling'} voltages: the direction is taken from the data`,
        ]
      : [],
  );
  return { routine: 'Dark JV', info: readInfo(data), scans: [...sweeps, ...spectra], notes };
}

function spectraOf(label: string, { wavelengths_nm: wavelengths = [], spectra = [] }: Spectral): Scan[] {
  return spectra.map(({ data_point: point, spectrum, integrated_irradiance: irradiance }, i) => {
    const volts = point?.voltage?.value;
    const at = typeof volts === 'number' ? `${volts.toFixed(3)} V` : `#${i + 1}`;
    return {
      label: `EL ${label} ${at}`,
      conditions: {
        ...(point?.voltage && { voltage: point.voltage }),
        ...(point?.current && { current: point.current }),
      },
      columns: [
        { name: 'Wavelength', unit: 'nm', values: wavelengths },
        { name: 'Spectrum', unit: 'a.u.', values: wavelengths.map((_, pixel) => spectrum[pixel] ?? null) },
      ],
      reported: irradiance === undefined ? {} : { integrated_irradiance: irradiance },
    };
  });
}

export const darkJv: RoutineDefinition = {
  name: 'Dark JV',
  aliases: ['Dark IV'],
  title: 'Dark current-voltage curve and electroluminescence',
  measures:
    'Current while a staircase of voltages is swept in the dark, and with a spectrometer the light the cell emits. Gives leakage (shunt), ideality factor and saturation current, series resistance, and from the electroluminescence the non-radiative voltage loss. LEDs must be off and the cover closed.',
  lifecycle: 'finite',
  settings: darkJvSettings,
  // The documentation shows an empty object; where there is something, it is expected to look as in JV.
  progress: scanProgress,
  dataset,
  analyse: (data, { settings, areaCm2, temperatureC }) =>
    analyseDarkJv(data, {
      areaCm2,
      temperatureC,
      compliance: readNumber(settings, ['device', 'specific', 'current_compliance']),
    }),
  columns: [
    { name: 'Voltage', unit: 'V', meaning: 'Of the sweep.' },
    { name: 'Current', unit: 'A', meaning: 'Not per area. The sign of forward current is not documented.' },
    {
      name: 'Wavelength',
      unit: 'nm',
      meaning: 'In a scan of its own for each spectrum, at the voltage it is labelled with.',
    },
    { name: 'Spectrum', unit: 'a.u.', meaning: 'Electroluminescence: raw or dark-subtracted counts.' },
  ],
  commands: [],
  duration: 'precondition + points × dV/rate for each direction: about 13 s with the usual settings',
  expectedSeconds: darkJvSeconds,
  expectedPoints: darkJvPoints,
  pitfalls: [
    'Current at 0 V: light leaks in. Close the cover, LEDs to zero.',
    'Ends at 0.5 V by default: below about 0.8 V a perovskite cell shows only its shunt. Ideality and EL need about Voc.',
    'Noise at low voltage: the range follows the compliance; autorange is finer but leaves gaps.',
    'A flat top: the current reached the compliance.',
    'High forward bias heats and degrades the cell.',
    'A spectrometer slower than dV/rate smears one spectrum over several voltages: lower the scan rate.',
    'Spectra may be raw counts without dark: their integrated irradiance then means nothing. Label and order of a scan may disagree.',
  ],
};
