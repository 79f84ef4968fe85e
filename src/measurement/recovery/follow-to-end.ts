import * as z from 'zod';
import { ArkeoError } from '../../errors.ts';
import type { CommandReply } from '../../instrument/client.ts';
import { commands } from '../../instrument/commands/index.ts';
import { isMeasuring } from '../../instrument/routine-status.ts';
import { readReplies } from '../interpret.ts';
import { Checkpoints } from '../run/checkpoints.ts';
import { type EarlyEnd, follow, type Following, requireSane } from '../run/follow.ts';
import { Keeper } from '../run/keeper.ts';
import type { Measured } from '../run/measured.ts';
import { patiently } from '../run/patience.ts';
import { Session } from '../run/session.ts';
import { Stopped } from '../run/stopped.ts';
import { describeTimeLeft, timeLeftMs } from '../run/timing.ts';
import { complete } from './complete.ts';
import { continues } from './same-data.ts';
import { dataGone, onlyLatest } from './not-recovered.ts';
import { type Recovery, rowsIn } from './recovery.ts';

export interface FollowSteps {
  fetch: () => Promise<CommandReply>;
  /** Throws where the data is not, or may not be, that of the measurement. */
  requireItsData: (reply: CommandReply) => Promise<void>;
  tell: (sentence: string) => void;
  startedAgoMs: number;
}

const LOOK_MS = 500;
const delaysDone = z.looseObject({ delays_done: z.number() });

/** Takes a measurement over that is under way, follows it to its end, and fetches its data. */
export async function followToEnd(recovery: Recovery, steps: FollowSteps): Promise<Measured> {
  const { stored, routine, deps } = recovery;
  if (routine.lifecycle === 'until_stopped') await requireWholeLive(recovery, steps);
  const keeper = new Keeper(deps.archive, await deps.archive.resume(stored.record.id));
  let ended: { early: EarlyEnd | undefined; state: 'complete' | 'stopped'; how: string };
  try {
    ended = await untilEnd(recovery, steps, keeper);
    const reply = await unlessStopped(steps.fetch, recovery);
    await steps.requireItsData(reply);
    return await complete(recovery, { ...ended, reply, keeper });
  } catch (error) {
    await keeper.release();
    throw error;
  }
}

/** Only what keeps all of its readings can be recovered, and only where it goes on from what was kept. */
async function requireWholeLive({ stored, routine, kept }: Recovery, { fetch }: FollowSteps): Promise<void> {
  const { data } = await fetch();
  if (rowsIn(routine, data) <= 1) throw onlyLatest(stored, routine, true);
  const live = readReplies(routine, [data]);
  if (kept !== undefined && live !== undefined && continues(live, kept) === 'different')
    throw dataGone(stored, `another run of ${routine.name} is under way`);
}

async function untilEnd(recovery: Recovery, steps: FollowSteps, keeper: Keeper) {
  const { session, options } = recovery;
  try {
    return await (recovery.routine.lifecycle === 'until_stopped'
      ? untilPlannedEnd(recovery, steps, keeper)
      : untilItEnds(recovery, steps, keeper));
  } catch (error) {
    if (!options.stop.aborted || !(error instanceof Stopped || error instanceof ArkeoError)) throw error;
    steps.tell('stopping');
    const rescue = rescueSession(recovery);
    await rescue.tellToStop();
    await rescue.untilStopped();
    const how = session.shutDown ? 'a safe_shutdown stopped it' : 'it was told to stop while it was followed';
    return { early: undefined, state: 'stopped' as const, how };
  }
}

/** What was told to stop still has to be fetched. */
function rescueSession({ deps }: Recovery): Session {
  return new Session({ ...deps, stop: new AbortController().signal });
}

async function unlessStopped(fetch: FollowSteps['fetch'], recovery: Recovery): Promise<CommandReply> {
  if (!recovery.options.stop.aborted) return fetch();
  return rescueSession(recovery).call(commands.ROUTINE.GetTestData, {});
}

/** A finite routine, to its own end. */
async function untilItEnds(recovery: Recovery, steps: FollowSteps, keeper: Keeper) {
  const { routine, session, plannedMs, replies, options, deps } = recovery;
  const following: Following = {
    routine,
    session,
    expectedMs: plannedMs,
    seenMeasuring: true,
    noteMeasuring: () => undefined,
    tell: (sentence, timing) => {
      const left = timing === undefined ? '' : describeTimeLeft(timing);
      options.onProgress({
        sentence: left === '' ? sentence : `${sentence}, ${left}`,
        fraction: timing?.fraction,
        leftMs: timing && timeLeftMs(timing),
      });
    },
    read: (act) => patiently(session, act, steps.tell),
  };
  let collected = -1;
  const collect = async (progress: unknown): Promise<void> => {
    const done = delaysDone.safeParse(progress).data?.delays_done;
    if (done !== undefined && done <= collected) return;
    collected = done ?? 0;
    const { data, payload } = await steps.fetch();
    if (JSON.stringify(data) === JSON.stringify(replies.at(-1))) return;
    await keeper.reply(commands.ROUTINE.GetTestData.name, payload);
    replies.push(data);
  };
  const early = await follow({
    run: following,
    changed: () => Promise.resolve(undefined),
    onLook: routine.collectWhileRunning === true ? collect : undefined,
    checkpoints: new Checkpoints(deps.checkpoints, () => checkpoint(recovery, keeper)),
    startedAgoMs: steps.startedAgoMs,
  });
  const state = session.shutDown ? ('stopped' as const) : ('complete' as const);
  return { early, state, how: 'it still measured, and was followed to its end' };
}

async function checkpoint({ routine, session }: Recovery, keeper: Keeper): Promise<void> {
  if (routine.collectWhileRunning === true) return;
  const { data, payload } = await session.call(commands.ROUTINE.GetTestData, {});
  const live = readReplies(routine, [data]);
  if (live !== undefined) await keeper.partial(live, payload);
}

/** What runs until it is stopped, for as long as was asked; it is left running, since nobody asked for more here. */
async function untilPlannedEnd(recovery: Recovery, steps: FollowSteps, keeper: Keeper) {
  const { routine, session, plannedMs = 0, deps, options } = recovery;
  const began = performance.now() - steps.startedAgoMs;
  const checkpoints = new Checkpoints(deps.checkpoints, () => checkpoint(recovery, keeper));
  for (;;) {
    const status = await patiently(session, () => session.status(), steps.tell);
    requireSane(status, routine);
    if (!isMeasuring(status))
      return {
        early: undefined,
        state: 'stopped' as const,
        how: 'it was stopped before the time that was asked for',
      };
    const elapsedMs = performance.now() - began;
    if (elapsedMs >= plannedMs) return { early: undefined, state: 'complete' as const, how: GOES_ON };
    const timing = { elapsedMs, expectedMs: plannedMs, fraction: elapsedMs / plannedMs };
    options.onProgress({
      sentence: `measuring, ${describeTimeLeft(timing)}`,
      fraction: timing.fraction,
      leftMs: timeLeftMs(timing),
    });
    await checkpoints.atLook(elapsedMs, plannedMs);
    await session.pause(Math.min(LOOK_MS, Math.max(20, plannedMs - elapsedMs)));
  }
}

const GOES_ON =
  'the time that was asked for is over, and IT STILL RUNS: routine_stop_measurement with scope "everything" stops it';
