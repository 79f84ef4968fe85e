import { InstrumentError } from '../../errors.ts';
import { isMeasuring } from '../../instrument/routine-status.ts';
import { type Dataset, rowCount } from '../../science/dataset.ts';
import { requireSane } from '../run/follow.ts';
import type { Run } from '../run/run.ts';

/** What is watched is kept in the archive so often, in case this program ends. */
const KEEP_EVERY_MS = 10_000;
/** Of the time that its own settings say: nobody stopped what ended then. */
const NEARLY = 0.9;
const FIRST_DATA_MS = 5 * 60_000;
/** A safe_shutdown is noticed within this time, however far apart the looks at the data are, */
const NOTICED_MS = 500;
/** and an end within this one. */
const STATUS_EVERY_MS = 1000;

export interface TrackOptions {
  seconds: number;
  /** Between two looks at the data. */
  everyMs: number;
  /** What to make of the live data, and of the time in s since the start, at each look. */
  onLook: (live: Dataset, elapsedSeconds: number) => { dataset: Dataset; sentence: string };
}

/**
 * Watches a measurement that runs until it is stopped, for a time that begins with its first data: MPPT scans before it
 * tracks. It may end by itself before. Throws InstrumentError where no data comes.
 */
export async function track(run: Run, { seconds, everyMs, onLook }: TrackOptions): Promise<void> {
  const started = performance.now();
  let began: number | undefined;
  let keptAt = started;
  for (;;) {
    const live = await run.peek();
    const now = performance.now();
    if (live.scans.some((scan) => rowCount(scan) > 0)) began ??= now;
    if (began === undefined && now - started > FIRST_DATA_MS) throw noData();
    const timing = timingOf(seconds, began === undefined ? 0 : now - began);
    // Its first scan may take long, and how long the settings of MPPT do not tell us.
    if (began === undefined)
      run.reportProgress('waiting for the first data; from then on', { ...timing, fraction: undefined });
    else {
      const { dataset, sentence } = onLook(live, timing.elapsedMs / 1000);
      run.dataset = dataset;
      run.showLive(dataset);
      if (now - keptAt > KEEP_EVERY_MS) {
        keptAt = now;
        // What is gathered from many looks was not read from the last of them.
        run.keepPartial(dataset, dataset === live ? run.data.looked?.payload : undefined);
      }
      run.reportProgress(sentence, timing);
    }
    if (timing.elapsedMs >= timing.expectedMs) return;
    // Right after the start it may not say so yet.
    const status = await run.status();
    requireSane(status, run.routine);
    if (now - started > 2000 && !isMeasuring(status)) {
      run.wasCutShort = run.expectedMs === undefined || now - started < NEARLY * run.expectedMs;
      run.warnings.push(
        `it ended by itself after ${Math.round((now - started) / 1000)} s, or was stopped at the screen: ${seconds} s were asked`,
      );
      run.finish();
      return;
    }
    // The time that was asked begins with the first data, which must not be seen late.
    const next = began === undefined ? STATUS_EVERY_MS : timing.expectedMs - timing.elapsedMs;
    await untilNextLook(run, Math.max(20, Math.min(everyMs, next)));
  }
}

async function untilNextLook(run: Run, ms: number): Promise<void> {
  const until = performance.now() + ms;
  let askedAt = performance.now();
  for (let left = ms; left > 0; left = until - performance.now()) {
    await run.session.pause(Math.min(left, NOTICED_MS));
    if (run.session.shutDown) return;
    if (performance.now() - askedAt < STATUS_EVERY_MS) continue;
    askedAt = performance.now();
    if (!isMeasuring(await run.status())) return;
  }
}

function timingOf(seconds: number, elapsedMs: number) {
  const expectedMs = seconds * 1000;
  return { elapsedMs, expectedMs, fraction: Math.min(1, elapsedMs / expectedMs) };
}

function noData(): InstrumentError {
  return new InstrumentError('it runs, but there is no data after 5 min', {
    code: 'no_data',
    outcome: 'unknown',
    hint: 'It was told to stop. Look at the settings (get_measurement) and at the ARKEO.',
  });
}
