import { ArkeoError, InstrumentError } from '../../errors.ts';
import { progressFraction, type RoutineProgress } from '../../instrument/progress.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import { isMeasuring, type RoutineStatus } from '../../instrument/routine-status.ts';
import type { Checkpoints } from './checkpoints.ts';
import { MissedStartDetector } from './missed-start.ts';
import { announcedPoints, type ExtentFrom } from './extent.ts';
import { patiently } from './patience.ts';
import { requireSane, routineClosed } from './require-sane.ts';
import { SECOND_LOOK_MS } from './second-look.ts';
import type { Session } from './session.ts';
import { pollDelayMs, tellsByProgress, timeLeftMs, type Timing } from './timing.ts';

/** Interval between fetches, if the data has to be fetched while it measures. */
const COLLECT_EVERY_MS = 150;
/** Beyond this multiple of the expected time, and so much more, it will not end by itself. */
const OVERTIME = { factor: 3, plusMs: 60_000 };
/** Longest measurement, if nobody knows how long it takes. */
const LONGEST_MS = 4 * 3600_000;
/** A measurement that was so far from its end at one look has not come to it by the next. */
const CUT_SHORT = { fraction: 0.9, leftMs: 1000, factor: 3 };

/** A measurement that was started. */
export interface Following {
  readonly routine: RoutineDefinition;
  readonly session: Session;
  readonly expectedMs: number | undefined;
  readonly seenMeasuring: boolean;
  noteMeasuring(): void;
  reportProgress(doing: string | RoutineProgress, timing?: Timing): void;
  /** Repeats the read as often as needed while the network is away. */
  read<T>(act: () => Promise<T>): Promise<T>;
}

export interface FollowOptions {
  run: Following;
  /** The data, if it is surely other than before the start: a measurement may begin and end between two looks. */
  changed: () => Promise<string | undefined>;
  /** Given the progress at every look while it measures. */
  onLook?: ((progress: unknown) => Promise<void>) | undefined;
  /** Keeps what there is so far, where that is due. */
  checkpoints: Checkpoints;
  /** ms since the start, where that is not now. */
  startedAgoMs?: number | undefined;
}

/** The end as its own progress lets it appear: see `Extent`. */
export type SeenEnd = Required<Pick<ExtentFrom, 'announced' | 'lookedEarly'>>;

/**
 * Follows a measurement from its start to its end: it is over when it is Ready at two looks in a row after it was seen
 * measuring, or has other data than before. Throws InstrumentError when it never started, the routine went into error,
 * was closed or takes far too long, ConnectionError when the instrument stays out of reach, Stopped when told to stop.
 */
export async function follow({
  run,
  changed,
  onLook,
  checkpoints,
  startedAgoMs = 0,
}: FollowOptions): Promise<SeenEnd> {
  const { expectedMs, session } = run;
  const { clock } = session;
  const began = clock.now() - startedAgoMs;
  const limit = expectedMs === undefined ? LONGEST_MS : OVERTIME.factor * expectedMs + OVERTIME.plusMs;
  const missedStart = new MissedStartDetector(() => run.read(changed), expectedMs);
  let last: Timing | undefined;
  let announced: number | undefined;
  /** When it first looked ended; undefined while it measures. */
  let endedMs: number | undefined;
  for (;;) {
    const status = await look(run, began);
    requireSane(status, run.routine);
    const elapsedMs = clock.now() - began;
    const timing: Timing = { elapsedMs, expectedMs, fraction: progressFraction(status.progress) };
    if (isMeasuring(status)) {
      run.noteMeasuring();
      last = timing;
      endedMs = undefined;
      announced = announcedPoints(status.progress) ?? announced;
      run.reportProgress(run.routine.progress(status.progress) ?? 'measuring', timing);
      await onLook?.(status.progress);
      await checkpoints.atLook(elapsedMs, expectedMs);
    } else if (run.seenMeasuring) {
      if (endedMs !== undefined && status.status === 'Ready')
        return { announced, lookedEarly: looksEarly(last, endedMs) };
      endedMs ??= elapsedMs;
    } else if (await missedStart.hasEnded(elapsedMs)) return { announced, lookedEarly: false };
    if (elapsedMs > limit) throw overtime(elapsedMs, expectedMs);
    const delay = endedMs === undefined ? pollDelayMs(timing) : SECOND_LOOK_MS;
    await session.pause(onLook === undefined ? delay : Math.min(delay, COLLECT_EVERY_MS));
  }
}

/** One look at the status, as often as needed where the network is away. */
async function look(run: Following, began: number): Promise<RoutineStatus> {
  const { session, expectedMs } = run;
  try {
    return await patiently(
      session,
      () => session.status(),
      (sentence) =>
        run.reportProgress(sentence, {
          elapsedMs: session.clock.now() - began,
          expectedMs,
          fraction: undefined,
        }),
    );
  } catch (error) {
    throw error instanceof ArkeoError && error.code === 4006 ? routineClosed() : error;
  }
}

/** By its own progress it ended too early: points may take very different times, so that this alone decides nothing. */
function looksEarly(last: Timing | undefined, elapsedMs: number): boolean {
  const left = last && timeLeftMs(last);
  if (last?.fraction === undefined || left === undefined) return false;
  // The settings tell how long it should take, and only its own progress how long it does.
  if (!tellsByProgress(last) || last.fraction > CUT_SHORT.fraction) return false;
  return left > CUT_SHORT.leftMs && left > CUT_SHORT.factor * (elapsedMs - last.elapsedMs);
}

function overtime(elapsedMs: number, expectedMs: number | undefined): InstrumentError {
  const expected =
    expectedMs === undefined ? '' : `, though ${Math.round(expectedMs / 1000)} s were expected`;
  return new InstrumentError(`it still measures after ${Math.round(elapsedMs / 1000)} s${expected}`, {
    code: 'overtime',
    outcome: 'unknown',
    hint: 'It was told to stop. Look at the ARKEO; measure again with settings that take less time.',
  });
}
