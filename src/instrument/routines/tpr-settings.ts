import * as z from 'zod';
import type { SettingsForm } from './routine.ts';
import { setting } from './setting.ts';

const number = z.number();
const share = number.min(0).max(100);
const limit = (typical: number, description: string): z.ZodObject =>
  z.looseObject({
    value: setting(number.positive().max(1), 'A', typical, description),
    unit: z.string().optional(),
  });

const output = z.looseObject({
  pulse: z.looseObject({
    duration: setting(number.positive(), 's', 0.002, 'Time recorded per pulse; 5 lifetimes after the light.'),
    duty_cycle: setting(share, '%', 30, 'Part of the duration with the pulse on.'),
    delay: setting(number.min(0), 's', 1e-4, 'From the start of the record to the pulse.'),
    averaging: setting(z.int().min(1), '', 100, 'Pulses averaged per level.'),
    points: setting(z.int().min(2), '', 1000, 'Samples per record; duration/points is the resolution.'),
  }),
  level: z.looseObject({
    start: setting(number, 'a.u.', 0.25, 'First light level, in start_unit.'),
    start_unit: z.string().optional(),
    end: setting(number, 'a.u.', 1, 'Last light level, in end_unit.'),
    end_unit: z.string().optional(),
    steps: setting(z.int().min(1), '', 30, 'Number of levels.'),
    ramp: setting(z.boolean(), '', true, 'Go from start to end; else only start.'),
    dark: setting(z.boolean(), '', false, 'Not documented.'),
    offset: setting(number, '', 0.5, 'Not documented.'),
    bias: setting(
      number.min(0).max(1),
      '',
      0.7,
      'Steady light over the top of the pulse; the rest is the perturbation, small only near 1.',
    ),
  }),
  additional: z.looseObject({
    step_delay: setting(number.min(0), 's', 0.5, 'Wait before each level.'),
  }),
  transient: z
    .looseObject({
      high: setting(share, '%', 80, 'Upper threshold of the rise and fall times.'),
      mid: setting(share, '%', 50, 'Middle threshold.'),
      low: setting(share, '%', 20, 'Lower threshold.'),
    })
    .optional(),
});

const newest = z.looseObject({
  test: setting(z.enum(['TPV', 'TPC']), '', 'TPV', 'Photovoltage at open or photocurrent at short circuit.'),
  device_type: setting(z.string(), '', 'Oscilloscope Real-Time', 'Oscilloscope Real-Time or SMU.'),
  device_settings: z.looseObject({
    range: limit(0.1, 'Current range, of the oscilloscope.').optional(),
    compliance: limit(0.01, 'Current limit, of the SMU.').optional(),
  }),
  output_settings: output,
});

const old = z.looseObject({
  device_type: setting(z.int().min(0), '', 0, 'The device by number.'),
  device_settings: z
    .looseObject({
      'Voltage Compliance': setting(number, 'V', 6, 'Voltage limit.').optional(),
      'Current Compliance': setting(number, 'A', 0.01, 'Current limit.').optional(),
    })
    .optional(),
  output_settings: output.optional(),
});

export const tprForms: readonly SettingsForm[] = [
  { name: 'newest', schema: newest },
  { name: 'older, with the device by number; TPV or TPC by SetMode', schema: old },
];
