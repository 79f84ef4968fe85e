import type { RoutineProgram } from './program.ts';
import { type CelivDelay, CelivMeasurement } from './photo-celiv-measurement.ts';
import { celivConflict, celivSettings } from './photo-celiv-settings.ts';
import { Settings } from './settings.ts';

const SCHEME = [
  { name: 'Voltage', unit: 'V' },
  { name: 'Current', unit: 'A' },
];

/**
 * Photo-CELIV: charge extraction by a linear voltage ramp after a light pulse and a delay. GetTestData returns
 * the latest delay only.
 */
export const photoCeliv: RoutineProgram = {
  name: 'Photo-CELIV',
  reportedName: 'CELIV',
  customCommands: [],
  open: (bench, { dialect }) => {
    const settings = new Settings(celivSettings(dialect), celivConflict);
    let latest: CelivDelay | undefined;
    return {
      settings,
      start: (start) => {
        latest = undefined;
        return new CelivMeasurement(settings.current, bench, start, (delay) => {
          latest = delay;
        });
      },
      data: () => ({
        delay: { value: latest?.delay ?? 0, unit: 's' },
        data_scheme: SCHEME,
        data: latest?.rows ?? [],
        parameters: latest?.parameters ?? {},
      }),
      custom: () => undefined,
    };
  },
};
