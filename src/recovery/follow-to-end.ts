import * as z from 'zod';
import { InstrumentError } from '../errors.ts';
import type { CommandReply } from '../instrument/client.ts';
import { commands } from '../instrument/commands/index.ts';
import { isMeasuring } from '../instrument/routine-status.ts';
import { readReplies } from '../figures/interpret.ts';
import { Checkpoints } from '../measurement/run/checkpoints.ts';
import { follow, type Following } from '../measurement/run/follow.ts';
import { Keeper } from '../measurement/run/keeper.ts';
import type { Measured } from '../measurement/run/measured.ts';
import { patiently } from '../measurement/run/patience.ts';
import { progressOf } from '../measurement/run/run-progress.ts';
import { hasEnded } from '../measurement/run/second-look.ts';
import { NO_STOPS, type Stops } from '../measurement/run/verdict.ts';
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
const delaysDone = z.looseObject({ delays_done: z.number() });

/**
 * Takes a measurement over that is under way, follows it to its end, and fetches its data. It never stops it: that it is
 * the one that was begun is not sure before its end. Being told to stop ends the following, by throwing Stopped.
 */
export async function followToEnd(recovery: Recovery, steps: FollowSteps): Promise<Measured> {
  const { stored, routine, deps } = recovery;
  const firstDataAt = routine.lifecycle === 'until_stopped' ? await wholeLive(recovery, steps) : undefined;
  const keeper = new Keeper(deps, await deps.archive.resume(stored.record.id));
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
 * first data came, by the clock, where that was seen: MPPT scans before it tracks.
 */
async function wholeLive(recovery: Recovery, steps: FollowSteps): Promise<number | undefined> {
  const { stored, routine, kept, session } = recovery;
  const { clock } = session;
  const asked = clock.now();
  for (let looks = 0; ; looks++) {
    const { data } = await steps.fetch();
    const rows = rowsIn(routine, data);
    const isOver = clock.now() - asked > FIRST_DATA_MS || !isMeasuring(await session.status());
    if (rows === 1 || (rows === 0 && isOver)) throw onlyLatest(stored, routine, true);
    const live = readReplies(routine, [data]);
    if (kept !== undefined && live !== undefined && continues(live, kept) === 'different')
      throw dataGone(stored, `another run of ${routine.name} is under way`);
    if (rows > 1) return looks === 0 ? undefined : clock.now();
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
  const seen = await follow({
    run: following,
    changed: () => Promise.resolve(undefined),
    onLook: routine.collectWhileRunning === true ? collect : undefined,
    checkpoints: new Checkpoints(deps.checkpoints, () => checkpoint(recovery, steps, keeper)),
    startedAgoMs: steps.startedAgoMs,
  });
  return { ...FOLLOWED, stops: stopsSince(stops, recovery), seen };
}

const FOLLOWED = {
  ending: { how: 'followed' },
  how: 'it still measured, and was followed to its end',
} as const;

/** Stops of this server while it was followed. @param before how many had been sent */
function stopsSince(before: number, { deps, session }: Recovery): Stops {
  const stopped = deps.lastRun.stops > before;
  return {
    ...NO_STOPS,
    accepted: stopped,
    possible: stopped,
    shutDown: session.shutDown,
    shutDownAtEnd: session.shutDown,
  };
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

/**
 * Follows a routine that runs until it is stopped, for as long as was asked. The routine is left running, since nobody
 * asked for more here.
 */
async function untilPlannedEnd(
  recovery: Recovery,
  steps: FollowSteps,
  { keeper, firstDataAt }: { keeper: Keeper; firstDataAt: number | undefined },
) {
  const { routine, stored, session, plannedMs = 0, deps, options } = recovery;
  const { clock } = session;
  const startedAt = clock.now() - steps.startedAgoMs;
  const began = firstDataAt ?? startedAt;
  const own = routine.expectedSeconds?.(stored.record.settings ?? {});
  const { stops } = deps.lastRun;
  const checkpoints = new Checkpoints(deps.checkpoints, () => checkpoint(recovery, steps, keeper));
  const watched = {
    routine,
    status: () => patiently(session, () => session.status(), steps.tell),
    pause: (ms: number) => session.pause(ms),
  };
  for (;;) {
    if (await hasEnded(watched)) {
      const time = { lasted: (clock.now() - startedAt) / 1000, asked: plannedMs / 1000, own };
      return { ...FOLLOWED, stops: stopsSince(stops, recovery), seen: { time } };
    }
    const elapsedMs = clock.now() - began;
    if (elapsedMs >= plannedMs) return { ending: { how: 'left_running' as const }, how: GOES_ON };
    const timing = { elapsedMs, expectedMs: plannedMs, fraction: elapsedMs / plannedMs };
    options.onProgress(progressOf('measuring', timing));
    await checkpoints.atLook(elapsedMs, plannedMs);
    await session.pause(Math.min(LOOK_MS, Math.max(20, plannedMs - elapsedMs)));
  }
}

const GOES_ON =
  'the time that was asked for is over, and IT STILL RUNS: routine_stop_measurement with scope "everything" stops it';
