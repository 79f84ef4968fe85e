import { ImpedanceMeasurement } from './impedance-measurement.ts';
import { impedanceData } from './impedance-record.ts';
import {
  impedanceConflict,
  impedanceForm,
  impedancePlan,
  type ImpedanceSettings,
} from './impedance-settings.ts';
import type { RoutineProgram } from './program.ts';
import { Settings } from './settings.ts';

/**
 * Impedance: Z over frequency, at every offset (inner loop) under every light level (outer loop). The light of
 * the LED board shines on the sample as well.
 */
export const impedance: RoutineProgram = {
  name: 'Impedance',
  customCommands: [],
  open: (bench, { dialect }) => {
    const settings = new Settings<ImpedanceSettings>(impedanceForm(dialect), impedanceConflict);
    let last: ImpedanceMeasurement | undefined;
    return {
      settings,
      start: (start) => {
        last = new ImpedanceMeasurement(impedancePlan(settings.current), bench, start);
        return last;
      },
      data: (info) => impedanceData(last, { info, bench, dialect }),
      custom: () => undefined,
    };
  },
};
