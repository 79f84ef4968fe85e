import { sameRoutine } from '../routine-name.ts';
import { jv } from './jv.ts';
import type { RoutineDefinition } from './routine.ts';

/** Every routine we know, in the order of the documentation. */
export const routines: readonly RoutineDefinition[] = [jv];

/** The routine of that name, however it is written, or undefined. */
export function findRoutine(name: string): RoutineDefinition | undefined {
  return routines.find((routine) =>
    [routine.name, ...routine.aliases].some((known) => sameRoutine(known, name)),
  );
}
