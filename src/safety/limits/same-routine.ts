import { findRoutine } from '../../instrument/routines/index.ts';
import { sameRoutine } from '../../instrument/routine-name.ts';

/** Whether two names mean the same routine: also `EQE` and `IPCE`, and routines that are not known here. */
export function isSameRoutine(a: string, b: string): boolean {
  return sameRoutine(findRoutine(a)?.name ?? a, findRoutine(b)?.name ?? b);
}
