import {
  current,
  flag,
  idleVoltageLimit,
  members,
  number,
  oneOf,
  optional,
  type Reader,
  scalar,
  text,
  voltage,
} from './reader.ts';
import { sweepRows } from './sweep-form.ts';

function form(type: string, specific: Readonly<Record<string, Reader>>): Reader {
  return members({
    scan_settings: members({
      'V start (V)': voltage,
      'V end (V)': voltage,
      'dV (V)': voltage,
      'Scan rate (V/s)': number,
      'Scan Order': text,
      'Precondition (s)': number,
      'Turn Hold (s)': number,
    }),
    device: members({
      type: oneOf(type),
      // In any other mode the numbers of the scan would not be voltages.
      general: members({ mode: oneOf('Constant Voltage'), sample_rate: number, autorange: flag }),
      specific: members(specific),
    }),
    photodetector: members({
      type: text,
      settings: members({
        integration_time_s: optional(number),
        averages: optional(number),
        smoothing: optional(number),
      }),
    }),
    sweep_settings: optional(sweepRows),
  });
}

/** One for each source-measure unit. What limits the current of a Keithley is not among the settings. */
export const darkJvForms: readonly Reader[] = [
  form('SMU', { current_compliance: current, voltage_compliance: idleVoltageLimit, sense: text }),
  form('Keithley24xx', { port: text, shutter: optional(scalar), remote_sense: flag }),
  form('Keithley26xx', { port: text, 'Hi-C Mode': scalar, Sense: text }),
];
