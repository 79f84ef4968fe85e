import * as z from 'zod';
import type { SettingsForm } from './routine.ts';
import { setting } from './setting.ts';

const number = z.number();
const hertz = z.number().positive();
const amplitude = z.number().positive().max(10);
const count = z.int().min(1);
const AMPLITUDE = 'Of the sine. 0.01 is small-signal for a cell; the documented default of 0.1 is not.';
const PERIODS = 'Periods averaged per frequency; a point takes periods/f.';

const newest = z.looseObject({
  instrument: setting(z.string(), '', 'SMU', 'Source; the SMU is slow above 10 kHz.'),
  config: z.looseObject({
    frequency: z.looseObject({
      mode: setting(z.string(), '', 'Ramp', 'Ramp is spaced logarithmically.'),
      ramp: z.looseObject({
        'Start (Hz)': setting(hertz, 'Hz', 200, 'First frequency.'),
        'Stop (Hz)': setting(hertz, 'Hz', 10_000, 'Last frequency.'),
        Steps: setting(count, '', 10, 'Number of frequencies.'),
      }),
      'Amplitude (V)': setting(amplitude, 'V', 0.1, AMPLITUDE),
      'Offset (V)': setting(number, 'V', 0, 'Its relation to offset is not documented: leave it at 0.'),
      Periods: setting(count, '', 10, PERIODS),
    }),
    offset: z.looseObject({
      mode: setting(z.string(), '', 'Fixed', 'Fixed or Voc; the name of a sweep is not published.'),
      'Offset (V)': setting(number, 'V', 0, 'Bias on the cell, for Fixed.').optional(),
    }),
    light: z.looseObject({
      mode: setting(
        z.string(),
        '',
        'Off',
        'Off; names and fields of a fixed or ramped light are not published.',
      ),
    }),
  }),
});

const old = z.looseObject({
  Freq: z.looseObject({
    FreqType: setting(z.string(), '', 'Ramp', 'Ramp is spaced logarithmically.'),
    Frequency: setting(z.record(z.string(), z.unknown()), 'Hz', {}, 'Start, Stop and Steps.'),
    Amplitude: setting(amplitude, 'V', 0.1, AMPLITUDE),
    Offset: setting(number, 'V', 0, 'Its relation to Offset below is not documented.'),
    Periods: setting(count, '', 10, PERIODS),
  }),
  Offset: z.looseObject({
    Type: setting(z.string(), '', 'Fixed', 'Fixed, Voc or a sweep.'),
    Start: setting(number, 'V', 0, 'Bias on the cell.'),
    Stop: setting(number, 'V', 0, 'Last bias of a sweep.'),
    Steps: setting(z.int().min(0), '', 1, 'Number of biases of a sweep.'),
  }),
  Light: z.looseObject({
    LightType: setting(z.string(), '', 'Off', 'Off, fixed or a ramp.'),
    'LED Type': setting(z.string(), '', 'Fast LED', 'Light source.'),
    Start: setting(number, 'a.u.', 0, 'Light level.'),
    Stop: setting(number, 'a.u.', 1, 'Last level of a ramp.'),
    Steps: setting(z.int().min(0), '', 1, 'Number of levels of a ramp.'),
  }),
  LED: z.looseObject({
    'LED Level': setting(number.min(0).max(1), '', 1, 'Its relation to Light is not documented.'),
  }),
});

export const impedanceForms: readonly SettingsForm[] = [
  { name: 'newest', schema: newest },
  { name: 'older, with Freq, Offset, Light and LED', schema: old },
];
