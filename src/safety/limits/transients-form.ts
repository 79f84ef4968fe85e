import {
  between,
  current,
  currentWithUnit,
  flag,
  idleVoltageLimit,
  level,
  members,
  number,
  oneOf,
  optional,
  type Reader,
  scalar,
  text,
  considering,
  voltage,
} from './reader.ts';

/** One of them is needed: without, nothing would be known of the current. */
const probes = considering(
  members({ range: optional(currentWithUnit), compliance: optional(currentWithUnit) }),
  (_, seen) => (seen.currents.length > 0 ? seen : undefined),
);

const ramp = {
  'Pulse Delay': members({ 'Start (s)': number, 'Step (s)': number, 'End (s)': number }),
  'Pulse Width (s)': number,
  'V Ramp': members({ 'Duration (s)': number, 'Start (V)': voltage, 'End (V)': voltage }),
  'Delay (s)': number,
  Averages: number,
};

export const photoCelivForms: readonly Reader[] = [
  members({
    output: members(ramp),
    device_thickness_m: number,
    instrument: members({ type: oneOf('Fast', 'Slow'), config: probes }),
  }),
  members({
    output: members({ ...ramp, 'Dark-CELIV': optional(flag) }),
    device_thickness_m: number,
    instrument: members({
      type: text,
      // What the indices stand for is not documented; 0 is the preset.
      config: members({ Filter: optional(scalar), Range: oneOf(0) }),
    }),
  }),
];

const unit = optional(oneOf('a.u.'));
/** At open or at short circuit: the source puts out nothing but light. */
const output = members({
  pulse: members({ duration: number, duty_cycle: number, delay: number, averaging: number, points: number }),
  level: members({
    start: level,
    start_unit: unit,
    end: level,
    end_unit: unit,
    steps: number,
    ramp: flag,
    dark: flag,
    // Not documented; taken for one of light, like the others here, as long as it can be.
    offset: between(-1, 1),
    bias: between(0, 1),
  }),
  additional: members({ step_delay: number }),
  transient: optional(members({ high: number, mid: number, low: number })),
});

export const tprForms: readonly Reader[] = [
  members({
    test: oneOf('TPV', 'TPC'),
    device_type: text,
    device_settings: probes,
    output_settings: output,
  }),
  members({
    device_type: number,
    device_settings: optional(
      members({
        'Voltage Compliance': optional(idleVoltageLimit),
        'Current Compliance': optional(current),
      }),
    ),
    output_settings: optional(output),
  }),
];
