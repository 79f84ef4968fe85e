import type { Dialect } from '../request.ts';
import {
  anything,
  group,
  like,
  list,
  number,
  type ObjectOf,
  oneOf,
  type Setting,
  setting,
} from '../shape.ts';

const ORDERS = ['Forward then Reverse', 'Reverse then Forward', 'Forward Only', 'Reverse Only'] as const;

/** V: the high range of the slow probes. */
const MAX_VOLTS = 60;
const MAX_POINTS = 5000;

const volts = number({ min: -MAX_VOLTS, max: MAX_VOLTS });
const percent = number({ min: 0, max: 100 });

const compliance = (amperes: number) =>
  group({ 'Compliance (A)': setting(amperes, number({ above: 0, max: 1 })) });

const JV_FIELDS = {
  device_type: setting('NI-SMU', oneOf(['NI-SMU', 'Keithley'])),
  device_settings: compliance(0.1),
  scan_settings: group({
    scan: group({
      'Start (V)': setting(-0.2, volts),
      'End (V)': setting(1.2, volts),
      'Step (V)': setting(0.02, number({ above: 0 })),
      'Rate (V/s)': setting(0.2, number({ above: 0 })),
      Order: setting('Forward then Reverse', oneOf(ORDERS)),
      'Auto Voc': like(true),
      'Exceed Voc (%)': setting(0, number({ min: 0 })),
    }),
  }),
  precondition: group({
    Condition: setting('None', oneOf(['None', 'Wait for stable', 'Wait fixed time'])),
    Value: setting(1, number({ min: 0 })),
    'Hold Time (s)': setting(1, number({ min: 0 })),
    'Hold Voltage (V)': setting(-0.2, volts),
  }),
  device: group({
    // The documented example has 1. The simulated cell has 0.1, and a first measurement should look sane.
    'Area (cm2)': setting(0.1, number({ above: 0 })),
    Inverted: like(false),
  }),
  light: group({
    Source: setting('None', oneOf(['None', 'External', '12 LED', 'Fast LED', 'LED Ring'])),
    'Irradiance (mW/cm2)': setting(100, number({ min: 0 })),
    'Level (%)': setting(100, percent),
  }),
  // Its relation to `Level (%)` is undocumented; here this setting has no effect.
  light_config: group({ 'LED Level': setting(1, number({ min: 0, max: 1 })) }),
  // The element schema is not published; jv-sweep.ts describes the assumed one.
  sweep_settings: setting([], list(anything())),
};

export type JvSettings = ObjectOf<typeof JV_FIELDS>;

/** The settings of JV by their documented names, defaults as in the documentation's examples. */
export function jvSettings(dialect: Dialect): Setting<JvSettings> {
  return group(dialect === 'oldest' ? { ...JV_FIELDS, device_settings: compliance(0.01) } : JV_FIELDS);
}

/** Describes a conflict between settings that are each valid by themselves; undefined if there is none. */
export function jvConflict(settings: JvSettings): string | undefined {
  const scan = settings.scan_settings.scan;
  if (scan['End (V)'] <= scan['Start (V)'])
    return 'End (V) must be above Start (V); Order sets the direction';
  const points = (scan['End (V)'] - scan['Start (V)']) / scan['Step (V)'];
  return points > MAX_POINTS ? `more than ${MAX_POINTS} points in a scan` : undefined;
}
