import * as z from 'zod';
import { InputError } from '../../errors.ts';
import { isRecord } from '../../text/is-record.ts';
import { darkJv } from '../../instrument/routines/dark-jv.ts';
import { USUAL_TEMPERATURE } from '../../science/metrics/dark-jv.ts';
import { argument, type Argument, words } from '../arguments/argument.ts';
import { measureOnce } from './finite.ts';
import { order } from './jv-arguments.ts';
import { defineKind } from './kind.ts';
import { requireDark } from './light-checks.ts';
import { areaOnly } from './sample-arguments.ts';
import { within } from '../arguments/numbers.ts';

const scan = (name: string): readonly string[] => ['scan_settings', name];
const volts = within(-60, 60);

const SPECTRA: Argument<boolean, boolean | undefined> = {
  schema: z.boolean().describe('Electroluminescence too.'),
  unit: '',
  places: [
    {
      path: ['photodetector'],
      // The spectrometer has settings that "None" has not.
      write: (on, current) => {
        const now = isRecord(current) ? current : {};
        if (on !== true) return { ...now, type: 'None', settings: {} };
        const settings = isRecord(now['settings']) ? now['settings'] : {};
        return {
          ...now,
          type: 'Spectrometer',
          settings: { integration_time_s: 0.1, averages: 1, smoothing: 1, ...settings },
        };
      },
      read: (held) => (isRecord(held) ? held['type'] === 'Spectrometer' : undefined),
    },
  ],
};

const darkJvArguments = {
  area_cm2: areaOnly,
  start_v: argument(volts, 'V', scan('V start (V)')),
  end_v: argument(volts.describe('Voc or beyond, e.g. 1.2.'), 'V', scan('V end (V)')),
  step_v: argument(within(1e-4, 1), 'V', scan('dV (V)')),
  rate_v_s: argument(within(1e-4, 100), 'V/s', scan('Scan rate (V/s)')),
  order: words(
    order,
    {
      forward_then_reverse: 'FW -> RV',
      reverse_then_forward: 'RV -> FW',
      forward: 'FW Only',
      reverse: 'RV Only',
    },
    scan('Scan Order'),
  ),
  hold_s: argument(within(0, 3600), 's', scan('Precondition (s)')),
  compliance_a: argument(within(1e-9, 1).describe('Current limit.'), 'A', [
    'device',
    'specific',
    'current_compliance',
  ]),
  spectra: SPECTRA,
  integration_s: argument(within(1e-3, 60).describe('Of a spectrum.'), 's', [
    'photodetector',
    'settings',
    'integration_time_s',
  ]),
};

export const darkJvKind = defineKind({
  tool: 'measure_dark_jv',
  title: 'Measure a dark JV curve',
  description:
    'JV in the dark: dark ideality, saturation current, leakage; with spectra, which take longer, the EL efficiency. LEDs off, cover closed. About 15 s.',
  routine: darkJv,
  arguments: darkJvArguments,
  usesArea: true,
  contradiction: ({ spectra, integration_s: seconds }) =>
    spectra === false && seconds !== undefined
      ? new InputError('integration_s is of the spectra, and spectra is false', {
          hint: 'Leave integration_s out, or give spectra true.',
        })
      : undefined,
  check: requireDark,
  restsOn: ({ dataset }) => {
    const measured = dataset?.info.temperatureC;
    return {
      temperature_c:
        measured === undefined
          ? {
              value: USUAL_TEMPERATURE,
              unit: '°C',
              source: 'assumed',
              note: 'the data has no temperature; the ideality rests on it',
            }
          : { value: measured, unit: '°C', source: 'measured', note: 'by the instrument, in its data' },
    };
  },
  procedure: measureOnce,
});
