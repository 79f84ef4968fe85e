import { connectionTest } from './connection-test.ts';
import { darkJv } from './dark-jv.ts';
import { impedance } from './impedance.ts';
import { ipce } from './ipce.ts';
import { jv } from './jv.ts';
import { luminescence } from './luminescence.ts';
import { mppt } from './mppt.ts';
import { photoCeliv } from './photo-celiv.ts';
import { plqy } from './plqy.ts';
import type { RoutineProgram } from './program.ts';
import { pulsedEl } from './pulsed-el.ts';
import { resistivity } from './resistivity.ts';
import { tcspc } from './tcspc.ts';
import { tpr } from './tpr.ts';

/** Every routine, in the order of GetAvailableRoutines. */
export const ROUTINES: readonly RoutineProgram[] = [
  jv,
  darkJv,
  ipce,
  luminescence,
  impedance,
  mppt,
  resistivity,
  photoCeliv,
  tcspc,
  tpr,
  connectionTest,
  plqy,
  pulsedEl,
];

/** Finds a routine by its name, as listed or as reported, ignoring case, spaces and hyphens. */
export function findRoutine(name: string): RoutineProgram | undefined {
  const wanted = folded(name);
  return ROUTINES.find((program) =>
    [program.name, program.reportedName ?? program.name].some((known) => folded(known) === wanted),
  );
}

function folded(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '');
}
