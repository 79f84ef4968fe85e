import { DarkJvMeasurement } from './dark-jv-measurement.ts';
import { DarkJvStore } from './dark-jv-settings.ts';
import type { RoutineProgram } from './program.ts';

/**
 * Dark JV: current and, with a spectrometer, electroluminescence against voltage. The routine switches no light
 * on or off.
 */
export const darkJv: RoutineProgram = {
  name: 'Dark JV',
  customCommands: [],
  open: (bench, { dialect }) => {
    const settings = new DarkJvStore();
    let last: DarkJvMeasurement | undefined;
    return {
      settings,
      start: (start) => (last = new DarkJvMeasurement(settings.current, bench, start, dialect)),
      data: () => last?.toJson() ?? { measurement: [] },
      custom: () => undefined,
    };
  },
};
