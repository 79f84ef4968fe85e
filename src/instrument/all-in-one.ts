import { ALL_IN_ONE_PORT } from '../vocabulary.ts';
import type { Command } from './command.ts';
import { commands } from './commands/index.ts';
import { defineProduct } from './product.ts';
import { connectionTest } from './routines/connection-test.ts';
import { darkJv } from './routines/dark-jv.ts';
import { impedance } from './routines/impedance.ts';
import { ipce } from './routines/ipce.ts';
import { jv } from './routines/jv.ts';
import { luminescence } from './routines/luminescence.ts';
import { mppt } from './routines/mppt.ts';
import { photoCeliv } from './routines/photo-celiv.ts';
import { plqy } from './routines/plqy.ts';
import { pulsedEl } from './routines/pulsed-el.ts';
import { resistivity } from './routines/resistivity.ts';
import { tcspc } from './routines/tcspc.ts';
import { tpr } from './routines/tpr.ts';

/** The ARKEO All-in-One: one device at a time, any of thirteen routines, in one window. */
export const allInOne = defineProduct({
  title: 'ARKEO All-in-One',
  port: ALL_IN_ONE_PORT,
  targets: { MAIN: 'main', ROUTINE: 'routine', LED: 'led', MUX: 'mux', TMPCTL: 'tmpctl' },
  commands: Object.values(commands).flatMap((group): Command[] => Object.values(group)),
  routines: [
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
  ],
  probe: commands.MAIN.GetActiveRoutine,
});
