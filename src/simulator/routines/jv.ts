import type { Bench } from '../bench.ts';
import { JV_FORMS } from './jv-forms.ts';
import type { JvRecord } from './jv-record.ts';
import { JvMeasurement } from './jv-measurement.ts';
import { jvConflict, jvSettings } from './jv-settings.ts';
import { sweepConflict } from './jv-sweep.ts';
import type { RoutineProgram } from './program.ts';
import { Settings } from './settings.ts';

/**
 * JV: the current during a staircase sweep of the voltage.
 * Current densities are the current divided by the area that the client states (setting "Area (cm2)" or
 * SetInfo's device_area, whichever came last), as on the real instrument; the simulated cells have 0.1 cm².
 */
export const jv: RoutineProgram = {
  name: 'JV',
  customCommands: [],
  open: (bench: Bench, { dialect }) => {
    const settings = new Settings(jvSettings(dialect), (next) => jvConflict(next) ?? sweepConflict(next));
    let record: JvRecord | undefined;
    return {
      settings,
      start: (start) => {
        const measurement = new JvMeasurement(settings.current, bench, start);
        record = measurement.record;
        return measurement;
      },
      data: (info) =>
        JV_FORMS[dialect](
          record?.result() ?? {
            info,
            area: settings.current.device['Area (cm2)'],
            celsius: bench.stage.celsius,
            takenAt: undefined,
            scans: [],
          },
        ),
      custom: () => undefined,
      setArea: (area) => settings.apply({ device: { 'Area (cm2)': area } }),
    };
  },
};
