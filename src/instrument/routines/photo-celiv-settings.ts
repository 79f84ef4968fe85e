import * as z from 'zod';
import { setting } from './setting.ts';

const number = z.number();
const seconds = number.min(0).max(100);
const amperes = (typical: number, description: string) =>
  z.looseObject({
    value: setting(number.positive().max(1), 'A', typical, description),
    unit: setting(z.string(), '', 'A', 'Unit of the value.'),
  });

const output = {
  'Pulse Delay': z.looseObject({
    'Start (s)': setting(seconds, 's', 0, 'First delay between light pulse and ramp.'),
    'Step (s)': setting(seconds, 's', 1e-5, 'Distance of the delays.'),
    'End (s)': setting(seconds, 's', 1e-4, 'Last delay; 0, 1e-5, 1e-4 make 11.'),
  }),
  'Pulse Width (s)': setting(seconds, 's', 1e-6, 'Length of the light pulse.'),
  'V Ramp': z.looseObject({
    'Duration (s)': setting(
      number.positive(),
      's',
      2e-4,
      'Length of the ramp; t_max should be 10–30 % of it.',
    ),
    'Start (V)': setting(number.min(-12).max(12), 'V', 0, 'Voltage before the ramp.'),
    'End (V)': setting(
      number.min(-12).max(12),
      'V',
      -1,
      'Below Start: a reverse ramp extracts, a forward one injects.',
    ),
  }),
  'Delay (s)': setting(seconds, 's', 0.001, 'Pause after the ramp.'),
  Averages: setting(z.int().min(1), '', 100, 'Transients averaged per delay.'),
};
const device_thickness_m = setting(
  number.positive(),
  'm',
  2e-5,
  'Film thickness; the mobility goes with its square. The preset is unrealistic: films have 3e-7 to 6e-7.',
);
const type = setting(z.enum(['Fast', 'Slow']), '', 'Fast', 'Fast probes (oscilloscope) or slow ones (SMU).');

const config = z
  .looseObject({
    range: amperes(0.05, 'Current range of the fast probes.').optional(),
    compliance: amperes(0.05, 'Current limit of the slow probes.').optional(),
  })
  .refine(
    (probes) => probes.range !== undefined || probes.compliance !== undefined,
    'give range (Fast) or compliance (Slow)',
  );

export const newest = z.looseObject({
  output: z.looseObject(output),
  device_thickness_m,
  instrument: z.looseObject({ type, config }),
});

/** Before the ranges had units, and when a measurement without light was a setting. */
export const older = z.looseObject({
  output: z.looseObject({
    ...output,
    'Dark-CELIV': setting(z.boolean(), '', false, 'Without light pulses.').optional(),
  }),
  device_thickness_m,
  instrument: z.looseObject({
    type: setting(z.string(), '', 'Fast', 'Probes.'),
    config: z.looseObject({
      Filter: setting(z.unknown(), '', undefined, 'Its values are not documented.').optional(),
      Range: setting(z.int().min(0), '', 0, 'Index of the current range.'),
    }),
  }),
});
