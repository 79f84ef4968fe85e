import type { Dialect } from '../request.ts';
import {
  boolean,
  group,
  like,
  number,
  type ObjectOf,
  object,
  oneOf,
  optional,
  type Setting,
  setting,
  text,
} from '../shape.ts';

export const TESTS = ['TPV', 'TPC'] as const;
export type Test = (typeof TESTS)[number];

const positive = number({ above: 0 });
const percent = number({ min: 0, max: 100 });
/** The Fast LED reaches two suns. */
const light = number({ min: 0, max: 2 });
const amperes = object({ value: number({ above: 0, max: 1 }), unit: oneOf(['A']) });

const OUTPUT = group({
  pulse: group({
    duration: setting(0.002, number({ min: 1e-6, max: 10 })),
    duty_cycle: setting(30, percent),
    delay: setting(1e-4, number({ min: 0 })),
    averaging: setting(100, number({ min: 1, max: 10_000, integer: true })),
    points: setting(1000, number({ min: 10, max: 10_000, integer: true })),
  }),
  level: group({
    start: setting(0.25, light),
    start_unit: setting('a.u.', text()),
    end: setting(1, light),
    end_unit: setting('a.u.', text()),
    steps: setting(30, number({ min: 1, max: 100, integer: true })),
    ramp: like(true),
    // The effect of dark and offset is undocumented; here they have none.
    dark: setting(false, boolean()),
    offset: setting(0.5, number()),
    bias: setting(0.7, number({ min: 0, max: 1 })),
  }),
  additional: group({ step_delay: setting(0.5, number({ min: 0 })) }),
  transient: group({ high: setting(80, percent), mid: setting(50, percent), low: setting(20, percent) }),
});

const NEW_FIELDS = {
  test: setting('TPV', oneOf(TESTS)),
  device_type: setting('Oscilloscope Real-Time', oneOf(['Oscilloscope Real-Time', 'SMU'])),
  device_settings: setting(
    { range: { value: 0.1, unit: 'A' }, compliance: undefined },
    object({ range: optional(amperes), compliance: optional(amperes) }),
  ),
  output_settings: OUTPUT,
};

const OLD_FIELDS = {
  device_type: setting(0, number({ min: 0, max: 1, integer: true })),
  device_settings: group({
    'Voltage Compliance': setting(6, positive),
    'Current Compliance': setting(0.01, positive),
  }),
  output_settings: OUTPUT,
};

type NewSettings = ObjectOf<typeof NEW_FIELDS>;
type OldSettings = ObjectOf<typeof OLD_FIELDS>;
export type TprSettings = NewSettings | OldSettings;

const newForm = group(NEW_FIELDS);
const oldForm = group(OLD_FIELDS);

/** Settings as software of that age has them; the old ones do not distinguish TPV and TPC. */
export function tprForm(dialect: Dialect): Setting<NewSettings> | Setting<OldSettings> {
  return dialect === 'oldest' ? oldForm : newForm;
}

/** Describes a conflict between settings that are each valid by themselves; undefined if there is none. */
export function tprConflict({ output_settings: { pulse, transient } }: TprSettings): string | undefined {
  if (pulse.delay + (pulse.duty_cycle / 100) * pulse.duration > pulse.duration)
    return 'output_settings.pulse: delay and the lit part are longer than duration';
  return transient.high > transient.low && transient.low > 0
    ? undefined
    : 'output_settings.transient: low must be above 0 and below high';
}

/** The light levels in a.u., 1 is one sun; without `ramp` only the first. */
export function tprLevels({ output_settings: { level } }: TprSettings): readonly number[] {
  const { start, end, steps, ramp } = level;
  if (!ramp || steps === 1) return [start];
  return Array.from({ length: steps }, (_, i) =>
    Number((start + ((end - start) * i) / (steps - 1)).toFixed(9)),
  );
}
