import { chooseRoutine } from './choose-routine.ts';
import type { JobWork } from './job.ts';
import type { MeasurementKind } from './kinds/kind.ts';
import { measure } from './run/measure.ts';

/** One measurement of a kind, as work for a job. */
export function measurementWork(kind: MeasurementKind): JobWork {
  return {
    tool: kind.tool,
    routine: kind.routine,
    followsOnly: false,
    async carryOut(args, { deps, stop, onRoutine, onProgress }) {
      const chosen = await chooseRoutine(kind, args, { ...deps, signal: stop });
      onRoutine(chosen.routine);
      return measure(chosen, deps, stop, onProgress);
    },
  };
}
