import * as z from 'zod';
import { appliedSchema } from './applied.ts';
import { conditionsSchema } from '../conditions/conditions-schema.ts';
import type { Metric } from '../science/metrics/metric.ts';

/** Counts up when a reader of the form before would misunderstand it. */
export const RECORD_VERSION = 1;

/**
 * - `running`: begun and not ended. Where its process is gone, it was interrupted.
 * - `complete`: it ended by itself
 * - `stopped`: it was told to stop, and what had been measured was kept
 * - `failed`: it ended at an error; what had been measured was kept
 */
export const RECORD_STATES = ['running', 'complete', 'stopped', 'failed'] as const;
export type RecordState = (typeof RECORD_STATES)[number];

const nullableNumber = z.number().nullable();

const metricSchema: z.ZodType<Metric, Metric> = z.looseObject({
  name: z.string(),
  value: nullableNumber,
  unit: z.string(),
  words: z.string().optional(),
  scan: z.string().optional(),
  method: z.string(),
  version: z.number(),
  // JSON writes NaN and Infinity as null; a figure without meaning must not make the record unreadable.
  uncertainty: z.number().optional().catch(undefined),
  /** The instrument's own value. */
  reported: z.number().optional().catch(undefined),
});

/**
 * Outcome of StartMeasurement: `not_sent` and `refused` mean that this measurement is nothing the instrument holds,
 * `accepted` that it began. `unknown`: it may have been sent, also if its sender was killed since.
 */
const START_OUTCOMES = ['not_sent', 'refused', 'unknown', 'accepted'] as const;
export type StartOutcome = (typeof START_OUTCOMES)[number];

const storedFileSchema = z.looseObject({
  /** Path inside the measurement's folder, with `/`. */
  name: z.string(),
  bytes: z.number(),
  sha256: z.string(),
});
export type StoredFile = z.output<typeof storedFileSchema>;

/** `measurement.json`: everything about one measurement but its data. Unknown members are kept. */
export const recordSchema = z.looseObject({
  format: z.literal('arkeo-mcp measurement'),
  format_version: z.number(),
  id: z.string(),
  state: z.enum(RECORD_STATES),
  /** The tool that was called, e.g. `measure_jv`. */
  tool: z.string(),
  /** Its arguments as asked. */
  request: z.record(z.string(), z.unknown()),
  /** The routine by our name for it. */
  routine: z.string(),
  device_name: z.string().nullable(),
  user_name: z.string().nullable(),
  /** cm²; `assumed` when nobody stated it and the instrument's own setting was taken. */
  area_cm2: nullableNumber,
  area_source: z.enum(['stated', 'assumed']).nullable(),
  note: z.string().nullable().default(null),
  /** UTC, ISO 8601. */
  started_at: z.string(),
  ended_at: z.string().nullable(),
  simulated: z.boolean(),
  /** Name and version of the simulator; null for an instrument. */
  simulator: z.string().nullable(),
  /** Address at which the instrument was reached. */
  instrument: z.string(),
  software: z.looseObject({ name: z.string(), version: z.string(), node: z.string() }),
  /** Whose process measures, to tell an interrupted measurement from a running one. */
  process: z.looseObject({
    host: z.string(),
    pid: z.number(),
    /** Computer, and its start, within which the number of the process tells anything. */
    machine: z.string().optional(),
    /** Drawn by whoever began the entry or took it over: the process before it may not write any more. */
    claim: z.string().optional(),
    /** It has let go of the entry: nobody measures. */
    gone: z.boolean().optional(),
  }),
  /** Settings as the instrument returned them right before the start. */
  settings: z.record(z.string(), z.unknown()).nullable(),
  /** Null in records that are older than this member. */
  applied: appliedSchema.nullable().default(null),
  conditions: conditionsSchema.nullable(),
  /** Conditions after the end. */
  conditions_after: conditionsSchema.nullable().default(null),
  metrics: z.array(metricSchema),
  warnings: z.array(z.string()),
  /** Why it is not complete. */
  failure: z
    .looseObject({
      step: z.string(),
      code: z.union([z.string(), z.number()]),
      message: z.string(),
      instrument_state: z.string().nullable(),
    })
    .nullable(),
  /** Null where nothing is started with that command, or the entry is older than this member. */
  start: z.enum(START_OUTCOMES).nullable().default(null),
  /** SHA-256 of the data that the instrument held before the start, null where it had none. Null as a whole is unknown. */
  data_before: z.looseObject({ sha256: z.string().nullable() }).nullable().default(null),
  /** The data is what there was at a look while it measured: the end is missing. */
  partial: z.boolean().default(false),
  /** When its data was fetched after all; UTC, ISO 8601. */
  recovered_at: z.string().nullable().default(null),
  /** Files that belong to the measurement, with checksums: the replies as they came, and the data read from them. */
  files: z.array(storedFileSchema),
  /** Names of files that the disk refused. A file that has such a name all the same is older than the record. */
  unwritten: z.array(z.string()).default([]),
});
export type MeasurementRecord = z.output<typeof recordSchema>;

/** Members that are known before a measurement starts; the archive adds the rest. */
const draftSchema = recordSchema
  .omit({
    format: true,
    format_version: true,
    id: true,
    state: true,
    started_at: true,
    ended_at: true,
    process: true,
    files: true,
    unwritten: true,
  })
  .partial({ metrics: true, warnings: true, failure: true });
export type RecordDraft = z.input<typeof draftSchema>;
