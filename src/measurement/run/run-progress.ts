import { describeTimeLeft, timeLeftMs, type Timing } from './timing.ts';

/** How far a measurement is. */
export interface RunProgress {
  /** "reverse scan, 0.62 V, 118 of 142 points, about 4 s left" */
  sentence: string;
  /** 0 to 1. */
  fraction: number | undefined;
  leftMs: number | undefined;
}

/** A sentence with what is known of the time; the instrument's own fraction goes before that of the time. */
export function progressOf(sentence: string, timing: Timing | undefined): RunProgress {
  const left = timing === undefined ? '' : describeTimeLeft(timing);
  return {
    sentence: left === '' ? sentence : `${sentence}, ${left}`,
    fraction: timing?.fraction ?? shareOf(timing),
    leftMs: timing && timeLeftMs(timing),
  };
}

function shareOf(timing: Timing | undefined): number | undefined {
  if (timing?.expectedMs === undefined || timing.expectedMs === 0) return undefined;
  return timing.elapsedMs / timing.expectedMs;
}
