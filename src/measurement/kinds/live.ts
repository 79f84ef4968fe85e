import { InstrumentError } from '../../errors.ts';
import { isMeasuring, type RoutineStatus } from '../../instrument/routine-status.ts';
import { findColumn, type Scan } from '../../science/dataset.ts';
import { requireSane } from '../run/follow.ts';
import type { Run } from '../run/run.ts';

const POLL_MS = 100;
const START_DEADLINE_MS = 20_000;
/** The first reading at a new value may have begun before it. */
const SETTLED_READINGS = 2;
/** After so many readings nothing more will come: a limit holds the value. */
const ENOUGH_READINGS = 8;
const LONG_READ_MS = 1000;

/** Live voltage and current, once. */
export interface Reading {
  /** V; null where the instrument has no number. */
  volts: number | null;
  /** A. */
  amperes: number | null;
}

function readingOf(scan: Scan | undefined): Reading {
  const last = (name: string): number | null =>
    scan === undefined ? null : (findColumn(scan, name)?.values.at(-1) ?? null);
  return { volts: last('Voltage'), amperes: last('Current') };
}

/**
 * Waits until what was set is what is measured, for two readings, or until so many readings were taken that a limit
 * must be holding it. Equal readings count once: the instrument repeats the latest one. Throws InstrumentError where
 * the routine stopped running.
 */
export async function settle(
  run: Run,
  reached: (reading: Reading) => boolean,
  limitMs: number,
): Promise<{ reading: Reading; reached: boolean }> {
  let deadline = performance.now() + limitMs;
  let [good, readings] = [0, 0];
  let before: Reading | undefined;
  for (;;) {
    const asked = performance.now();
    requireMeasuring(await run.status(), run);
    const reading = readingOf((await run.peek()).scans[0]);
    // A network that was away says nothing of the sample.
    deadline += Math.max(0, performance.now() - asked - LONG_READ_MS);
    if (reading.volts !== before?.volts || reading.amperes !== before?.amperes) {
      readings++;
      good = reached(reading) ? good + 1 : 0;
    }
    before = reading;
    if (good >= SETTLED_READINGS) return { reading, reached: true };
    if (readings >= ENOUGH_READINGS || performance.now() > deadline) return { reading, reached: false };
    await run.session.pause(POLL_MS);
  }
}

/** What is read from a routine that does not run says nothing of the sample. */
function requireMeasuring(status: RoutineStatus, { routine }: Run): void {
  requireSane(status, routine);
  if (isMeasuring(status)) return;
  throw new InstrumentError('it does not run any more: it was stopped at the screen or by another program', {
    code: 'stopped_elsewhere',
    outcome: 'unknown',
    hint: 'Ask the person at the ARKEO what happened, then measure again.',
  });
}

/** Waits until the instrument says Running, so that what is set takes effect. Throws InstrumentError. */
export async function untilRunning(run: Run): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  for (;;) {
    const status = await run.status();
    requireSane(status, run.routine);
    if (status.status === 'Running') return run.noteMeasuring();
    if (performance.now() > deadline)
      throw new InstrumentError('it was started, but does not run after 20 s', {
        code: 'not_running',
        outcome: 'unknown',
        hint: 'Call instrument_status; somebody may have to answer a question at the ARKEO screen.',
      });
    await run.session.pause(POLL_MS);
  }
}
