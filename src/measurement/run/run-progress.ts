import { describeProgress, type RoutineProgress } from '../../instrument/progress.ts';
import type { Dataset } from '../../science/dataset.ts';
import { describeTimeLeft, timeLeftMs, type Timing } from './timing.ts';

/** How far a job is. */
export interface RunProgress {
  /** Step in words: "applying the settings", "measuring". */
  readonly step: string;
  /** Progress that the routine tells of itself while it measures. */
  readonly routine: RoutineProgress | undefined;
  /** 0 to 1. */
  readonly fraction: number | undefined;
  readonly leftMs: number | undefined;
}

/** Told what a run reads anyway: observing it costs the instrument no request. */
export interface RunObserver {
  onProgress: (progress: RunProgress) => void;
  /** The data that there is so far, each time the run has read it. */
  onLive: (dataset: Dataset) => void;
}

/**
 * Progress with what is known of the time; the instrument's own fraction goes before that of the time.
 * @param doing a step in words, or what the routine tells of itself
 */
export function progressOf(doing: string | RoutineProgress, timing?: Timing): RunProgress {
  const told = typeof doing === 'string' ? undefined : doing;
  return {
    step: typeof doing === 'string' ? doing : 'measuring',
    routine: told,
    fraction: timing?.fraction ?? told?.fraction ?? shareOf(timing),
    leftMs: timing && timeLeftMs(timing),
  };
}

/** "reverse scan, 0.62 V, 118 of 142 points, about 4 s left" */
export function describeRunProgress({ step, routine, leftMs }: RunProgress): string {
  const told = routine === undefined ? '' : describeProgress(routine);
  const left = describeTimeLeft(leftMs);
  return `${told === '' ? step : told}${left === '' ? '' : `, ${left}`}`;
}

function shareOf(timing: Timing | undefined): number | undefined {
  if (timing?.expectedMs === undefined || timing.expectedMs === 0) return undefined;
  return timing.elapsedMs / timing.expectedMs;
}
