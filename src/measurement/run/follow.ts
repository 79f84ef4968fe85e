import * as z from 'zod';
import { ArkeoError, InstrumentError } from '../../errors.ts';
import { progressFraction } from '../../instrument/progress.ts';
import { quote } from '../../text/quote.ts';
import { hasName, type RoutineDefinition } from '../../instrument/routines/routine.ts';
import { isMeasuring, type RoutineStatus } from '../../instrument/routine-status.ts';
import type { Checkpoints } from './checkpoints.ts';
import { MissedStartDetector } from './missed-start.ts';
import { patiently } from './patience.ts';
import type { Session } from './session.ts';
import { pollDelayMs, tellsByProgress, timeLeftMs, type Timing } from './timing.ts';

/** Where the data has to be fetched while it measures. */
const COLLECT_EVERY_MS = 150;
/** Beyond this multiple of the expected time, and so much more, it will not end by itself. */
const OVERTIME = { factor: 3, plusMs: 60_000 };
/** Where nobody knows how long it takes. */
const LONGEST_MS = 4 * 3600_000;
/** What was so far from its end at one look has not come to it by the next. */
const CUT_SHORT = { fraction: 0.9, leftMs: 1000, factor: 3 };

/** An end that came too early by the progress seen; only the rows can tell, since points may take very different times. */
export interface EarlyEnd {
  /** Share that was done when it was last seen measuring, 0 to 1. */
  readonly fraction: number;
  /** How many points it was to have. */
  readonly points: number;
}

/** A measurement that was started. */
export interface Following {
  readonly routine: RoutineDefinition;
  readonly session: Session;
  readonly expectedMs: number | undefined;
  readonly seenMeasuring: boolean;
  noteMeasuring(): void;
  reportProgress(sentence: string, timing?: Timing): void;
  /** As often as needed where the network is away. */
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

/**
 * Follows a measurement from its start to its end: it is over when it is neither Starting nor Running after it was
 * seen so, or has other data than before. Returns what makes the end look early, if anything. Throws InstrumentError when it never started, the
 * routine went into error, was closed or takes far too long, ConnectionError when the instrument stays out of reach,
 * Stopped when told to stop.
 */
export async function follow({
  run,
  changed,
  onLook,
  checkpoints,
  startedAgoMs = 0,
}: FollowOptions): Promise<EarlyEnd | undefined> {
  const { expectedMs, session } = run;
  const began = performance.now() - startedAgoMs;
  const limit = expectedMs === undefined ? LONGEST_MS : OVERTIME.factor * expectedMs + OVERTIME.plusMs;
  const missedStart = new MissedStartDetector(() => run.read(changed), expectedMs);
  let last: Timing | undefined;
  let points: number | undefined;
  for (;;) {
    const status = await look(run, began);
    requireSane(status, run.routine);
    const elapsedMs = performance.now() - began;
    const timing: Timing = { elapsedMs, expectedMs, fraction: progressFraction(status.progress) };
    if (isMeasuring(status)) {
      run.noteMeasuring();
      last = timing;
      points = totalPoints(status.progress) ?? points;
      run.reportProgress(run.routine.progress(status.progress) ?? 'measuring', timing);
      await onLook?.(status.progress);
      await checkpoints.atLook(elapsedMs, expectedMs);
    } else if (run.seenMeasuring) return earlyEnd(last, elapsedMs, points);
    else if (await missedStart.hasEnded(elapsedMs)) return undefined;
    if (elapsedMs > limit) throw overtime(elapsedMs, expectedMs);
    const delay = pollDelayMs(timing);
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
          elapsedMs: performance.now() - began,
          expectedMs,
          fraction: undefined,
        }),
    );
  } catch (error) {
    throw error instanceof ArkeoError && error.code === 4006 ? closed() : error;
  }
}

/** Stopped at the screen it is Ready just as at its end; only that it came too early tells. */
function earlyEnd(
  last: Timing | undefined,
  elapsedMs: number,
  points: number | undefined,
): EarlyEnd | undefined {
  const left = last && timeLeftMs(last);
  if (points === undefined || last?.fraction === undefined || left === undefined) return undefined;
  // The settings tell how long it should take, and only its own progress how long it does.
  if (!tellsByProgress(last) || last.fraction > CUT_SHORT.fraction) return undefined;
  const isEarly = left > CUT_SHORT.leftMs && left > CUT_SHORT.factor * (elapsedMs - last.elapsedMs);
  return isEarly ? { fraction: last.fraction, points } : undefined;
}

const counted = z.looseObject({ 'total points': z.number().positive() });

function totalPoints(progress: unknown): number | undefined {
  return counted.safeParse(progress).data?.['total points'];
}

/** Throws InstrumentError where the routine is in error, or the open one is another. */
export function requireSane({ status, name, error }: RoutineStatus, routine: RoutineDefinition): void {
  if (name !== undefined && name !== '' && !hasName(routine, name)) throw closed(name);
  if (status !== 'Error') return;
  throw new InstrumentError(
    `the routine went into error while it measured: ${quote(error ?? 'no reason given')}`,
    {
      code: 'routine_error',
      outcome: 'unknown',
      hint: 'Find the reason at the ARKEO, then call routine_clear_errors and measure again.',
    },
  );
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

function closed(other?: string): InstrumentError {
  return new InstrumentError(
    other === undefined
      ? 'the routine is no longer open: it was closed at the screen, or the ARKEO application was restarted'
      : `another routine is open now: ${quote(other)}`,
    {
      code: 'routine_closed',
      outcome: 'unknown',
      hint: 'Ask the person at the ARKEO what happened, then measure again.',
    },
  );
}
