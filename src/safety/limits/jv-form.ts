import { together, volts } from './envelope.ts';
import { readNumber, readSetting } from '../../instrument/routines/read-setting.ts';
import {
  between,
  current,
  flag,
  level,
  members,
  number,
  optional,
  percent,
  type Reader,
  text,
  considering,
  voltage,
} from './reader.ts';
import { sweepRows } from './sweep-form.ts';

const EXCEED = 'Exceed Voc (%)';

/** With Auto Voc a scan goes past Voc, which is taken to be at the ends of the scan at most. */
const scan = considering(
  members({
    'Start (V)': voltage,
    'End (V)': voltage,
    'Step (V)': voltage,
    'Rate (V/s)': number,
    Order: text,
    'Auto Voc': flag,
    [EXCEED]: between(0, 1e6),
  }),
  (settings, seen) => {
    if (readSetting(settings, ['Auto Voc']) !== true) return seen;
    const factor = 1 + (readNumber(settings, [EXCEED]) ?? 0) / 100;
    const beyond = ['Start (V)', 'End (V)'].map((end) =>
      volts(`${end} with ${EXCEED}`, (readNumber(settings, [end]) ?? 0) * factor),
    );
    return together(seen, ...beyond);
  },
);

/** Voltages are counted as set, also where Inverted is on, as it is for cells that are connected the other way round. */
export const jvForm: Reader = considering(
  members({
    device_type: text,
    device_settings: members({ 'Compliance (A)': current }),
    scan_settings: members({ scan }),
    precondition: members({
      Condition: text,
      Value: number,
      'Hold Time (s)': number,
      'Hold Voltage (V)': voltage,
    }),
    device: members({ 'Area (cm2)': number, Inverted: flag }),
    light: members({ Source: text, 'Irradiance (mW/cm2)': number, 'Level (%)': percent }),
    light_config: optional(members({ 'LED Level': level })),
    sweep_settings: optional(sweepRows),
  }),
  (settings, seen) => (readSetting(settings, ['light', 'Source']) === 'None' ? { ...seen, light: [] } : seen),
);
