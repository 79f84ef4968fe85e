import { isMeasuring, isOpening, type RoutineStatus } from '../../instrument/routine-status.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import { requireSane } from './require-sane.ts';

/** After one answer that shows an end: one reply in the middle of a measurement may be wrong. */
export const SECOND_LOOK_MS = 100;

/** A measurement whose status can be read. */
export interface Watched {
  readonly routine: RoutineDefinition;
  status(): Promise<RoutineStatus>;
  pause(ms: number): Promise<void>;
}

/**
 * Whether it has ended: only Ready at two looks in a row is believed. Throws InstrumentError where the routine is in
 * error, was closed or replaced.
 */
export async function hasEnded(watched: Watched): Promise<boolean> {
  if (await measuresOn(watched)) return false;
  await watched.pause(SECOND_LOOK_MS);
  return !(await measuresOn(watched));
}

async function measuresOn(watched: Watched): Promise<boolean> {
  const status = await watched.status();
  requireSane(status, watched.routine);
  return isMeasuring(status) || isOpening(status);
}
