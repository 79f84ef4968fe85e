import { InstrumentError } from '../../errors.ts';
import type { GateRead } from '../../instrument/command-gate.ts';
import { commands } from '../../instrument/commands/index.ts';
import { isMeasuring, type RoutineStatus } from '../../instrument/routine-status.ts';
import { sameRoutine } from '../../instrument/routine-name.ts';
import type { Ownership } from '../ownership.ts';

/** What is open and running, and whose it is. */
export interface Situation {
  /** The open window, as the instrument names it; null without one. */
  active: string | null;
  /** This process opened it. */
  windowOurs: boolean;
  /** Undefined without a routine. */
  status: RoutineStatus | undefined;
  measuring: boolean;
  /** A measurement is under way that this process did not start. */
  runOfOthers: boolean;
}

/** Reads it. Where the instrument refuses to say, there is nothing. */
export async function readSituation(read: GateRead, ownership: Ownership): Promise<Situation> {
  const active = (await orRefused(() => read(commands.MAIN.GetActiveRoutine)))?.routine ?? null;
  const status = await orRefused(() => read(commands.ROUTINE.GetTestStatus));
  const measuring = status !== undefined && isMeasuring(status);
  const { routine: ours } = ownership;
  return {
    active,
    windowOurs: active !== null && ours !== undefined && sameRoutine(ours, active),
    status,
    measuring,
    runOfOthers: measuring && !ownership.measurement,
  };
}

export async function orRefused<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof InstrumentError && error.outcome === 'refused') return undefined;
    throw error;
  }
}
