import * as z from 'zod';

/**
 * Sources that a value may rest on.
 * - `asked`: the caller stated it
 * - `instrument`: the instrument had it so, and it was left as found
 * - `default`: ours, because nothing was said and the instrument has no such setting
 * - `assumed`: nobody stated or measured it, and figures rest on it
 * - `measured`: taken from a measurement, which `note` names
 */
export const VALUE_SOURCES = ['asked', 'instrument', 'default', 'assumed', 'measured'] as const;
export type ValueSource = (typeof VALUE_SOURCES)[number];

const appliedValueSchema = z.looseObject({
  value: z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.unknown())]),
  /** Unit as the field writes it; empty for a value without a unit. */
  unit: z.string(),
  source: z.enum(VALUE_SOURCES),
  /** Origin of the value, where the source does not say it all. */
  note: z.string().optional(),
});
export type AppliedValue = z.output<typeof appliedValueSchema>;

/**
 * How it is known that something is off again.
 * - `read_back`: the instrument shows it off
 * - `acknowledged`: the instrument accepted the command, and nothing can be read back
 * - `failed`: it could not be switched off, or is still on
 * - `left_on`: it was to stay on
 */
export const OFF_EVIDENCE = ['read_back', 'acknowledged', 'failed', 'left_on'] as const;

const switchedOnSchema = z.looseObject({
  what: z.enum(['laser', 'light', 'relay', 'shutter', 'output']),
  /** Channel, level or position, for people: "channel 1, 20 %". */
  detail: z.string(),
  /** UTC, ISO 8601. */
  on_at: z.string(),
  /** UTC, ISO 8601; null while it is on, and where its off was never sent. */
  off_at: z.string().nullable(),
  off: z.enum(OFF_EVIDENCE).nullable(),
});
export type SwitchedOn = z.output<typeof switchedOnSchema>;

/** Values that were applied to a measurement: every argument of its kind, and what was switched on for it. */
export const appliedSchema = z.looseObject({
  /** By the name of the argument, such as `end_v` or `laser_percent`; also what figures rest on, such as `irradiance_mw_cm2`. */
  values: z.record(z.string(), appliedValueSchema),
  switched_on: z.array(switchedOnSchema).default([]),
});
export type Applied = z.output<typeof appliedSchema>;
