import { readConditions } from '../../conditions/conditions.ts';
import type { Conditions } from '../../conditions/conditions-schema.ts';
import { type ArkeoError, InstrumentError } from '../../errors.ts';
import { analyseDataset, interpret } from '../../figures/interpret.ts';
import type { Dataset } from '../../science/dataset.ts';
import { acquisitionDoubts } from './acquired-at.ts';
import { appliedTo, missingArea } from './applied.ts';
import { conditionDoubts } from './condition-doubts.ts';
import { resultOf } from './draft.ts';
import { extentOf, rowsOf } from './extent.ts';
import { failureRecord } from './failure-record.ts';
import type { Keeper } from './keeper.ts';
import { lightDoubts } from './light-doubts.ts';
import type { Failure, Measured, MeasureDeps, MeasureRequest } from './measured.ts';
import { type Phase, startOf } from './phase.ts';
import type { Run } from './run.ts';
import type { Glimpse } from './run-data.ts';
import { sampleOf } from './sample.ts';
import { type Ending, judge, type Stops } from './verdict.ts';

export interface Ended {
  request: MeasureRequest;
  run: Run;
  keeper: Keeper;
  phase: Phase;
  /** When its entry was opened. */
  beganAt: Date | undefined;
  /** Before the start. */
  conditions: Conditions | undefined;
  ending: Ending;
  stops: Stops;
  /** Replaces the dataset of the replies, where the procedure made one or looked at live data. */
  dataset: Dataset | undefined;
  /** After an error: the instrument had measured all that was asked, and a second try fetched it. */
  fetchedAfterAll?: boolean;
  /** The error, and the step at which it came. */
  failure?: { step: string; error: ArkeoError };
  /** Failures to stop or to switch off, one sentence each. */
  alarms: () => string[];
  /** The state of the routine as the instrument words it; null where it cannot be asked. */
  stateNow: () => Promise<string | null>;
}

/** Reads, analyses and judges what a measurement yielded, and ends its entry in the archive. */
export async function conclude(ended: Ended, deps: MeasureDeps): Promise<Measured> {
  const { request, run, keeper, conditions, alarms, phase, beganAt } = ended;
  // The replies are on the disk before anything is computed from them.
  await keeper.settled();
  const found = read(ended, deps);
  const isThatOfBefore = ended.dataset === undefined && run.data.isThatOfBefore && rowsOf(found.dataset) > 0;
  // The reply is kept as it came; figures of it would be those of another measurement.
  const { dataset, analysis, problems, sample } = isThatOfBefore ? { ...found, ...NOTHING } : found;
  const { state, sentences } = judge({
    lifecycle: run.routine.lifecycle,
    ending: ended.ending,
    stops: ended.stops,
    extent: extentOf({ routine: run.routine, settings: run.settings, dataset, ...run.end }),
    fetchedAfterAll: ended.fetchedAfterAll === true,
    isThatOfBefore,
    needsData: false,
  });
  const failure =
    state === 'failed'
      ? await failureOf(isThatOfBefore ? { ...ended, failure: dataOfBefore() } : ended)
      : undefined;
  const isPartial = state !== 'complete' && !run.data.isWhole && rowsOf(dataset) > 0;
  const after = await readConditions(deps.client).catch(() => null);
  run.switches.noteRoutineOff(after?.leds?.some(({ values }) => values.some((level) => level !== 0)));
  const applied = appliedTo({ kind: request.kind, run, sample: sample.sample, deps, dataset });
  if (dataset !== undefined && isPartial) keeper.partial(dataset, glimpsed(ended)?.payload);
  else if (dataset !== undefined) keeper.dataset(dataset, applied);
  const warnings = [
    ...(isPartial ? [PARTIAL] : []),
    ...(request.warnings ?? []),
    ...run.warnings,
    ...sentences,
    ...(deps.callers.current?.notes ?? []),
    ...sample.doubts,
    ...(beganAt === undefined
      ? []
      : acquisitionDoubts(dataset?.info.acquiredAt, { began: beganAt, ended: deps.now() })),
    ...(conditions !== undefined && after !== null
      ? conditionDoubts(run.routine.name, conditions, after)
      : []),
    ...(conditions === undefined ? [] : lightDoubts(run, conditions)),
    ...problems,
    ...analysis.warnings,
    ...missingArea(applied, request.kind, analysis.metrics),
  ];
  const { deviceName, areaCm2, areaSource } = sample.sample;
  await keeper.end(state, {
    device_name: deviceName,
    area_cm2: areaCm2,
    area_source: areaSource,
    ...resultOf(analysis, [...alarms(), ...warnings], dataset),
    settings: { ...run.settings },
    applied,
    start: startOf(phase),
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
    tableBytes: keeper.tableBytes,
    sample: sample.sample,
    settings: run.settings,
    applied,
    conditions,
    dataset,
    analysis,
    warnings: [...warnings, ...keeper.notes],
    alarms: alarms(),
    simulated: run.data.simulator !== undefined || typeof deps.connection.status().simulator === 'string',
    failure,
  };
}

const NOTHING = { dataset: undefined, analysis: { metrics: [], warnings: [] }, problems: [] };

function dataOfBefore(): NonNullable<Ended['failure']> {
  const error = new InstrumentError(
    'the data after the end is exactly that of before the start: nothing was measured, or what was measured is lost',
    {
      code: 'data_of_before',
      outcome: 'unknown',
      hint: 'Look at the ARKEO, then measure again. routine_get_test_data shows what the instrument holds.',
    },
  );
  return { step: 'reading the data', error };
}

async function failureOf({ failure, phase, run, stateNow }: Ended): Promise<Failure | undefined> {
  if (failure === undefined) return undefined;
  const instrumentState = await stateNow();
  if (phase.name !== 'not_started') return { ...failure, instrumentState };
  const window = run.opened ? [`the open window (${run.routine.name})`] : [];
  const changed = [...window, ...run.changed];
  return { ...failure, instrumentState, notBegun: { refused: phase.start === 'refused', changed } };
}

/** The data, its figures, and whose they are. */
function read(ended: Ended, deps: MeasureDeps) {
  const { request, run, dataset } = ended;
  const { kind, routine, args } = request;
  const reading = kind.reads?.(args, run.settings) ?? {};
  const ofSample = { args, settings: run.settings, table: kind.arguments };
  const stated = sampleOf(ofSample, deps).sample;
  const context = {
    settings: reading.settings ?? run.settings,
    areaCm2: stated.areaCm2 ?? undefined,
    irradiance: reading.irradiance,
    replies: run.answers,
  };
  const found =
    dataset === undefined
      ? interpret(routine, repliesOf(ended), context)
      : { dataset, ...analyseDataset(reading.routine ?? routine, dataset, context) };
  return { ...found, sample: sampleOf(ofSample, deps, found.dataset) };
}

/** Returns the checkpoint that was kept while it measured, if nothing could be fetched at its end. */
function glimpsed({ run: { data }, dataset }: Ended): Glimpse | undefined {
  return data.replies.length === 0 && dataset === undefined ? data.checkpoint : undefined;
}

function repliesOf(ended: Ended): readonly unknown[] {
  const glimpse = glimpsed(ended);
  return glimpse === undefined ? ended.run.data.replies : [glimpse.data];
}

const PARTIAL =
  'PARTIAL: this is what there was at a look while it measured; what came after it could not be fetched';
