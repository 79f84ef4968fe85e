import { invalidParameters } from '../instrument-error.ts';
import {
  anything,
  boolean,
  checked,
  isRecord,
  list,
  merged,
  number,
  object,
  type ObjectOf,
  oneOf,
  type Shape,
  text,
} from '../shape.ts';
import type { SettingsStore } from './program.ts';

const MAX_POINTS = 5000;
const volts = number({ min: -60, max: 60 });

const GENERAL = object({
  mode: oneOf(['Constant Voltage']),
  sample_rate: number({ above: 0 }),
  autorange: boolean(),
});
const SMU = object({
  current_compliance: number({ above: 0, max: 1 }),
  voltage_compliance: number({ above: 0, max: 60 }),
  sense: oneOf(['2-wire', '4-wire']),
});
const KEITHLEY_24 = object({ port: text(), shutter: boolean(), remote_sense: boolean() });
const KEITHLEY_26 = object({
  port: text(),
  'Hi-C Mode': number({ min: 0, max: 1, integer: true }),
  Sense: oneOf(['2 Wire', '4 Wire']),
});
const SPECTROMETER = object({
  integration_time_s: number({ min: 1e-3, max: 60 }),
  averages: number({ min: 1, max: 1000, integer: true }),
  smoothing: number({ min: 1, max: 100, integer: true }),
});

const DEVICE = byType({
  SMU: object({ type: oneOf(['SMU']), general: GENERAL, specific: SMU }),
  Keithley24xx: object({ type: oneOf(['Keithley24xx']), general: GENERAL, specific: KEITHLEY_24 }),
  Keithley26xx: object({ type: oneOf(['Keithley26xx']), general: GENERAL, specific: KEITHLEY_26 }),
});
const PHOTODETECTOR = byType({
  None: object({ type: oneOf(['None']), settings: object({}) }),
  Spectrometer: object({ type: oneOf(['Spectrometer']), settings: SPECTROMETER }),
});

const SETTINGS = object({
  scan_settings: object({
    'V start (V)': volts,
    'V end (V)': volts,
    'dV (V)': number({ above: 0 }),
    'Scan rate (V/s)': number({ above: 0 }),
    'Scan Order': oneOf(['FW -> RV', 'RV -> FW', 'FW Only', 'RV Only']),
    'Precondition (s)': number({ min: 0 }),
    // The manual gives -1 for none.
    'Turn Hold (s)': number({ min: -1 }),
  }),
  device: DEVICE,
  photodetector: PHOTODETECTOR,
  // The element schema is not published.
  sweep_settings: list(anything()),
});
export type DarkJvSettings = ObjectOfShape<typeof SETTINGS>;
type ObjectOfShape<S> = S extends Shape<infer T> ? T : never;

/** Initial settings of a device or detector when its type is chosen. */
const SPECIFIC: Readonly<Record<string, object>> = {
  SMU: { current_compliance: 0.02, voltage_compliance: 6, sense: '4-wire' },
  Keithley24xx: { port: 'GPIB0::24::INSTR', shutter: false, remote_sense: true },
  Keithley26xx: { port: 'KE2600', 'Hi-C Mode': 0, Sense: '4 Wire' },
};
const DETECTOR: Readonly<Record<string, object>> = {
  None: {},
  Spectrometer: { integration_time_s: 0.1, averages: 1, smoothing: 1 },
};

const INITIAL = checked(SETTINGS, {
  scan_settings: {
    'V start (V)': -0.1,
    'V end (V)': 0.5,
    'dV (V)': 0.01,
    'Scan rate (V/s)': 0.1,
    'Scan Order': 'FW -> RV',
    'Precondition (s)': 1,
    'Turn Hold (s)': 0,
  },
  device: {
    type: 'SMU',
    general: { mode: 'Constant Voltage', sample_rate: 10, autorange: false },
    specific: SPECIFIC['SMU'],
  },
  photodetector: { type: 'Spectrometer', settings: DETECTOR['Spectrometer'] },
  sweep_settings: [],
});

/**
 * The settings of an open Dark JV. Choosing another type of device or detector brings in the fields of that
 * type.
 */
export class DarkJvStore implements SettingsStore {
  #current: DarkJvSettings = INITIAL;

  get current(): DarkJvSettings {
    return this.#current;
  }

  /**
   * Takes the full object or any part of it. If the patch is wrong, throws InstrumentError 101 and changes
   * nothing.
   */
  apply(patch: unknown): void {
    if (!isRecord(patch)) throw invalidParameters('settings must be an object');
    const { device, photodetector } = this.#current;
    const base = {
      ...this.#current,
      device: retyped(device, patch['device'], 'specific', SPECIFIC),
      photodetector: retyped(photodetector, patch['photodetector'], 'settings', DETECTOR),
    };
    const next = checked(SETTINGS, merged(base, patch));
    const conflict = conflictIn(next);
    if (conflict !== undefined) throw invalidParameters(conflict);
    this.#current = next;
  }
}

function retyped(
  current: { readonly type: string },
  patch: unknown,
  key: string,
  defaults: Readonly<Record<string, object>>,
): object {
  const type = isRecord(patch) ? patch['type'] : undefined;
  if (typeof type !== 'string' || type === current.type) return current;
  return { ...current, [key]: defaults[type] ?? {} };
}

function conflictIn({ scan_settings: scan, sweep_settings: sweep }: DarkJvSettings): string | undefined {
  if (scan['V end (V)'] <= scan['V start (V)'])
    return 'V end (V) must be above V start (V); Scan Order sets the direction';
  if ((scan['V end (V)'] - scan['V start (V)']) / scan['dV (V)'] > MAX_POINTS)
    return `more than ${MAX_POINTS} points in a scan`;
  return sweep.length > 0 ? 'sweeps of Dark JV are not simulated' : undefined;
}

/** One of several shapes, told apart by the member `type`. */
function byType<F extends Readonly<Record<string, Shape<unknown>>>>(forms: F): Shape<ObjectOf<F>[keyof F]> {
  const problem = (value: unknown, path: string): string | undefined => {
    const type = isRecord(value) ? value['type'] : undefined;
    const form = typeof type === 'string' && Object.hasOwn(forms, type) ? forms[type] : undefined;
    return form === undefined
      ? `${path}.type must be one of ${Object.keys(forms).join(', ')}`
      : form.problem(value, path);
  };
  return { problem, is: (value): value is ObjectOf<F>[keyof F] => problem(value, '') === undefined };
}
