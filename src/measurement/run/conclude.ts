import { failureRecord } from './failure-record.ts';
import { type Dataset, rowCount } from '../../science/dataset.ts';
import { readConditions } from '../../conditions/conditions.ts';
import type { EndState } from '../../archive/entry.ts';
import type { Conditions } from '../../conditions/conditions-schema.ts';
import { readingNotes } from '../../figures/reading-notes.ts';
import { analyseDataset, interpret } from '../../figures/interpret.ts';
import { appliedTo, inForceOf } from './applied.ts';
import { conditionDoubts } from './condition-doubts.ts';
import { lightDoubts } from './light-doubts.ts';
import type { Keeper } from './keeper.ts';
import type { Failure, Measured, MeasureDeps, MeasureRequest } from './measured.ts';
import type { Run } from './run.ts';
import type { Glimpse } from './run-data.ts';
import { assumptions, sampleOf } from './sample.ts';

export interface Ended {
  request: MeasureRequest;
  run: Run;
  keeper: Keeper;
  /** Before the start. */
  conditions: Conditions | undefined;
  state: EndState;
  failure: Failure | undefined;
}

/** Reads and analyses what a measurement yielded, and ends its entry in the archive. */
export async function conclude(ended: Ended, deps: MeasureDeps): Promise<Measured> {
  const { request, run, keeper, conditions, failure } = ended;
  // The replies are on the disk before anything is computed from them.
  await keeper.settled();
  const { dataset, analysis, problems, sample } = read(ended, deps);
  const early = earlyEnd(run, dataset);
  const state = ended.state === 'complete' && early.isStop ? 'stopped' : ended.state;
  const isPartial = state !== 'complete' && !run.data.isWhole && rowsOf(dataset) > 0;
  if (dataset !== undefined && isPartial) keeper.partial(dataset, glimpsed(run)?.payload);
  else if (dataset !== undefined) keeper.dataset(dataset);
  const after = await readConditions(deps.client).catch(() => null);
  run.noteRoutineOff(after?.leds?.some(({ values }) => values.some((level) => level !== 0)));
  const applied = appliedTo({ kind: request.kind, run, sample: sample.sample, deps, dataset });
  const warnings = [
    ...(isPartial ? [PARTIAL] : []),
    ...(request.warnings ?? []),
    ...run.warnings,
    ...(deps.callers.current?.notes ?? []),
    ...early.doubts,
    ...sample.doubts,
    ...(conditions !== undefined && after !== null
      ? conditionDoubts(run.routine.name, conditions, after)
      : []),
    ...(conditions === undefined ? [] : lightDoubts(run, conditions)),
    ...problems,
    ...analysis.warnings,
    ...assumptions(applied, request.kind, analysis.metrics),
  ];
  const { deviceName, areaCm2, areaSource } = sample.sample;
  await keeper.end(state, {
    device_name: deviceName,
    area_cm2: areaCm2,
    area_source: areaSource,
    metrics: analysis.metrics.map((metric) => ({ ...metric })),
    warnings: [...run.alarms, ...warnings, ...readingNotes(dataset)],
    settings: { ...run.settings },
    applied,
    start: run.startOutcome ?? null,
    conditions_after: after,
    failure: failureRecord(failure, failure?.instrumentState ?? null),
  });
  if (keeper.id !== undefined && keeper.problem === undefined) {
    if (run.data.replies.length > 0) deps.kept.note(keeper.id, run.data.replies.at(-1));
    if (dataset !== undefined) deps.kept.noteRun(keeper.id, deps.lastRun.run?.number);
  }
  return {
    state,
    routine: request.routine,
    id: keeper.id,
    notKept: keeper.problem,
    sample: sample.sample,
    settings: run.settings,
    applied,
    inForce: inForceOf(applied, request.kind.arguments),
    conditions,
    dataset,
    analysis,
    warnings: [...warnings, ...keeper.notes],
    alarms: run.alarms,
    simulated: run.data.simulator !== undefined || typeof deps.connection.status().simulator === 'string',
    failure,
  };
}

/** The data, its figures, and whose they are. */
function read({ request: { routine, kind }, run }: Ended, deps: MeasureDeps) {
  const ofSample = { args: run.args, settings: run.settings, table: kind.arguments };
  const stated = sampleOf(ofSample, deps).sample;
  const context = {
    settings: run.analysis.settings ?? run.settings,
    areaCm2: stated.areaCm2 ?? undefined,
    irradiance: run.analysis.irradiance,
    replies: run.answers,
  };
  const found =
    run.dataset === undefined
      ? interpret(routine, repliesOf(run), context)
      : { dataset: run.dataset, ...analyseDataset(run.analysis.routine ?? routine, run.dataset, context) };
  return { ...found, sample: sampleOf(ofSample, deps, found.dataset) };
}

/** What there was while it measured, where nothing could be fetched at its end. */
function glimpsed({ data, dataset }: Run): Glimpse | undefined {
  return data.replies.length === 0 && dataset === undefined ? data.checkpoint : undefined;
}

function repliesOf(run: Run): readonly unknown[] {
  const glimpse = glimpsed(run);
  return glimpse === undefined ? run.data.replies : [glimpse.data];
}

function rowsOf(dataset: Dataset | undefined): number {
  return dataset?.scans.reduce((sum, scan) => sum + rowCount(scan), 0) ?? 0;
}

const PARTIAL =
  'PARTIAL: this is what there was at a look while it measured; what came after it could not be fetched';

/** Rows of points that were to be measured, as a part of them, below which the end was early. */
const COMPLETE = 0.9;

type EndedRun = Pick<Run, 'earlyEnd' | 'routine' | 'settings' | 'wasCutShort'>;

/** Whether it has less than it was to have, and whether only a stop can be the reason. */
export function earlyEnd(
  { earlyEnd: early, routine, settings, wasCutShort }: EndedRun,
  dataset: Dataset | undefined,
): { isStop: boolean; doubts: string[] } {
  const rows = rowsOf(dataset);
  if (early === undefined || rows >= COMPLETE * early.points) return { isStop: wasCutShort, doubts: [] };
  const isStop = dataset === undefined || routine.endedByItself?.(dataset, settings) !== true;
  const why = isStop
    ? 'it was stopped at the screen or by another program'
    : 'stopped at the screen, or by a condition of its own such as Auto Voc';
  return { isStop, doubts: [`it ended early, ${rows} of ${early.points} points: ${why}`] };
}
