import { InstrumentError } from '../../errors.ts';
import { findColumn, type Scan } from '../../science/dataset.ts';
import type { Run } from '../run/run.ts';
import { hasEnded } from '../run/second-look.ts';

const POLL_MS = 100;
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
  let deadline = run.clock.now() + limitMs;
  let [good, readings] = [0, 0];
  let before: Reading | undefined;
  for (;;) {
    const asked = run.clock.now();
    if (await hasEnded(run)) throw stoppedElsewhere();
    const reading = readingOf((await run.peek()).scans[0]);
    // A network that was away says nothing of the sample.
    deadline += Math.max(0, run.clock.now() - asked - LONG_READ_MS);
    if (reading.volts !== before?.volts || reading.amperes !== before?.amperes) {
      readings++;
      good = reached(reading) ? good + 1 : 0;
    }
    before = reading;
    if (good >= SETTLED_READINGS) return { reading, reached: true };
    if (readings >= ENOUGH_READINGS || run.clock.now() > deadline) return { reading, reached: false };
    await run.pause(POLL_MS);
  }
}

/** Readings of a routine that does not run say nothing of the sample. */
function stoppedElsewhere(): InstrumentError {
  return new InstrumentError(
    'the routine does not run any more: it was stopped at the screen or by another program',
    {
      code: 'stopped_elsewhere',
      outcome: 'unknown',
      hint: 'Ask the person at the ARKEO what happened, then measure again.',
    },
  );
}
