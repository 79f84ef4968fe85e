import { ERROR, InstrumentError } from '../instrument-error.ts';
import { like } from '../shape.ts';
import type { RoutineProgram } from './program.ts';
import { Settings } from './settings.ts';

interface Description {
  name: string;
  reportedName?: string;
  settings: object;
  customCommands?: readonly string[];
}

/** A routine that opens, reaches Ready and holds its settings, but whose measurement is not simulated yet. */
export function notSimulated({ settings, customCommands = [], ...names }: Description): RoutineProgram {
  const refuse = (what: string): never => {
    throw new InstrumentError(ERROR.notSimulated, `${what} of routine ${names.name} is not simulated yet`);
  };
  return {
    ...names,
    customCommands,
    open: () => ({
      settings: new Settings(like(settings)),
      start: () => refuse('StartMeasurement'),
      data: () => refuse('GetTestData'),
      custom: (command) => refuse(command),
    }),
  };
}
