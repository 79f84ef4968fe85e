import type { CommandReply } from '../../instrument/client.ts';
import { readingNotes } from '../reading-notes.ts';
import { commands } from '../../instrument/commands/index.ts';
import { readConditions } from '../conditions.ts';
import { argumentsInForce } from '../arguments/apply-arguments.ts';
import { interpret } from '../interpret.ts';
import { measurementKinds } from '../kinds/index.ts';
import { earlyEnd } from '../run/conclude.ts';
import type { EarlyEnd } from '../run/follow.ts';
import { Keeper } from '../run/keeper.ts';
import type { Measured } from '../run/measured.ts';
import { assumptions } from '../run/sample.ts';
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
  const end = earlyEnd({ earlyEnd: early, routine, settings, wasCutShort: false }, dataset);
  const state = end.isStop ? 'stopped' : completion.state;
  const kind = measurementKinds.find(({ tool }) => tool === record.tool);
  const inForce = kind === undefined ? {} : argumentsInForce(settings, kind.arguments);
  const sample = {
    deviceName: record.device_name ?? dataset?.info.device ?? null,
    areaCm2: record.area_cm2 ?? dataset?.info.areaCm2 ?? null,
    areaSource: record.area_source ?? (dataset?.info.areaCm2 === undefined ? null : ('assumed' as const)),
  };
  const recoveredAt = deps.now().toISOString();
  const warnings = [
    `recovered at ${recoveredAt}, ${completion.how}`,
    ...(routine.collectWhileRunning === true ? [GAPS] : []),
    ...end.doubts,
    ...problems,
    ...analysis.warnings,
    ...(kind === undefined
      ? []
      : assumptions({ args: record.request, inForce }, kind, sample, analysis.metrics)),
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
    conditions_after:
      reply === undefined ? record.conditions_after : await readConditions(deps.client).catch(() => null),
    failure: null,
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
    inForce,
    conditions: record.conditions ?? undefined,
    dataset,
    analysis,
    warnings,
    alarms: [],
    simulated: record.simulated,
    failure: undefined,
  };
}

const GAPS = 'what the instrument showed while no server collected it is missing';
