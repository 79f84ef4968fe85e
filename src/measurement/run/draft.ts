import type { MeasurementRecord, RecordDraft } from '../../archive/record.ts';
import { sha256 } from '../../archive/stored.ts';
import type { Conditions } from '../../conditions/conditions-schema.ts';
import { readingNotes } from '../../figures/remarks.ts';
import type { Dataset } from '../../science/dataset.ts';
import type { Analysis } from '../../science/metrics/metric.ts';
import { appliedTo } from './applied.ts';
import type { MeasureDeps, MeasureRequest } from './measured.ts';
import { startOf, type Phase } from './phase.ts';
import type { Run } from './run.ts';
import type { Held } from './run-data.ts';
import { sampleOf } from './sample.ts';

/** The record of a measurement that is about to start. */
export function draftOf(
  { kind, routine, args }: MeasureRequest,
  { run, phase, conditions }: { run: Run; phase: Phase; conditions: Conditions },
  deps: MeasureDeps,
): RecordDraft {
  const { simulator } = deps.connection.status();
  const { sample } = sampleOf({ args, settings: run.settings, table: kind.arguments }, deps);
  return {
    ...originOf(deps, simulator ?? undefined),
    tool: kind.tool,
    request: { ...args },
    routine: routine.name,
    device_name: sample.deviceName,
    area_cm2: sample.areaCm2,
    area_source: sample.areaSource,
    note: typeof args['note'] === 'string' ? args['note'] : null,
    settings: { ...run.settings },
    applied: appliedTo({ kind, run, sample, deps }),
    conditions,
    conditions_after: null,
    start: startOf(phase),
    data_before: dataBefore(run.data.before),
  };
}

/** States where data comes from and what keeps it, for any kept data. @param simulator that answered */
export function originOf(
  { connection, userName, versions }: MeasureDeps,
  simulator: string | undefined,
): Pick<RecordDraft, 'user_name' | 'simulated' | 'simulator' | 'instrument' | 'software'> {
  return {
    user_name: userName ?? null,
    simulated: simulator !== undefined,
    simulator: simulator ?? null,
    instrument: connection.status().address,
    software: { name: 'arkeo-mcp', ...versions },
  };
}

/** The figures of a measurement as the record keeps them, and its warnings. */
export function resultOf(
  { metrics }: Analysis,
  warnings: readonly string[],
  dataset: Dataset | undefined,
): Pick<MeasurementRecord, 'metrics' | 'warnings'> {
  return {
    metrics: metrics.map((metric) => ({ ...metric })),
    warnings: [...warnings, ...readingNotes(dataset)],
  };
}

function dataBefore(held: Held | undefined): RecordDraft['data_before'] {
  if (held === undefined) return null;
  return { sha256: held === null ? null : sha256(held) };
}
