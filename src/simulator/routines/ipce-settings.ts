import type { Dialect } from '../request.ts';
import { anything, group, like, number, type ObjectOf, oneOf, type Setting, setting } from '../shape.ts';
import { WAVELENGTHS } from './ipce-monochromator.ts';

const MAX_POINTS = 5000;

const nm = number(WAVELENGTHS);
const range = number({ min: 0, max: 6, integer: true });

const MEASURING = {
  wavelength: group({
    Start: setting(300, nm),
    Step: setting(10, number({ above: 0 })),
    End: setting(900, nm),
  }),
  acquisition: group({
    'Acquisition time (s)': setting(1, number({ above: 0, max: 100 })),
    Averaging: setting(1, number({ min: 1, integer: true })),
    'Delay (s)': setting(0, number({ min: 0 })),
    'Bias Voltage (V)': setting(0, number({ min: -10, max: 10 })),
    'LED Level': setting(0, number({ min: 0, max: 1 })),
    // 0 means direct current, without the chopper.
    'Chopper Frequency (Hz)': setting(0, number({ min: 0, max: 1000 })),
  }),
};

const NEWEST = {
  ...MEASURING,
  device: group({
    type: setting('NI-SMU', oneOf(['NI-SMU', 'Simulate'])),
    configuration: group({
      Autorange: like(true),
      'Current Range': setting(3, range),
      'Voltage Range': setting(0, number({ min: 0, max: 2, integer: true })),
    }),
  }),
};

const OLDEST = {
  ...MEASURING,
  // The oldest documentation shows a simulated device whose configuration is a placeholder.
  device: group({
    type: setting('Simulate', oneOf(['NI-SMU', 'Simulate'])),
    configuration: setting({ foo: 'bar' }, anything()),
  }),
};

/** The settings that a measurement reads, the same in both forms. */
export type IpceSettings = ObjectOf<typeof MEASURING>;

/** The settings of IPCE by their documented names, with the defaults of the documentation. */
export function ipceSettings(dialect: Dialect): Setting<IpceSettings> {
  return dialect === 'oldest' ? group(OLDEST) : group(NEWEST);
}

/** Describes a conflict between settings that are each valid by themselves; undefined if there is none. */
export function ipceConflict({ wavelength: { Start, Step, End } }: IpceSettings): string | undefined {
  if (End <= Start) return 'wavelength.End must be above wavelength.Start';
  return (End - Start) / Step > MAX_POINTS ? `more than ${MAX_POINTS} points` : undefined;
}
