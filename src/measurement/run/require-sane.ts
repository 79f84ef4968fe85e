import { InstrumentError } from '../../errors.ts';
import type { RoutineStatus } from '../../instrument/routine-status.ts';
import { hasName, type RoutineDefinition } from '../../instrument/routines/routine.ts';
import { quote } from '../../text/quote.ts';

/** Throws InstrumentError where the routine is in error, or the open one is another. */
export function requireSane({ status, name, error }: RoutineStatus, routine: RoutineDefinition): void {
  if (name !== undefined && name !== '' && !hasName(routine, name)) throw routineClosed(name);
  if (status !== 'Error') return;
  throw new InstrumentError(
    `the routine went into error while it measured: ${quote(error ?? 'no reason given')}`,
    {
      code: 'routine_error',
      outcome: 'unknown',
      hint: 'Find the reason at the ARKEO, then call routine_clear_errors and measure again.',
    },
  );
}

/** @param other the routine that is open in its place, as the instrument names it */
export function routineClosed(other?: string): InstrumentError {
  return new InstrumentError(
    other === undefined
      ? 'the routine is no longer open: it was closed at the screen, or the ARKEO application was restarted'
      : `another routine is open now: ${quote(other)}`,
    {
      code: 'routine_closed',
      outcome: 'unknown',
      hint: 'Ask the person at the ARKEO what happened, then measure again.',
    },
  );
}
