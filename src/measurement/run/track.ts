import type { Clock } from '../../clock.ts';
import { InstrumentError } from '../../errors.ts';
import { isMeasuring } from '../../instrument/routine-status.ts';
import { type Dataset, rowCount } from '../../science/dataset.ts';
import { requireSane } from './require-sane.ts';
import type { RunData } from './run-data.ts';
import { hasEnded, type Watched } from './second-look.ts';
import type { Session } from './session.ts';
import type { Timing } from './timing.ts';

/** Interval between writes of watched data into the archive, in case this program ends. */
const KEEP_EVERY_MS = 10_000;
const FIRST_DATA_MS = 5 * 60_000;
/** Right after the start the status may still be that of before. */
const STARTS_WITHIN_MS = 2000;
/** A safe_shutdown is noticed within this time, however far apart the looks at the data are, */
const NOTICED_MS = 500;
/** and an end within this one. */
const STATUS_EVERY_MS = 1000;

export interface TrackOptions {
  seconds: number;
  /** Between two looks at the data. */
  everyMs: number;
  /** Makes a dataset of the live data, and of the time in s since the first data, at each look. */
  onLook: (live: Dataset, elapsedSeconds: number) => { dataset: Dataset; sentence: string };
}

/** A measurement that runs until it is stopped. */
export interface Tracking extends Watched {
  readonly clock: Clock;
  readonly session: Pick<Session, 'shutDown'>;
  readonly data: Pick<RunData, 'looked'>;
  peek(): Promise<Dataset>;
  reportProgress(sentence: string, timing?: Timing): void;
}

/**
 * Watches for a time that begins with the first data: MPPT scans before it tracks. `endedAfter` is the time in s after
 * which it ended by itself; undefined where it still runs. Throws InstrumentError where no data comes.
 */
export async function track(
  run: Tracking,
  {
    seconds,
    everyMs,
    onLook,
    keep,
  }: TrackOptions & {
    /** Keeps what there is so far. @param reply that it was read from, where that is one */
    keep: (dataset: Dataset, reply?: Buffer) => void;
  },
): Promise<{ endedAfter: number | undefined }> {
  const { clock } = run;
  const started = clock.now();
  let began: number | undefined;
  let keptAt = started;
  for (;;) {
    const live = await run.peek();
    const now = clock.now();
    if (live.scans.some((scan) => rowCount(scan) > 0)) began ??= now;
    if (began === undefined && now - started > FIRST_DATA_MS) throw noData();
    const timing = timingOf(seconds, began === undefined ? 0 : now - began);
    // Its first scan may take long, and how long the settings of MPPT do not tell us.
    if (began === undefined)
      run.reportProgress('waiting for the first data; from then on', { ...timing, fraction: undefined });
    else {
      const { dataset, sentence } = onLook(live, timing.elapsedMs / 1000);
      if (now - keptAt > KEEP_EVERY_MS) {
        keptAt = now;
        // Data that is gathered from many looks was not read from the reply of the last look.
        keep(dataset, dataset === live ? run.data.looked?.payload : undefined);
      }
      run.reportProgress(sentence, timing);
    }
    if (timing.elapsedMs >= timing.expectedMs) return { endedAfter: undefined };
    if (now - started <= STARTS_WITHIN_MS) requireSane(await run.status(), run.routine);
    else if (await hasEnded(run)) return { endedAfter: (now - started) / 1000 };
    // The time that was asked begins with the first data, which must not be seen late.
    const next = began === undefined ? STATUS_EVERY_MS : timing.expectedMs - timing.elapsedMs;
    await untilNextLook(run, Math.max(20, Math.min(everyMs, next)));
  }
}

async function untilNextLook(run: Tracking, ms: number): Promise<void> {
  const { clock } = run;
  const until = clock.now() + ms;
  let askedAt = clock.now();
  for (let left = ms; left > 0; left = until - clock.now()) {
    await run.pause(Math.min(left, NOTICED_MS));
    if (run.session.shutDown) return;
    if (clock.now() - askedAt < STATUS_EVERY_MS) continue;
    askedAt = clock.now();
    if (!isMeasuring(await run.status())) return;
  }
}

function timingOf(seconds: number, elapsedMs: number) {
  const expectedMs = seconds * 1000;
  return { elapsedMs, expectedMs, fraction: Math.min(1, elapsedMs / expectedMs) };
}

function noData(): InstrumentError {
  return new InstrumentError('the routine runs, but there is no data after 5 min', {
    code: 'no_data',
    outcome: 'unknown',
    hint: 'It was told to stop. Look at the settings (get_measurement) and at the ARKEO.',
  });
}
