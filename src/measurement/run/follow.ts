import { ArkeoError, InstrumentError } from '../../errors.ts';
import { progressFraction } from '../../instrument/progress.ts';
import { quote } from '../../instrument/quote.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import { isMeasuring, type RoutineStatus } from '../../instrument/routine-status.ts';
import { patiently } from './patience.ts';
import { isRoutine, type Session } from './session.ts';
import { pollDelayMs, type Timing } from './timing.ts';

/** A measurement that says Ready, and was not seen running for this long, has ended or never began. */
const UNSEEN_MS = 1500;
/** Where the data has to be fetched while it measures. */
const COLLECT_EVERY_MS = 150;
/** Beyond this multiple of the expected time, and so much more, it will not end by itself. */
const OVERTIME = { factor: 3, plusMs: 60_000 };
/** Where nobody knows how long it takes. */
const LONGEST_MS = 4 * 3600_000;

export interface FollowOptions {
  session: Session;
  routine: RoutineDefinition;
  expectedMs: number | undefined;
  /** Whether the data is other than before the start: a measurement may begin and end between two looks. */
  dataChanged: () => Promise<boolean>;
  onProgress: (timing: Timing, sentence: string | undefined) => void;
  /** Given the progress at every look while it measures. */
  onLook?: ((progress: unknown) => Promise<void>) | undefined;
}

/**
 * Follows a measurement from its start to its end: it is over when it is neither Starting nor Running after it was
 * seen so, or with other data than before, or Ready for longer than a start takes. Returns what is doubtful.
 * Throws InstrumentError when the routine went into error, was closed or takes far too long, ConnectionError
 * when the instrument stays out of reach, Stopped when told to stop.
 */
export async function follow(options: FollowOptions): Promise<string[]> {
  const { session, expectedMs } = options;
  const began = performance.now();
  const limit = expectedMs === undefined ? LONGEST_MS : OVERTIME.factor * expectedMs + OVERTIME.plusMs;
  let seen = false;
  for (;;) {
    const status = await look(options, began);
    requireSane(status, options.routine);
    const elapsedMs = performance.now() - began;
    const fraction = progressFraction(status.progress);
    const timing: Timing = { elapsedMs, expectedMs, fraction };
    if (isMeasuring(status)) {
      seen = true;
      options.onProgress(timing, options.routine.progress(status.progress));
      await options.onLook?.(status.progress);
    } else {
      if (seen) return [];
      if (elapsedMs > UNSEEN_MS) return (await options.dataChanged()) ? [] : [NEVER_SEEN];
    }
    if (elapsedMs > limit)
      throw new InstrumentError(
        `it still measures after ${Math.round(elapsedMs / 1000)} s${expectedMs === undefined ? '' : `, though ${Math.round(expectedMs / 1000)} s were expected`}`,
        {
          code: 'overtime',
          outcome: 'unknown',
          hint: 'It was told to stop. Look at the ARKEO; measure again with settings that take less time.',
        },
      );
    const delay = pollDelayMs(timing);
    await session.pause(options.onLook === undefined ? delay : Math.min(delay, COLLECT_EVERY_MS));
  }
}

const NEVER_SEEN =
  'the instrument was never seen measuring, and its data is as before: this may be the data of an earlier measurement';

/** One look at the status, as often as needed where the network is away. */
async function look(
  { session, onProgress, expectedMs }: FollowOptions,
  began: number,
): Promise<RoutineStatus> {
  try {
    return await patiently(
      session,
      () => session.status(),
      (sentence) =>
        onProgress({ elapsedMs: performance.now() - began, expectedMs, fraction: undefined }, sentence),
    );
  } catch (error) {
    throw error instanceof ArkeoError && error.code === 4006 ? closed() : error;
  }
}

/** Throws InstrumentError where the routine is in error, or the open one is another. */
export function requireSane({ status, name, error }: RoutineStatus, routine: RoutineDefinition): void {
  if (name !== undefined && name !== '' && !isRoutine(name, routine.name)) throw closed(name);
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
