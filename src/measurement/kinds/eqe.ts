import * as z from 'zod';
import type { AppliedValue } from '../../archive/applied.ts';
import { InputError } from '../../errors.ts';
import { ipce } from '../../instrument/routines/ipce.ts';
import { argument } from '../arguments/argument.ts';
import { findSetting } from '../../instrument/routines/find-setting.ts';
import { measureOnce } from './finite.ts';
import { type Basis, defineKind } from './kind.ts';
import { requireDark } from './light-checks.ts';
import { areaOnly } from './sample-arguments.ts';
import { count, within } from '../arguments/numbers.ts';

const nm = within(200, 2500);
const acquisition = (name: string): readonly string[] => ['acquisition', name];

const eqeArguments = {
  area_cm2: areaOnly,
  start_nm: argument(nm, 'nm', ['wavelength', 'Start']),
  end_nm: argument(nm.describe('Beyond the band edge.'), 'nm', ['wavelength', 'End']),
  step_nm: argument(z.number().min(0.1).max(100), 'nm', ['wavelength', 'Step']),
  acquisition_s: argument(within(0.001, 60), 's', acquisition('Acquisition time (s)')),
  averages: argument(count(1000), '', acquisition('Averaging')),
  delay_s: argument(within(0, 60).describe('After each move.'), 's', acquisition('Delay (s)')),
  bias_v: argument(within(-60, 60), 'V', acquisition('Bias Voltage (V)')),
  bias_light: argument(
    z.number().min(0).max(1).describe('Level; needs the chopper.'),
    '',
    acquisition('LED Level'),
  ),
  chopper_hz: argument(
    within(0, 1000).describe('0 is without.'),
    'Hz',
    acquisition('Chopper Frequency (Hz)'),
  ),
};

export const eqeKind = defineKind({
  tool: 'measure_eqe',
  title: 'Measure the EQE (IPCE)',
  description:
    'External quantum efficiency (IPCE): integrated Jsc, band edge. Lamp warm, calibrated within 2 h (ipce_start_calibration). About 2 s per wavelength.',
  routine: ipce,
  arguments: eqeArguments,
  usesArea: true,
  // Without the chopper every light counts as the lamp's.
  contradiction: ({ bias_light: level, chopper_hz: hz }) =>
    level !== undefined && level > 0 && hz === 0 ? withoutChopper(level) : undefined,
  check: async (run, wanted, { bias_light: level }) => {
    const chopper = findSetting(wanted, 'Chopper Frequency (Hz)');
    if (chopper !== undefined && chopper !== 0) return;
    if (level !== undefined && level > 0) throw withoutChopper(level);
    await requireDark(run);
  },
  restsOn: (basis) => ({ eqe_calibration: calibrationOf(basis) }),
  // The routine opens it; nothing shows without another request whether it closes it.
  switches: () => [{ what: 'shutter', detail: 'lamp of the monochromator' }],
  procedure: measureOnce,
});

/** h; the instrument's manual has the lamp calibrated anew after it. */
const CALIBRATION_HOLDS = 2;

/** UTC of the lamp's calibration, as far as this process had it done. */
function calibrationOf({ calibratedAt, now }: Basis): AppliedValue {
  if (calibratedAt === undefined)
    return {
      value: null,
      unit: '',
      source: 'assumed',
      note: 'the calibration that the instrument holds: its age is not known here',
    };
  const hours = (now.getTime() - calibratedAt.getTime()) / 3600_000;
  const isFresh = hours <= CALIBRATION_HOLDS;
  return {
    value: calibratedAt.toISOString(),
    unit: '',
    source: isFresh ? 'measured' : 'assumed',
    note: isFresh
      ? 'by ipce_start_calibration; it holds until the lamp is switched off'
      : `by ipce_start_calibration ${hours.toFixed(1)} h before: a calibration holds for about ${CALIBRATION_HOLDS} h`,
  };
}

function withoutChopper(level: number): InputError {
  return new InputError(
    `bias_light ${level} needs the chopper, and it is off (chopper_hz 0): the bias light would count as the lamp's`,
    { hint: 'Give chopper_hz too, above 0; or leave bias_light out.' },
  );
}
