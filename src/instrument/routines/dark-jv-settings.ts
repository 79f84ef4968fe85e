import * as z from 'zod';
import type { SettingsForm } from './routine.ts';
import { setting } from './setting.ts';

const number = z.number();

const scan = z.looseObject({
  'V start (V)': setting(number.min(-60).max(60), 'V', -0.1, 'First voltage of the forward scan.'),
  'V end (V)': setting(
    number.min(-60).max(60),
    'V',
    0.5,
    'Last voltage of the forward scan; the diode parameters need about Voc, e.g. 1.2.',
  ),
  'dV (V)': setting(number.positive(), 'V', 0.01, 'Distance of the points.'),
  'Scan rate (V/s)': setting(
    number.positive(),
    'V/s',
    0.1,
    'A point takes dV/rate, and is read after a quarter of it.',
  ),
  'Scan Order': setting(
    z.enum(['FW -> RV', 'RV -> FW', 'FW Only', 'RV Only']),
    '',
    'FW -> RV',
    'Directions to scan.',
  ),
  'Precondition (s)': setting(number.min(0), 's', 1, 'Hold at the first voltage.'),
  'Turn Hold (s)': setting(number.min(-1), 's', 0, 'Hold between the directions; -1 in the manual is none.'),
});

const general = z.looseObject({
  mode: setting(z.string(), '', 'Constant Voltage', 'What the source holds.'),
  sample_rate: setting(number.positive(), 'S/s', 10, 'Readings per second.'),
  autorange: setting(z.boolean(), '', false, 'Finer ranges at small currents; gaps where it switches.'),
});

const photodetector = z.looseObject({
  type: setting(
    z.enum(['None', 'Spectrometer']),
    '',
    'None',
    'Spectrometer also measures electroluminescence.',
  ),
  settings: z.looseObject({
    integration_time_s: setting(
      number.positive().max(60),
      's',
      0.1,
      'In s, unlike Luminescence. Longer than dV/rate, one spectrum covers several voltages. Only with Spectrometer.',
    ).optional(),
    averages: setting(z.int().min(1), '', 1, 'Exposures per spectrum. Only with Spectrometer.').optional(),
    smoothing: setting(
      z.int().min(1),
      '',
      1,
      'Pixels averaged; 1 is none. Only with Spectrometer.',
    ).optional(),
  }),
});

const sweep_settings = setting(
  z.array(z.unknown()),
  '',
  [],
  'Rows of the sweep editor; their form is not published.',
).optional();

function form(type: string, specific: z.ZodObject): SettingsForm {
  const device = z.looseObject({
    type: setting(
      z.literal(type),
      '',
      type,
      'SMU, Keithley24xx or Keithley26xx; each has its own specific fields.',
    ),
    general,
    specific,
  });
  return {
    name: type,
    schema: z.looseObject({ scan_settings: scan, device, photodetector, sweep_settings }),
  };
}

const port = (typical: string): z.ZodString => setting(z.string(), '', typical, 'VISA address or alias.');

/** One form for each source-measure unit; all of one age. */
export const darkJvSettings: readonly SettingsForm[] = [
  form(
    'SMU',
    z.looseObject({
      current_compliance: setting(number.positive().max(1), 'A', 0.02, 'Current limit; also sets the range.'),
      voltage_compliance: setting(number.positive().max(60), 'V', 6, 'Voltage limit.'),
      sense: setting(z.string(), '', '4-wire', '2-wire or 4-wire.'),
    }),
  ),
  form(
    'Keithley24xx',
    z.looseObject({
      port: port('GPIB0::24::INSTR'),
      shutter: setting(z.unknown(), '', false, 'Its use is not documented.').optional(),
      remote_sense: setting(z.boolean(), '', true, '4-wire.'),
    }),
  ),
  form(
    'Keithley26xx',
    z.looseObject({
      port: port('KE2600'),
      'Hi-C Mode': setting(
        z.union([number, z.boolean()]),
        '',
        0,
        'High-capacitance mode of the 2600 series.',
      ),
      Sense: setting(z.string(), '', '4 Wire', '2 Wire or 4 Wire.'),
    }),
  ),
];
