import * as z from 'zod';
import { RECORD_STATES, recordSchema, type MeasurementRecord, type RecordState } from './record.ts';

/**
 * `interrupted`: begun, and its process went away before it ended. `perhaps_running`: begun by another process, of which
 * it is not known yet whether it lives.
 */
export type MeasurementState = RecordState | 'interrupted' | 'perhaps_running';

const { shape } = recordSchema;

/** Members that a list shows of a measurement, and that a line of the index holds. */
export const summarySchema = z.object({
  id: shape.id,
  state: z.enum(RECORD_STATES),
  tool: shape.tool,
  routine: shape.routine,
  device_name: shape.device_name,
  user_name: shape.user_name,
  area_cm2: shape.area_cm2,
  note: shape.note,
  started_at: shape.started_at,
  ended_at: shape.ended_at,
  simulated: shape.simulated,
  metrics: z.array(
    z.object({
      name: z.string(),
      value: z.number().nullable(),
      unit: z.string(),
      words: z.string().optional(),
      scan: z.string().optional(),
      /** Lines of the index that are older than this member are written anew from the records. */
      uncertainty: z.number().nullable(),
    }),
  ),
});

/** Summary as the record says it: an interrupted measurement is still `running` here. */
export type StoredSummary = z.output<typeof summarySchema>;

export interface MeasurementSummary extends Omit<StoredSummary, 'state'> {
  state: MeasurementState;
  /** Absolute. */
  folder: string;
}

/** Through JSON, as it is written: a value that is no number becomes null. */
export function summarise(record: MeasurementRecord): StoredSummary {
  const metrics = record.metrics.map((metric) => ({ ...metric, uncertainty: metric.uncertainty ?? null }));
  return summarySchema.parse(JSON.parse(JSON.stringify({ ...record, metrics })));
}
