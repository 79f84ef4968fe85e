import { failureRecord } from '../measurement/run/failure-record.ts';
import { InstrumentError } from '../errors.ts';
import type { CommandReply } from '../instrument/client.ts';
import { readingNotes } from '../figures/reading-notes.ts';
import { commands } from '../instrument/commands/index.ts';
import type { MeasurementRecord } from '../archive/record.ts';
import type { Conditions } from '../conditions/conditions-schema.ts';
import { interpret } from '../figures/interpret.ts';
import { kindsOf } from '../measurement/kinds/index.ts';
import type { EndState } from '../archive/entry.ts';
import { conditionDoubts } from '../measurement/run/condition-doubts.ts';
import type { EarlyEnd } from '../measurement/run/follow.ts';
import { Keeper } from '../measurement/run/keeper.ts';
import { lightDoubts } from '../measurement/run/light-doubts.ts';
import type { Failure, Measured } from '../measurement/run/measured.ts';
import { assumptions, type Sample } from '../measurement/run/sample.ts';
import { inForceOf, valuesOf } from '../measurement/run/applied.ts';
import type { MeasurementKind } from '../measurement/kinds/kind.ts';
import type { Applied } from '../archive/applied.ts';
import type { Dataset } from '../science/dataset.ts';
import { endedEarly } from './ended-early.ts';
import { keptReplies } from './kept-replies.ts';
import type { Recovery } from './recovery.ts';

export interface Completion {
  state: 'complete' | 'stopped';
  /** How its data was come by, as a part of a sentence. */
  how: string;
  /** What was fetched now; without it all of it had been kept. */
  reply?: CommandReply;
  /** Of an entry that was taken over already. */
  keeper?: Keeper;
  early?: EarlyEnd | undefined;
  /** It still runs, and was left so after the time that was asked for. */
  goesOn?: boolean;
}

/** Puts the data of a measurement into its entry, and ends that. */
export async function complete(recovery: Recovery, completion: Completion): Promise<Measured> {
  const { stored, routine, deps, replies } = recovery;
  const { record } = stored;
  const { reply, early } = completion;
  const { GetTestData } = commands.ROUTINE;
  const keeper = completion.keeper ?? new Keeper(deps.archive, await deps.archive.resume(record.id));
  if (reply !== undefined) {
    await keeper.reply(GetTestData.name, reply.payload);
    if (routine.collectWhileRunning !== true) replies.length = 0;
    if (JSON.stringify(replies.at(-1)) !== JSON.stringify(reply.data)) replies.push(reply.data);
  }
  const settings = record.settings ?? {};
  const rates = await keptReplies(deps.archive, record.id, 'GetRates');
  const { dataset, analysis, problems } = interpret(routine, replies, {
    settings,
    areaCm2: record.area_cm2 ?? undefined,
    replies: rates.length === 0 ? {} : { GetRates: rates.at(-1) },
  });
  if (dataset !== undefined) await keeper.dataset(dataset);
  const end =
    dataset === undefined || completion.state === 'stopped'
      ? { isStop: false, doubts: [] }
      : endedEarly(recovery, dataset, { early, goesOn: completion.goesOn === true });
  const failure = dataset === undefined ? unreadable(problems) : undefined;
  const state: EndState = failure !== undefined ? 'failed' : end.isStop ? 'stopped' : completion.state;
  const after = reply === undefined ? record.conditions_after : recovery.conditions;
  const kind = kindsOf(deps.product).find(({ tool }) => tool === record.tool);
  const sample = {
    deviceName: record.device_name ?? dataset?.info.device ?? null,
    areaCm2: record.area_cm2 ?? dataset?.info.areaCm2 ?? null,
    areaSource: record.area_source ?? (dataset?.info.areaCm2 === undefined ? null : ('assumed' as const)),
  };
  const applied = appliedOf(recovery, { kind, sample, dataset });
  const recoveredAt = deps.now().toISOString();
  const warnings = [
    `recovered at ${recoveredAt}, ${completion.how}`,
    ...(routine.collectWhileRunning === true ? [GAPS] : []),
    ...end.doubts,
    ...doubtsOfConditions(record, routine.name, after),
    ...problems,
    ...analysis.warnings,
    ...(kind === undefined ? [] : assumptions(applied, kind, analysis.metrics)),
  ];
  await keeper.end(state, {
    device_name: sample.deviceName,
    area_cm2: sample.areaCm2,
    area_source: sample.areaSource,
    metrics: analysis.metrics.map((metric) => ({ ...metric })),
    warnings: [
      ...warnings,
      ...readingNotes(dataset),
      ...record.warnings.map((warning) => `before it was recovered: ${warning}`),
    ],
    applied,
    conditions_after: after,
    failure: failureRecord(failure, null),
    recovered_at: recoveredAt,
  });
  if (keeper.problem === undefined && reply !== undefined) deps.kept.note(record.id, reply.data);
  return {
    state,
    routine,
    id: record.id,
    notKept: keeper.problem,
    sample,
    settings,
    applied,
    inForce: inForceOf(applied, kind?.arguments ?? {}),
    conditions: record.conditions ?? undefined,
    dataset,
    analysis,
    warnings,
    alarms: [],
    simulated: record.simulated,
    failure,
  };
}

/**
 * Completes what was noted as applied at the start by what only the data tells. What was on when its server went away
 * keeps no off: nobody knows when it went off. Records without that member get it from the request and the settings.
 */
function appliedOf(
  { stored: { record }, routine }: Recovery,
  {
    kind,
    sample,
    dataset,
  }: { kind: MeasurementKind | undefined; sample: Sample; dataset: Dataset | undefined },
): Applied {
  const { applied, request: args, settings } = record;
  if (kind === undefined) return applied ?? { values: {}, switched_on: [] };
  const told = valuesOf({
    kind,
    routine,
    args,
    settings: settings ?? {},
    sample,
    notes: new Map(),
    dataset,
    calibratedAt: undefined,
    now: new Date(record.started_at),
  });
  const noted = Object.entries(applied?.values ?? {}).filter(
    ([name, { value, source }]) => told[name] === undefined || (value !== null && source !== 'assumed'),
  );
  return { values: { ...told, ...Object.fromEntries(noted) }, switched_on: applied?.switched_on ?? [] };
}

/** As of a measurement that was carried out here. */
function doubtsOfConditions(
  { conditions: before, settings, request }: MeasurementRecord,
  routine: string,
  after: Conditions | null,
): string[] {
  if (before === null) return [];
  return [
    ...(after === null ? [] : conditionDoubts(routine, before, after)),
    ...lightDoubts({ settings: settings ?? {}, args: request }, before),
  ];
}

/** What cannot be read may be anything: a checkpoint of before is not the whole. */
function unreadable(problems: readonly string[]): Failure {
  const error = new InstrumentError(problems.join('; '), {
    code: 'unexpected_reply',
    outcome: 'unknown',
    hint: 'The reply is kept as it came: get_measurement shows where.',
  });
  return { step: 'reading the data', error, instrumentState: null };
}

const GAPS = 'what the instrument showed while no server collected it is missing';
