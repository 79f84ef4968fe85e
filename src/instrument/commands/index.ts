import { ledCommands } from './led.ts';
import { mainCommands } from './main.ts';
import { muxCommands } from './mux.ts';
import { routineCommands } from './routine.ts';
import { tmpctlCommands } from './tmpctl.ts';

/** Every documented command, by target and the vendor's name. */
export const commands = {
  MAIN: mainCommands,
  ROUTINE: routineCommands,
  LED: ledCommands,
  MUX: muxCommands,
  TMPCTL: tmpctlCommands,
} as const;
