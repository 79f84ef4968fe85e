import type { LimitValues, SomeValues, Window } from './limit-values.ts';

/** Values that apply to a routine in place of a profile's own values. */
export interface RoutineValues {
  readonly routine: string;
  readonly values: SomeValues;
}

export interface BuiltIn {
  readonly values: LimitValues;
  /** The later over the earlier. */
  readonly byRoutine: readonly RoutineValues[];
}

const HOUR = 3600;

/**
 * The soft limits let the presets of every documented routine through, and what an ordinary measurement of such a
 * cell asks for; the hard ones are where cells do not recover, or where the instrument ends.
 */
const COMMON = {
  // The largest compliance among the presets; the largest range of the source.
  current_a: { soft: 0.1, hard: 1 },
  // Cells are tested at 65 °C; below 10 °C water condenses in an ordinary room. Hard: the range of the stage.
  temperature_c: { soft: [10, 70], hard: [-5, 85] },
  temperature_step_c: { soft: 45, hard: 90 },
  led_level: { soft: 1, hard: 1 },
  // A mix like the sun's has 0.139 of Far UV.
  uv_level: { soft: 0.15, hard: 0.5 },
  // Switching a laser on is asked for at any intensity.
  laser_percent: { soft: 100, hard: 100 },
  laser_duty_percent: { soft: 100, hard: 100 },
  probe_current_a: { soft: 0.01, hard: 0.1 },
  // Tracking lasts up to 1000 h.
  duration_s: { soft: 4 * HOUR, hard: 1000 * HOUR },
} satisfies Omit<LimitValues, 'voltage_v'>;

function builtIn(soft: Window, hard: Window): BuiltIn {
  return {
    values: { ...COMMON, voltage_v: { soft, hard } },
    byRoutine: [
      // It extracts charge by a reverse ramp, for less than a millisecond.
      {
        routine: 'Photo-CELIV',
        values: { voltage_v: { soft: [Math.min(soft[0], -1), soft[1]] } },
      },
      // Between four probes on a film there is no junction that could break down.
      { routine: 'Resistivity', values: { voltage_v: { soft: [-10, 10], hard: [-60, 60] } } },
    ],
  };
}

/** The profile that applies unless another is chosen, and on which further profiles of a file build. */
export const DEFAULT_PROFILE = 'single_junction';

export const BUILT_IN: Readonly<Record<string, BuiltIn>> = {
  [DEFAULT_PROFILE]: builtIn([-0.5, 1.4], [-3, 3]),
  tandem: builtIn([-0.5, 2.4], [-5, 5]),
  module: builtIn([-2, 20], [-60, 60]),
};
