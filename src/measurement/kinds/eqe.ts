import * as z from 'zod';
import { InputError } from '../../errors.ts';
import { ipce } from '../../instrument/routines/ipce.ts';
import { argument, type ArgumentTable } from '../arguments/argument.ts';
import { findSetting } from '../../instrument/routines/find-setting.ts';
import { measureOnce } from './finite.ts';
import type { MeasurementKind } from './kind.ts';
import { requireDark } from './light-checks.ts';
import { areaOnly } from './sample-arguments.ts';
import { count, within } from '../arguments/numbers.ts';

const nm = within(200, 2500);
const acquisition = (name: string): readonly string[] => ['acquisition', name];

const eqeArguments: ArgumentTable = {
  area_cm2: areaOnly,
  start_nm: argument(nm, ['wavelength', 'Start']),
  end_nm: argument(nm.describe('Beyond the band edge.'), ['wavelength', 'End']),
  step_nm: argument(z.number().min(0.1).max(100), ['wavelength', 'Step']),
  acquisition_s: argument(within(0.001, 60), acquisition('Acquisition time (s)')),
  averages: argument(count(1000), acquisition('Averaging')),
  delay_s: argument(within(0, 60).describe('After each move.'), acquisition('Delay (s)')),
  bias_v: argument(within(-60, 60), acquisition('Bias Voltage (V)')),
  bias_light: argument(
    z.number().min(0).max(1).describe('Level; needs the chopper.'),
    acquisition('LED Level'),
  ),
  chopper_hz: argument(within(0, 1000).describe('0 is without.'), acquisition('Chopper Frequency (Hz)')),
};

export const eqeKind: MeasurementKind = {
  tool: 'measure_eqe',
  title: 'Measure the EQE (IPCE)',
  description:
    'External quantum efficiency (IPCE): integrated Jsc, band edge. Lamp warm, calibrated within 2 h (ipce_start_calibration). About 2 s per wavelength.',
  routine: ipce,
  arguments: eqeArguments,
  usesArea: true,
  // Without the chopper every light counts as the lamp's.
  contradiction: ({ bias_light: level, chopper_hz: hz }) =>
    typeof level === 'number' && level > 0 && hz === 0 ? withoutChopper(level) : undefined,
  check: async (run, wanted) => {
    const chopper = findSetting(wanted, 'Chopper Frequency (Hz)');
    if (chopper !== undefined && chopper !== 0) return;
    const { bias_light: level } = run.args;
    if (typeof level === 'number' && level > 0) throw withoutChopper(level);
    await requireDark(run);
  },
  procedure: measureOnce,
};

function withoutChopper(level: number): InputError {
  return new InputError(
    `bias_light ${level} needs the chopper, and it is off (chopper_hz 0): the bias light would count as the lamp's`,
    { hint: 'Give chopper_hz too, above 0; or leave bias_light out.' },
  );
}
