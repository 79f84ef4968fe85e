import type { Dialect } from '../request.ts';
import { group, number, type ObjectOf, object, oneOf, optional, setting } from '../shape.ts';

/** Hz: the slow probes put out 80 kS/s; two samples make a period. */
const SLOW_LIMIT = 40_000;
const MAX_POINTS = 1000;

const volts = number({ min: -60, max: 60 });
const hertz = number({ min: 1e-3, max: 1e6 });
const amplitude = number({ above: 0, max: 10 });
const count = number({ min: 1, max: 1000, integer: true });
/** The Fast LED reaches two suns. */
const light = number({ min: 0, max: 2 });

const NEW_FIELDS = {
  // The name of the fast probes is taken from CELIV.
  instrument: setting('SMU', oneOf(['SMU', 'Fast'])),
  config: group({
    frequency: group({
      mode: setting('Ramp', oneOf(['Ramp'])),
      ramp: group({
        'Start (Hz)': setting(200, hertz),
        'Stop (Hz)': setting(10_000, hertz),
        Steps: setting(10, count),
      }),
      'Amplitude (V)': setting(0.1, amplitude),
      'Offset (V)': setting(0, volts),
      Periods: setting(10, count),
    }),
    // Only Fixed has published fields; those of a ramp are named like the frequency's.
    offset: setting(
      { mode: 'Fixed', 'Offset (V)': 0, ramp: undefined },
      object({
        mode: oneOf(['Fixed', 'Voc', 'Ramp']),
        'Offset (V)': optional(volts),
        ramp: optional(object({ 'Start (V)': volts, 'Stop (V)': volts, Steps: count })),
      }),
    ),
    // Only Off is published.
    light: setting(
      { mode: 'Off', Level: undefined, ramp: undefined },
      object({
        mode: oneOf(['Off', 'Fixed', 'Ramp']),
        Level: optional(light),
        ramp: optional(object({ Start: light, Stop: light, Steps: count })),
      }),
    ),
  }),
};

const OLD_FIELDS = {
  Freq: group({
    FreqType: setting('Ramp', oneOf(['Ramp'])),
    Frequency: group({
      Start: setting(100, hertz),
      Stop: setting(10_000, hertz),
      Steps: setting(10, count),
    }),
    Amplitude: setting(0.1, amplitude),
    Offset: setting(0, volts),
    Periods: setting(10, count),
  }),
  Offset: group({
    Type: setting('Fixed', oneOf(['Fixed', 'Voc', 'Ramp'])),
    Start: setting(0, volts),
    Stop: setting(0, volts),
    Steps: setting(1, count),
  }),
  Light: group({
    LightType: setting('Off', oneOf(['Off', 'Fixed', 'Ramp'])),
    'LED Type': setting('Fast LED', oneOf(['Fast LED', '12 LED', 'LED Ring'])),
    Start: setting(0, light),
    Stop: setting(1, light),
    Steps: setting(1, count),
  }),
  // Its relation to Light is undocumented; here this setting has no effect.
  LED: group({ 'LED Level': setting(1, number({ min: 0, max: 1 })) }),
};

type NewSettings = ObjectOf<typeof NEW_FIELDS>;
type OldSettings = ObjectOf<typeof OLD_FIELDS>;
export type ImpedanceSettings = NewSettings | OldSettings;

/** The plan of a measurement, from the settings of either form. */
export interface ImpedancePlan {
  readonly slow: boolean;
  /** Hz, in the order measured. */
  readonly frequencies: readonly number[];
  /** V. */
  readonly amplitude: number;
  readonly periods: number;
  /** V; undefined to stay at the open-circuit voltage of each light level. */
  readonly offsets: readonly number[] | undefined;
  /** Levels of the routine's own source; 1 is one sun. */
  readonly lights: readonly number[];
}

const newForm = group(NEW_FIELDS);
const oldForm = group(OLD_FIELDS);

/** Settings as software of that age has them, with the defaults of its example. */
export function impedanceForm(dialect: Dialect): typeof newForm | typeof oldForm {
  return dialect === 'oldest' ? oldForm : newForm;
}

/** Describes a conflict between settings that are each valid by themselves; undefined if there is none. */
export function impedanceConflict(settings: ImpedanceSettings): string | undefined {
  if ('config' in settings) {
    const { offset, light: source } = settings.config;
    if (offset.mode === 'Fixed' && offset['Offset (V)'] === undefined)
      return 'config.offset.Offset (V) is missing';
    if (offset.mode === 'Ramp' && offset.ramp === undefined) return 'config.offset.ramp is missing';
    if (source.mode === 'Fixed' && source.Level === undefined) return 'config.light.Level is missing';
    if (source.mode === 'Ramp' && source.ramp === undefined) return 'config.light.ramp is missing';
  }
  const plan = impedancePlan(settings);
  if (plan.slow && Math.max(...plan.frequencies) > SLOW_LIMIT) return `the SMU reaches ${SLOW_LIMIT} Hz`;
  const points = plan.frequencies.length * (plan.offsets?.length ?? 1) * plan.lights.length;
  return points > MAX_POINTS ? `more than ${MAX_POINTS} points` : undefined;
}

/** Derives the plan from either form of the settings. Hz, V, levels 0 to 1. */
export function impedancePlan(settings: ImpedanceSettings): ImpedancePlan {
  return 'config' in settings ? newPlan(settings) : oldPlan(settings);
}

function newPlan({ instrument, config: { frequency, offset, light: source } }: NewSettings): ImpedancePlan {
  const { 'Start (Hz)': start, 'Stop (Hz)': stop, Steps } = frequency.ramp;
  const { 'Start (V)': from = 0, 'Stop (V)': to = 0, Steps: offsets = 1 } = offset.ramp ?? {};
  const { Start: dim = 0, Stop: bright = 0, Steps: levels = 1 } = source.ramp ?? {};
  return {
    slow: instrument === 'SMU',
    frequencies: logarithmic(start, stop, Steps),
    amplitude: frequency['Amplitude (V)'],
    periods: frequency.Periods,
    // The combined effect of two offsets is undocumented: here they add up.
    offsets: offsetsOf(offset.mode, offset['Offset (V)'] ?? 0, [from, to, offsets], frequency['Offset (V)']),
    lights: lightsOf(source.mode, source.Level ?? 0, [dim, bright, levels]),
  };
}

function oldPlan({ Freq, Offset, Light }: OldSettings): ImpedancePlan {
  const { Start, Stop, Steps } = Freq.Frequency;
  return {
    slow: true,
    frequencies: logarithmic(Start, Stop, Steps),
    amplitude: Freq.Amplitude,
    periods: Freq.Periods,
    offsets: offsetsOf(Offset.Type, Offset.Start, [Offset.Start, Offset.Stop, Offset.Steps], Freq.Offset),
    lights: lightsOf(Light.LightType, Light.Start, [Light.Start, Light.Stop, Light.Steps]),
  };
}

type Ramp = readonly [start: number, stop: number, steps: number];

function offsetsOf(
  mode: 'Fixed' | 'Voc' | 'Ramp',
  fixed: number,
  ramp: Ramp,
  shift: number,
): readonly number[] | undefined {
  if (mode === 'Voc') return undefined;
  return (mode === 'Fixed' ? [fixed] : linear(...ramp)).map((value) => value + shift);
}

function lightsOf(mode: 'Off' | 'Fixed' | 'Ramp', fixed: number, ramp: Ramp): readonly number[] {
  if (mode === 'Off') return [0];
  return mode === 'Fixed' ? [fixed] : linear(...ramp);
}

function linear(...[start, stop, steps]: Ramp): number[] {
  return Array.from({ length: steps }, (_, i) =>
    steps === 1 ? start : start + ((stop - start) * i) / (steps - 1),
  );
}

function logarithmic(...[start, stop, steps]: Ramp): number[] {
  return linear(Math.log(start), Math.log(stop), steps).map((value) =>
    Number(Math.exp(value).toPrecision(12)),
  );
}
