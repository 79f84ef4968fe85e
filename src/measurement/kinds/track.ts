import { isMeasuring } from '../../instrument/routine-status.ts';
import type { Dataset } from '../../science/dataset.ts';
import type { Run } from '../run/run.ts';

/** What is watched is kept in the archive so often, in case this program ends. */
const KEEP_EVERY_MS = 10_000;

export interface TrackOptions {
  seconds: number;
  /** Between two looks at the data. */
  everyMs: number;
  /** What to make of the live data, and of the time in s since the start, at each look. */
  onLook: (live: Dataset, elapsedSeconds: number) => { dataset: Dataset; sentence: string };
}

/** Watches a measurement that runs until it is stopped, for a time; it may end by itself before. */
export async function track(run: Run, { seconds, everyMs, onLook }: TrackOptions): Promise<void> {
  const began = performance.now();
  const totalMs = seconds * 1000;
  let keptAt = began;
  for (;;) {
    const elapsedMs = performance.now() - began;
    if (elapsedMs >= totalMs) return;
    const { dataset, sentence } = onLook(await run.peek(), elapsedMs / 1000);
    run.dataset = dataset;
    if (performance.now() - keptAt > KEEP_EVERY_MS) {
      keptAt = performance.now();
      await run.keepPartial(dataset);
    }
    run.tell(sentence, { elapsedMs, expectedMs: totalMs, fraction: elapsedMs / totalMs });
    // Right after the start it may not say so yet.
    if (elapsedMs > 2000 && !isMeasuring(await run.session.status())) {
      run.warnings.push(`it ended by itself after ${Math.round(elapsedMs / 1000)} s`);
      run.ended();
      return;
    }
    await run.session.pause(Math.max(1, Math.min(everyMs, began + totalMs - performance.now())));
  }
}
