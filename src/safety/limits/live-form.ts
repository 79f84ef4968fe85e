import { isRecord } from '../../text/is-record.ts';
import { readNumber, readSetting } from '../../instrument/routines/read-setting.ts';
import { together, volts } from './envelope.ts';
import {
  current,
  flag,
  idleVoltageLimit,
  members,
  number,
  oneOf,
  type Reader,
  text,
  considering,
} from './reader.ts';

const CURRENT = 'Constant Current';
const LIMIT = ['Device_Specific', 'Voltage Limit (V)'];

/** What it puts out is SetOutput's; of the settings the limits act, that of the voltage in Constant Current only. */
export const connectionTestForm: Reader = considering(
  members({
    'Device Name': text,
    Device_General: members({
      Mode: oneOf('Constant Voltage', CURRENT),
      'Sample Rate (S/s)': number,
      Autorange: flag,
    }),
    Device_Specific: members({ 'Current limit (A)': current, 'Voltage Limit (V)': idleVoltageLimit }),
  }),
  (settings, seen) => {
    if (readSetting(settings, ['Device_General', 'Mode']) !== CURRENT) return seen;
    const limit = readNumber(settings, LIMIT) ?? 0;
    return together(seen, volts(LIMIT.join(' › '), -limit, limit));
  },
);

const voltageLimit: Reader = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? volts(at, -value, value) : undefined;

/** The probe current is ApplyCurrent's. Older software has no settings at all. */
export const resistivityForms: readonly Reader[] = [
  members({
    acquisition: members({ 'V limit': voltageLimit }),
    device_dimension: members({ 'Film Thickness (um)': number, 'Length (mm)': number, 'Width (mm)': number }),
  }),
  empty,
];

/** Settings without members, as some older software has. */
export function empty(...[value]: Parameters<Reader>): ReturnType<Reader> {
  return isRecord(value) && Object.keys(value).length === 0 ? members({})(value, '') : undefined;
}
