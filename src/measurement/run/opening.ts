import { InputError, InstrumentError } from '../../errors.ts';
import { commands } from '../../instrument/commands/index.ts';
import { quote } from '../../text/quote.ts';
import { hasName, type RoutineDefinition } from '../../instrument/routines/routine.ts';
import { isMeasuring, statusWord } from '../../instrument/routine-status.ts';
import type { Callers } from '../../safety/caller.ts';
import type { Guard } from '../../safety/guard/guard.ts';
import type { Ownership } from '../../safety/ownership.ts';
import type { Session } from './session.ts';

const { MAIN, ROUTINE } = commands;

const READY_DEADLINE_MS = 60_000;
const CLOSE_DEADLINE_MS = 15_000;
const POLL_MS = 40;
const OF_A_SERVER_GONE =
  'Where a server ended in the middle of its measurement, recover_measurement fetches that first: taking over loses it.';

export interface OpeningDeps {
  ownership: Ownership;
  callers: Callers;
  guard: Guard;
}

/**
 * Opens the routine's window, or uses the one that is open and idle, and waits until it is Ready. What somebody else
 * runs or has open is refused, unless the call takes it over and a person agreed. Returns whether it was opened. Throws ArkeoError.
 */
export async function openRoutine(
  session: Session,
  routine: RoutineDefinition,
  deps: OpeningDeps,
): Promise<boolean> {
  const { name } = routine;
  const { routine: active } = await session.send(MAIN.GetActiveRoutine, {});
  const isOther = active !== null && !hasName(routine, active);
  if (active !== null) await makeIdle(session, active, isOther, deps);
  if (isOther) await makeRoom(session, active, name, deps);
  const isClosed = active === null || isOther;
  if (isClosed) await session.call(MAIN.StartRoutine, { routine: await listedName(session, routine) });
  await untilReady(session, name);
  return isClosed;
}

async function makeIdle(
  session: Session,
  active: string,
  isOther: boolean,
  { ownership, callers, guard }: OpeningDeps,
): Promise<void> {
  const status = await session.status();
  if (!isMeasuring(status)) return;
  const ours = ownership.measurement;
  if (ours || callers.current?.takeOver !== true)
    throw new InputError(
      `a measurement is ${statusWord(status)} in ${quote(active)}, and it was not started by this measurement`,
      {
        code: 'instrument_busy',
        hint: ours
          ? 'Wait until instrument_status shows Ready. routine_stop_measurement stops it.'
          : `Wait until instrument_status shows Ready; or, if the person wants it stopped, ask again with take_over true. ${OF_A_SERVER_GONE}`,
      },
    );
  const closing = isOther ? ' and closing its window, which loses its data' : '';
  guard.requireTakeOver(
    `stopping the measurement of ${quote(active)} that this server did not start${closing}`,
    active,
  );
  await session.tellToStop();
  await session.untilStopped();
}

/** Another routine's window makes room only if this server opened it, or takes it over. */
async function makeRoom(
  session: Session,
  active: string,
  wanted: string,
  { ownership, callers, guard }: OpeningDeps,
): Promise<void> {
  if (!ownership.ownsWindow(active)) {
    if (callers.current?.takeOver !== true)
      throw new InputError(
        `${wanted} cannot be opened: the window of ${quote(active)} is open, and this server did not open it`,
        {
          code: 'window_not_ours',
          hint: `One window is open at a time. Ask the person to close it at the ARKEO; or, if they want it, ask again with take_over true. ${OF_A_SERVER_GONE}`,
        },
      );
    guard.requireTakeOver(
      `closing ${quote(active)}, which somebody else opened; its data is then gone`,
      active,
    );
  }
  await session.call(ROUTINE.CloseRoutine, {});
  const deadline = session.clock.now() + CLOSE_DEADLINE_MS;
  while ((await session.send(MAIN.GetActiveRoutine, {})).routine !== null) {
    if (session.clock.now() > deadline)
      throw new InstrumentError(`${quote(active)} was told to close, but is still open after 15 s`, {
        code: 'not_closed',
        outcome: 'unknown',
        hint: 'Call instrument_status; somebody may have to answer a question at the ARKEO screen.',
      });
    await session.pause(POLL_MS);
  }
}

/**
 * Reads the name under which this instrument lists the routine. If the routine is not listed, returns its own name,
 * since some lists are short.
 */
async function listedName(session: Session, routine: RoutineDefinition): Promise<string> {
  try {
    const { routines } = await session.send(MAIN.GetAvailableRoutines, {});
    return routines.find((listed) => hasName(routine, listed)) ?? routine.name;
  } catch (error) {
    if (error instanceof InstrumentError) return routine.name;
    throw error;
  }
}

async function untilReady(session: Session, name: string): Promise<void> {
  const deadline = session.clock.now() + READY_DEADLINE_MS;
  for (;;) {
    const { status, error } = await session.statusOnceOpen(name);
    if (status === 'Ready') return;
    if (status === 'Error')
      throw new InstrumentError(`${name} is in error: ${quote(error ?? 'no reason given')}`, {
        code: 'routine_error',
        outcome: 'refused',
        hint: 'Find the reason at the ARKEO, then call routine_clear_errors and measure again.',
      });
    if (session.clock.now() > deadline)
      throw new InstrumentError(`${name} is ${quote(status)} and not Ready after 60 s`, {
        code: 'not_ready',
        outcome: 'unknown',
        hint: 'Call instrument_status; somebody may have to answer a question at the ARKEO screen.',
      });
    await session.pause(POLL_MS);
  }
}
