import { chooseRoutine } from './choose-routine.ts';
import type { JobWork } from './job.ts';
import type { MeasureDeps, Measured } from './run/measured.ts';
import type { MeasurementKind } from './kinds/kind.ts';
import { measure } from './run/engine.ts';

/** One measurement of a kind, as work for a job. */
export function measurementWork(kind: MeasurementKind, deps: MeasureDeps): JobWork<Measured> {
  return {
    tool: kind.tool,
    followsOnly: false,
    subject: ({ routine }) => kind.routine?.name ?? (typeof routine === 'string' ? routine : ''),
    async carryOut(args, { stop, setSubject, ...observer }) {
      const chosen = await chooseRoutine(kind, args, { ...deps, signal: stop });
      setSubject(chosen.routine.name);
      return measure(chosen, deps, stop, observer);
    },
  };
}
