import { sameRoutine } from '../routine-name.ts';
import { connectionTest } from './connection-test.ts';
import { impedance } from './impedance.ts';
import { darkJv } from './dark-jv.ts';
import { ipce } from './ipce.ts';
import { jv } from './jv.ts';
import { luminescence } from './luminescence.ts';
import { mppt } from './mppt.ts';
import { photoCeliv } from './photo-celiv.ts';
import { plqy } from './plqy.ts';
import { pulsedEl } from './pulsed-el.ts';
import { resistivity } from './resistivity.ts';
import type { RoutineDefinition } from './routine.ts';
import { tcspc } from './tcspc.ts';
import { tpr } from './tpr.ts';

/** Every routine we know, in the order of the documentation. */
export const routines: readonly RoutineDefinition[] = [
  jv,
  darkJv,
  ipce,
  luminescence,
  plqy,
  impedance,
  mppt,
  resistivity,
  tpr,
  photoCeliv,
  tcspc,
  connectionTest,
  pulsedEl,
];

/** The routine of that name, however it is written, or undefined. */
export function findRoutine(name: string): RoutineDefinition | undefined {
  return routines.find((routine) =>
    [routine.name, ...routine.aliases].some((known) => sameRoutine(known, name)),
  );
}
