import { failureRecord } from '../measurement/run/failure-record.ts';
import { InstrumentError } from '../errors.ts';
import type { CommandReply } from '../instrument/client.ts';
import { commands } from '../instrument/commands/index.ts';
import type { MeasurementRecord } from '../archive/record.ts';
import type { Conditions } from '../conditions/conditions-schema.ts';
import { interpret } from '../figures/interpret.ts';
import { kindsOf } from '../measurement/kinds/index.ts';
import { conditionDoubts } from '../measurement/run/condition-doubts.ts';
import { resultOf } from '../measurement/run/draft.ts';
import { extentOf, type Lasted } from '../measurement/run/extent.ts';
import type { SeenEnd } from '../measurement/run/follow.ts';
import { Keeper } from '../measurement/run/keeper.ts';
import { lightDoubts } from '../measurement/run/light-doubts.ts';
import type { Failure, Measured } from '../measurement/run/measured.ts';
import type { Sample } from '../measurement/run/sample.ts';
import { missingArea, valuesOf } from '../measurement/run/applied.ts';
import type { MeasurementKind } from '../measurement/kinds/kind.ts';
import type { Applied } from '../archive/applied.ts';
import type { Dataset } from '../science/dataset.ts';
import { type Ending, judge, NO_STOPS, type Stops } from '../measurement/run/verdict.ts';
import { keptReplies } from './kept-replies.ts';
import type { Recovery } from './recovery.ts';

export interface Completion {
  ending: Ending;
  /** Stops of this server while it was followed. */
  stops?: Stops;
  /** How its data was come by, as a part of a sentence. */
  how: string;
  /** The reply that was fetched now; without it all of it had been kept. */
  reply?: CommandReply;
  /** Keeper of an entry that was taken over already. */
  keeper?: Keeper;
  /** Its end as it was seen, where it was followed. */
  seen?: Partial<SeenEnd> & { time?: Lasted };
}

/** Puts the data of a measurement into its entry, and ends that. */
export async function complete(recovery: Recovery, completion: Completion): Promise<Measured> {
  const { stored, routine, deps, replies } = recovery;
  const { record } = stored;
  const { reply } = completion;
  const { GetTestData } = commands.ROUTINE;
  const keeper = completion.keeper ?? new Keeper(deps, await deps.archive.resume(record.id));
  if (reply !== undefined) {
    keeper.reply(GetTestData.name, reply.payload);
    await keeper.settled();
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
  const { state, sentences } = judge({
    lifecycle: routine.lifecycle,
    ending: completion.ending,
    stops: completion.stops ?? NO_STOPS,
    extent: extentOf({
      routine,
      settings,
      dataset,
      time: timeIn(recovery, dataset),
      ...completion.seen,
    }),
    fetchedAfterAll: false,
    // Such data is refused before it comes to this.
    isThatOfBefore: false,
    needsData: true,
  });
  const failure = state === 'failed' ? unreadable(problems) : undefined;
  const after = reply === undefined ? record.conditions_after : recovery.conditions;
  const kind = kindsOf(deps.product).find(({ tool }) => tool === record.tool);
  const sample = {
    deviceName: record.device_name ?? dataset?.info.device ?? null,
    areaCm2: record.area_cm2 ?? dataset?.info.areaCm2 ?? null,
    areaSource: record.area_source ?? (dataset?.info.areaCm2 === undefined ? null : ('assumed' as const)),
  };
  const applied = appliedOf(recovery, { kind, sample, dataset });
  if (dataset !== undefined) keeper.dataset(dataset, applied);
  const recoveredAt = deps.now().toISOString();
  const warnings = [
    `recovered at ${recoveredAt}, ${completion.how}`,
    ...(routine.collectWhileRunning === true ? [GAPS] : []),
    ...sentences,
    ...doubtsOfConditions(record, routine.name, after),
    ...problems,
    ...analysis.warnings,
    ...(kind === undefined ? [] : missingArea(applied, kind, analysis.metrics)),
  ];
  const result = resultOf(analysis, warnings, dataset);
  await keeper.end(state, {
    device_name: sample.deviceName,
    area_cm2: sample.areaCm2,
    area_source: sample.areaSource,
    ...result,
    warnings: [
      ...result.warnings,
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
    tableBytes: keeper.tableBytes,
    sample,
    settings,
    applied,
    conditions: record.conditions ?? undefined,
    dataset,
    analysis,
    warnings: [...warnings, ...keeper.notes],
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

/** Lists the same doubts as for a measurement that was carried out here. */
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

const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600 };

/** How long a measurement lasted that runs until it is stopped, by the time in its data. */
function timeIn({ routine, stored, plannedMs }: Recovery, dataset: Dataset | undefined): Lasted | undefined {
  if (routine.lifecycle !== 'until_stopped' || dataset === undefined || plannedMs === undefined)
    return undefined;
  const lasted = lastedSeconds(dataset);
  if (lasted === undefined) return undefined;
  const own = routine.expectedSeconds?.(stored.record.settings ?? {});
  return { lasted, asked: plannedMs / 1000, own };
}

function lastedSeconds({ scans }: Dataset): number | undefined {
  for (const { columns } of scans) {
    const time = columns.find(({ name, unit }) => name === 'Time' && SECONDS[unit] !== undefined);
    const last = time?.values.at(-1);
    if (time !== undefined && typeof last === 'number') return last * (SECONDS[time.unit] ?? 1);
  }
  return undefined;
}

/**
 * Makes the failure for data that cannot be read. Such data may be anything: a checkpoint of before is not the whole.
 */
function unreadable(problems: readonly string[]): Failure {
  const error = new InstrumentError(problems.join('; '), {
    code: 'unexpected_reply',
    outcome: 'unknown',
    hint: 'The reply is kept as it came: get_measurement shows where.',
  });
  return { step: 'reading the data', error, instrumentState: null };
}

const GAPS = 'what the instrument showed while no server collected it is missing';
