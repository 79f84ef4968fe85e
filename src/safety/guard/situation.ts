import { InstrumentError } from '../../errors.ts';
import type { GateRead } from '../../instrument/command-gate.ts';
import { commands } from '../../instrument/commands/index.ts';
import { isMeasuring, isOpening, type RoutineStatus } from '../../instrument/routine-status.ts';
import type { Ownership } from '../ownership.ts';
import { saysNoRoutine } from '../shutdown/step.ts';

/** Window that is open and run that is under way, and whose they are. */
export interface Situation {
  /** The open window, as the instrument names it; null without one. */
  active: string | null;
  /** This process opened it. */
  windowOurs: boolean;
  /** Undefined without a routine. */
  status: RoutineStatus | undefined;
  measuring: boolean;
  /** Relays must stay: a measurement is under way or about to be, or the window is still being set up. */
  unsettled: boolean;
  /** The window is open and not ready yet: it is being set up, or its status says that there is none. */
  opening: boolean;
  /** A measurement is under way that this process did not start, or somebody else's window is being set up. */
  runOfOthers: boolean;
}

/** Reads it. Throws where the instrument does not say: what is not known to be free is not. */
export async function readSituation(read: GateRead, ownership: Ownership): Promise<Situation> {
  const window = await orRefused(() => read(commands.MAIN.GetActiveRoutine));
  const status = await read(commands.ROUTINE.GetTestStatus).catch((error: unknown) => {
    if (saysNoRoutine(error)) return undefined;
    throw error;
  });
  const active = window?.routine ?? status?.name ?? null;
  const measuring = status !== undefined && isMeasuring(status);
  const opening = status === undefined ? active !== null : isOpening(status);
  const windowOurs = active !== null && ownership.ownsWindow(active);
  return {
    active,
    windowOurs,
    status,
    measuring,
    opening,
    unsettled: measuring || opening || ownership.aboutToMeasure,
    runOfOthers: (measuring && !ownership.measurement) || (opening && !windowOurs),
  };
}

/** Undefined where the instrument refuses; what it says otherwise must be readable. */
export async function orRefused<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof InstrumentError && error.outcome === 'refused') return undefined;
    throw error;
  }
}
