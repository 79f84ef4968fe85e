import * as z from 'zod';
import { InputError } from '../../errors.ts';
import { impedance } from '../../instrument/routines/impedance.ts';
import { argument, words } from '../arguments/argument.ts';
import { measureOnce } from './finite.ts';
import { defineKind } from './kind.ts';
import { areaOnly } from './sample-arguments.ts';
import { count, within } from '../arguments/numbers.ts';

const hz = within(1e-3, 1e8);
const frequency = (...path: string[]): readonly string[] => ['config', 'frequency', ...path];

const impedanceArguments = {
  area_cm2: areaOnly,
  start_hz: argument(hz, 'Hz', frequency('ramp', 'Start (Hz)'), ['Freq', 'Frequency', 'Start']),
  stop_hz: argument(hz, 'Hz', frequency('ramp', 'Stop (Hz)'), ['Freq', 'Frequency', 'Stop']),
  points: argument(count(1000), '', frequency('ramp', 'Steps'), ['Freq', 'Frequency', 'Steps']),
  amplitude_v: argument(within(1e-4, 10).describe('0.01 is small-signal.'), 'V', frequency('Amplitude (V)'), [
    'Freq',
    'Amplitude',
  ]),
  periods: argument(count(1000), '', frequency('Periods'), ['Freq', 'Periods']),
  bias_mode: words(
    z.enum(['fixed', 'voc']),
    { fixed: 'Fixed', voc: 'Voc' },
    ['config', 'offset', 'mode'],
    ['Offset', 'Type'],
  ),
  bias_v: argument(
    within(-60, 60).describe('With bias_mode fixed.'),
    'V',
    ['config', 'offset', 'Offset (V)'],
    ['Offset', 'Start'],
  ),
};

export const impedanceKind = defineKind({
  tool: 'measure_impedance',
  title: 'Measure the impedance',
  description:
    'Impedance spectrum: series and recombination resistance, capacitance, time constants. Light: set_light before. A point lasts periods/f.',
  routine: impedance,
  arguments: impedanceArguments,
  usesArea: false,
  contradiction: ({ bias_mode: mode, bias_v: volts }) =>
    mode === 'voc' && volts !== undefined
      ? new InputError(`bias_mode voc finds the bias itself, and bias_v ${JSON.stringify(volts)} names one`, {
          hint: 'Leave bias_v out to measure at Voc; or give bias_mode fixed to measure at bias_v.',
        })
      : undefined,
  procedure: measureOnce,
});
