import { describeProgress, type RoutineProgress } from '../../../src/instrument/progress.ts';

/** A progress as the sentence that people are told. */
export function told(progress: RoutineProgress | undefined): string | undefined {
  return progress === undefined ? undefined : describeProgress(progress);
}
