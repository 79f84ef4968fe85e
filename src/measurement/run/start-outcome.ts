import { ArkeoError } from '../../errors.ts';
import { asWritten } from '../../instrument/command-observer.ts';
import { commands } from '../../instrument/commands/index.ts';
import type { StartOutcome } from '../../archive/record.ts';
import { Stopped } from './stopped.ts';

/** The start as it is told to the guard beforehand. */
export const START = asWritten(commands.ROUTINE.StartMeasurement, {});

/** Judges a start that failed: whether the instrument may measure all the same. */
export function startOutcomeOf(error: unknown): StartOutcome {
  if (error instanceof Stopped) return 'not_sent';
  const outcome = error instanceof ArkeoError ? error.outcome : 'unknown';
  return outcome === 'local' ? 'unknown' : outcome;
}
