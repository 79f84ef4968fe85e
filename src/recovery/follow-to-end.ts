import * as z from 'zod';
import { InstrumentError } from '../errors.ts';
import type { CommandReply } from '../instrument/client.ts';
import { commands } from '../instrument/commands/index.ts';
import { isMeasuring } from '../instrument/routine-status.ts';
import { readReplies } from '../figures/interpret.ts';
import { Checkpoints } from '../measurement/run/checkpoints.ts';
import { follow, type Following, requireSane } from '../measurement/run/follow.ts';
import { Keeper } from '../measurement/run/keeper.ts';
import type { Measured } from '../measurement/run/measured.ts';
import { patiently } from '../measurement/run/patience.ts';
import type { Session } from '../measurement/run/session.ts';
import { progressOf } from '../measurement/run/run-progress.ts';
import { complete } from './complete.ts';
import { continues } from './same-data.ts';
import { dataGone, onlyLatest } from './not-recovered.ts';
import { type Recovery, rowsIn } from './recovery.ts';

export interface FollowSteps {
  fetch: () => Promise<CommandReply>;
  /** Throws where the data is not, or may not be, that of the measurement. */
  requireItsData: (reply: CommandReply) => Promise<void>;
  /** Whether nothing speaks against it, of what there is while it measures. */
  isItsData: (reply: CommandReply) => boolean;
  tell: (sentence: string) => void;
  startedAgoMs: number;
}

const LOOK_MS = 500;
const FIRST_DATA_MS = 5 * 60_000;
/** Of the time that its own settings say: nobody stopped what ended then. */
const NEARLY = 0.9;
const delaysDone = z.looseObject({ delays_done: z.number() });

/**
 * Takes a measurement over that is under way, follows it to its end, and fetches its data. It never stops it: that it is
 * the one that was begun is not sure before its end. Being told to stop ends the following, by throwing Stopped.
 */
export async function followToEnd(recovery: Recovery, steps: FollowSteps): Promise<Measured> {
  const { stored, routine, deps } = recovery;
  const firstDataAt = routine.lifecycle === 'until_stopped' ? await wholeLive(recovery, steps) : undefined;
  const keeper = new Keeper(deps.archive, await deps.archive.resume(stored.record.id));
  try {
    const ended = await (routine.lifecycle === 'until_stopped'
      ? untilPlannedEnd(recovery, steps, { keeper, firstDataAt })
      : untilItEnds(recovery, steps, keeper));
    const reply = await steps.fetch();
    await steps.requireItsData(reply);
    return await complete(recovery, { ...ended, reply, keeper });
  } catch (error) {
    await keeper.release();
    throw isOvertime(error) ? leftRunning(error) : error;
  }
}

function isOvertime(error: unknown): error is InstrumentError {
  return error instanceof InstrumentError && error.code === 'overtime';
}

function leftRunning({ message, code, outcome }: InstrumentError): InstrumentError {
  return new InstrumentError(message, {
    code,
    outcome,
    hint: 'It was not stopped. Look at the ARKEO; if the person wants it stopped: routine_stop_measurement with scope "everything".',
  });
}

/**
 * Only what keeps all of its readings can be recovered, and only where it goes on from what was kept. Returns when its
 * first data came, by `performance.now()`, where that was seen: MPPT scans before it tracks.
 */
async function wholeLive(recovery: Recovery, steps: FollowSteps): Promise<number | undefined> {
  const { stored, routine, kept, session } = recovery;
  const asked = performance.now();
  for (let looks = 0; ; looks++) {
    const { data } = await steps.fetch();
    const rows = rowsIn(routine, data);
    const isOver = performance.now() - asked > FIRST_DATA_MS || !isMeasuring(await session.status());
    if (rows === 1 || (rows === 0 && isOver)) throw onlyLatest(stored, routine, true);
    const live = readReplies(routine, [data]);
    if (kept !== undefined && live !== undefined && continues(live, kept) === 'different')
      throw dataGone(stored, `another run of ${routine.name} is under way`);
    if (rows > 1) return looks === 0 ? undefined : performance.now();
    steps.tell('waiting for the first data');
    await session.pause(LOOK_MS);
  }
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
    reportProgress: (doing, timing) => options.onProgress(progressOf(doing, timing)),
    read: (act) => patiently(session, act, steps.tell),
  };
  let collected = -1;
  const collect = async (progress: unknown): Promise<void> => {
    const done = delaysDone.safeParse(progress).data?.delays_done;
    if (done !== undefined && done <= collected) return;
    collected = done ?? 0;
    const { data, payload } = await steps.fetch();
    if (JSON.stringify(data) === JSON.stringify(replies.at(-1))) return;
    keeper.reply(commands.ROUTINE.GetTestData.name, payload);
    replies.push(data);
  };
  const { stops } = deps.lastRun;
  const early = await follow({
    run: following,
    changed: () => Promise.resolve(undefined),
    onLook: routine.collectWhileRunning === true ? collect : undefined,
    checkpoints: new Checkpoints(deps.checkpoints, () => checkpoint(recovery, steps, keeper)),
    startedAgoMs: steps.startedAgoMs,
  });
  if (deps.lastRun.stops > stops) return stoppedHere(session);
  return { early, state: 'complete' as const, how: 'it still measured, and was followed to its end' };
}

/** A safe_shutdown that found nothing to stop, or was refused, did not end it. */
function stoppedHere({ shutDown }: Session) {
  const how = shutDown ? 'a safe_shutdown stopped it' : 'it was told to stop while it was followed';
  return { early: undefined, state: 'stopped' as const, how };
}

async function checkpoint(
  { routine, session }: Recovery,
  { isItsData }: FollowSteps,
  keeper: Keeper,
): Promise<void> {
  if (routine.collectWhileRunning === true) return;
  const reply = await session.call(commands.ROUTINE.GetTestData, {});
  const live = readReplies(routine, [reply.data]);
  if (live !== undefined && isItsData(reply)) keeper.partial(live, reply.payload);
}

/** What runs until it is stopped, for as long as was asked; it is left running, since nobody asked for more here. */
async function untilPlannedEnd(
  recovery: Recovery,
  steps: FollowSteps,
  { keeper, firstDataAt }: { keeper: Keeper; firstDataAt: number | undefined },
) {
  const { routine, stored, session, plannedMs = 0, deps, options } = recovery;
  const startedAt = performance.now() - steps.startedAgoMs;
  const began = firstDataAt ?? startedAt;
  const own = routine.expectedSeconds?.(stored.record.settings ?? {});
  const { stops } = deps.lastRun;
  const checkpoints = new Checkpoints(deps.checkpoints, () => checkpoint(recovery, steps, keeper));
  for (;;) {
    const status = await patiently(session, () => session.status(), steps.tell);
    requireSane(status, routine);
    if (!isMeasuring(status)) {
      if (deps.lastRun.stops > stops) return stoppedHere(session);
      if (own !== undefined && performance.now() - startedAt >= NEARLY * own * 1000)
        return { early: undefined, state: 'complete' as const, how: OWN_END };
      return {
        early: undefined,
        state: 'stopped' as const,
        how: 'it was stopped before the time that was asked for',
      };
    }
    const elapsedMs = performance.now() - began;
    if (elapsedMs >= plannedMs)
      return { early: undefined, state: 'complete' as const, how: GOES_ON, goesOn: true };
    const timing = { elapsedMs, expectedMs: plannedMs, fraction: elapsedMs / plannedMs };
    options.onProgress(progressOf('measuring', timing));
    await checkpoints.atLook(elapsedMs, plannedMs);
    await session.pause(Math.min(LOOK_MS, Math.max(20, plannedMs - elapsedMs)));
  }
}

const OWN_END = 'it ended by itself after the time that its own settings say';
const GOES_ON =
  'the time that was asked for is over, and IT STILL RUNS: routine_stop_measurement with scope "everything" stops it';
