import { invalidParameters } from '../instrument-error.ts';
import type { Dialect } from '../request.ts';
import type { RoutineHost } from '../routines/host.ts';
import { findRoutine, ROUTINES } from '../routines/index.ts';
import { object, text } from '../shape.ts';
import { command, plain, type Target, tableTarget } from './target.ts';

const DONE = { state: 'OK' };

/** MAIN: opens routines. In the oldest software MAIN also closes them. */
export function mainTarget(host: RoutineHost, dialect: Dialect): Target {
  const closeRoutine = plain(() => {
    host.close();
    return DONE;
  });
  return tableTarget('OK', {
    StartRoutine: command(object({ routine: text() }), ({ routine }) => {
      const program = findRoutine(routine);
      if (program === undefined) throw invalidParameters(`unknown routine ${JSON.stringify(routine)}`);
      host.open(program);
      return DONE;
    }),
    GetActiveRoutine: plain(() => ({ routine: host.activeName ?? '' })),
    GetAvailableRoutines: plain(() => ({ routines: ROUTINES.map((program) => program.name) })),
    ...(dialect === 'oldest' ? { CloseRoutine: closeRoutine } : {}),
  });
}
