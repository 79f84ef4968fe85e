import type { Dialect } from '../request.ts';
import {
  anything,
  group,
  like,
  number,
  object,
  type ObjectOf,
  oneOf,
  optional,
  type Setting,
  setting,
  text,
} from '../shape.ts';

/** V: the range of the fast probes. */
const MAX_VOLTS = 12;
const MAX_DELAYS = 1000;

const seconds = number({ min: 0, max: 100 });
const volts = number({ min: -MAX_VOLTS, max: MAX_VOLTS });

const OUTPUT = {
  'Pulse Delay': group({
    'Start (s)': setting(0, seconds),
    'Step (s)': setting(1e-5, seconds),
    'End (s)': setting(1e-4, seconds),
  }),
  'Pulse Width (s)': setting(1e-6, seconds),
  'V Ramp': group({
    'Duration (s)': setting(2e-4, number({ above: 0, max: 10 })),
    'Start (V)': setting(0, volts),
    'End (V)': setting(-1, volts),
  }),
  'Delay (s)': setting(0.001, seconds),
  Averages: setting(100, number({ min: 1, max: 1e6, integer: true })),
};
// The documented preset, forty times the thickness of the simulated film.
const device_thickness_m = setting(2e-5, number({ above: 0 }));
const limit = optional(object({ value: number({ above: 0, max: 1 }), unit: oneOf(['A']) }));

const NEWEST = {
  output: group(OUTPUT),
  device_thickness_m,
  instrument: group({
    type: setting('Fast', oneOf(['Fast', 'Slow'])),
    config: setting(
      { range: { value: 0.05, unit: 'A' }, compliance: undefined },
      object({ range: limit, compliance: limit }),
    ),
  }),
};

const OLDEST = {
  output: group({ ...OUTPUT, 'Dark-CELIV': like(false) }),
  device_thickness_m,
  instrument: group({
    type: setting('Fast', text()),
    // The values of the older software are undocumented.
    config: group({ Filter: setting(0, anything()), Range: setting(0, number({ min: 0, integer: true })) }),
  }),
};

export type CelivSettings = ObjectOf<typeof NEWEST> | ObjectOf<typeof OLDEST>;

/** Photo-CELIV's settings by their documented names and defaults. */
export function celivSettings(dialect: Dialect): Setting<CelivSettings> {
  return dialect === 'oldest' ? group(OLDEST) : group(NEWEST);
}

/** Describes a conflict between settings that are each valid by themselves; undefined if there is none. */
export function celivConflict({ output, instrument }: CelivSettings): string | undefined {
  const { 'Start (s)': start, 'Step (s)': step, 'End (s)': end } = output['Pulse Delay'];
  if (end < start) return 'Pulse Delay: End (s) must not be below Start (s)';
  if (end > start && step === 0) return 'Pulse Delay: Step (s) must be greater than 0';
  if (end > start && (end - start) / step > MAX_DELAYS) return `more than ${MAX_DELAYS} delays`;
  if (output['V Ramp']['Start (V)'] === output['V Ramp']['End (V)'])
    return 'V Ramp: Start and End are the same';
  if ('Range' in instrument.config) return undefined;
  const needed = instrument.type === 'Slow' ? 'compliance' : 'range';
  return instrument.config[needed] === undefined
    ? `instrument.config.${needed} is missing for type ${instrument.type}`
    : undefined;
}

/** The delays of a measurement, s, in order. */
export function celivDelays({ output }: CelivSettings): readonly number[] {
  const { 'Start (s)': start, 'Step (s)': step, 'End (s)': end } = output['Pulse Delay'];
  if (step === 0) return [start];
  const count = Math.floor((end - start) / step + 1e-6) + 1;
  return Array.from({ length: count }, (_, i) => Number((start + i * step).toPrecision(12)));
}
