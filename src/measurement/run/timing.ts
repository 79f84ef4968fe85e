/** Figures from which the time left is estimated; ms, undefined is unknown. */
export interface Timing {
  elapsedMs: number;
  /** From the settings, for the whole measurement. */
  expectedMs: number | undefined;
  /** 0 to 1, as the instrument reports it. */
  fraction: number | undefined;
}

/** Fractions and times below these say too little to compute with. */
const LEAST_FRACTION = 0.05;
const LEAST_MS = 1000;

const POLL = { first: 60, unknown: 200, min: 40, max: 1000 };
/** The end is polled for so much more finely than its distance. */
const FINENESS = 5;

/** Whether the instrument's own progress is far enough to compute with. */
export function tellsByProgress(timing: Timing): timing is Timing & { fraction: number } {
  const { fraction, elapsedMs } = timing;
  return fraction !== undefined && fraction >= LEAST_FRACTION && elapsedMs >= LEAST_MS;
}

/** Time left, ms, or undefined where nobody knows. */
export function timeLeftMs(timing: Timing): number | undefined {
  const { elapsedMs, expectedMs } = timing;
  if (tellsByProgress(timing)) return (elapsedMs * (1 - timing.fraction)) / timing.fraction;
  return expectedMs === undefined ? undefined : Math.max(0, expectedMs - elapsedMs);
}

/**
 * How long to wait before asking again: seldom while the end is far, often when it is near, so that the end is
 * noticed within 200 ms and a long measurement is not asked for its state all the time.
 */
export function pollDelayMs(timing: Timing): number {
  if (timing.elapsedMs < POLL.first * 5) return POLL.first;
  const left = timeLeftMs(timing);
  if (left === undefined) return POLL.unknown;
  // Past the expected end it may come at any time.
  if (left === 0) return POLL.unknown / 2;
  return Math.min(POLL.max, Math.max(POLL.min, left / FINENESS));
}

/** "about 40 s left", "about 3 min left"; empty where nobody knows. */
export function describeTimeLeft(leftMs: number | undefined): string {
  if (leftMs === undefined) return '';
  const seconds = Math.ceil(leftMs / 1000);
  return seconds < 90 ? `about ${seconds} s left` : `about ${Math.ceil(seconds / 60)} min left`;
}
