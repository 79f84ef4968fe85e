import { type Dataset, rowCount } from '../../science/dataset.ts';
import { readConditions } from '../conditions.ts';
import type { Conditions } from '../archive/record.ts';
import { analyseDataset, interpret } from '../interpret.ts';
import { conditionDoubts } from './condition-doubts.ts';
import { lightDoubts } from './light-doubts.ts';
import type { EarlyEnd } from './follow.ts';
import type { Keeper } from './keeper.ts';
import type { EndState, Failure, Measured, MeasureDeps, MeasureRequest } from './measured.ts';
import type { Run } from './run.ts';
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
  const { request, run, keeper, conditions, state, failure } = ended;
  const { dataset, analysis, problems, sample } = read(ended, deps);
  if (dataset !== undefined) await keeper.dataset(dataset);
  const after = await readConditions(deps.client).catch(() => null);
  const warnings = [
    ...(request.warnings ?? []),
    ...run.warnings,
    ...(deps.callers.current?.notes ?? []),
    ...earlyEndDoubts(run.earlyEnd, dataset),
    ...sample.doubts,
    ...(conditions !== undefined && after !== null
      ? conditionDoubts(run.routine.name, conditions, after)
      : []),
    ...(conditions === undefined ? [] : lightDoubts(run, conditions)),
    ...problems,
    ...analysis.warnings,
    ...assumptions(run, request.kind, sample.sample, analysis.metrics),
  ];
  const { deviceName, areaCm2, areaSource } = sample.sample;
  await keeper.end(state, {
    device_name: deviceName,
    area_cm2: areaCm2,
    area_source: areaSource,
    metrics: analysis.metrics.map((metric) => ({ ...metric })),
    warnings: [
      ...run.alarms,
      ...warnings,
      ...(dataset?.notes ?? []).map((note) => `how the data was read: ${note}`),
    ],
    settings: { ...run.settings },
    conditions_after: after,
    failure:
      failure === undefined
        ? null
        : {
            step: failure.step,
            code: failure.error.code,
            message: failure.error.message,
            instrument_state: failure.instrumentState,
          },
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
    inForce: run.inForce,
    conditions,
    dataset,
    analysis,
    warnings,
    alarms: run.alarms,
    simulated: run.data.simulator !== undefined || typeof deps.connection.status().simulator === 'string',
    failure,
  };
}

/** The data, its figures, and whose they are. */
function read({ request: { routine }, run }: Ended, deps: MeasureDeps) {
  const stated = sampleOf(run, deps).sample;
  const context = {
    settings: run.analysis.settings ?? run.settings,
    areaCm2: stated.areaCm2 ?? undefined,
    irradiance: run.analysis.irradiance,
    replies: run.answers,
  };
  const found =
    run.dataset === undefined
      ? interpret(routine, run.data.replies, context)
      : { dataset: run.dataset, ...analyseDataset(run.analysis.routine ?? routine, run.dataset, context) };
  return { ...found, sample: sampleOf(run, deps, found.dataset) };
}

/** Rows of points that were to be measured, as a part of them, below which the end was early. */
const COMPLETE = 0.9;

function earlyEndDoubts(early: EarlyEnd | undefined, dataset: Dataset | undefined): string[] {
  const rows = dataset?.scans.reduce((sum, scan) => sum + rowCount(scan), 0) ?? 0;
  if (early === undefined || rows >= COMPLETE * early.points) return [];
  return [
    `it ended early, ${rows} of ${early.points} points: stopped at the screen, or by a condition of its own such as Auto Voc`,
  ];
}
