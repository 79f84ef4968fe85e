import type { Bench } from '../bench.ts';
import type { RoutineProgram } from './program.ts';
import { PulsedElMeasurement } from './pulsed-el-measurement.ts';
import { PULSED_EL_SETTINGS } from './pulsed-el-settings.ts';
import { Settings } from './settings.ts';

/** Pulsed EL: current and electroluminescence of pulses of rising voltage. */
export const pulsedEl: RoutineProgram = {
  name: 'Pulsed EL',
  customCommands: [],
  open: (bench: Bench) => {
    const settings = new Settings(PULSED_EL_SETTINGS);
    let run: PulsedElMeasurement | undefined;
    return {
      settings,
      start: (start) => {
        run = new PulsedElMeasurement(settings.current, bench, start);
        return run;
      },
      // The form is undocumented. This one is ours: a row per pulse, without the spectra and transients of the
      // panel.
      data: ({ user, device }) => ({
        user,
        device,
        temperature: bench.stage.celsius,
        data_schema: [
          { name: 'Amplitude', unit: 'V' },
          { name: 'Voltage', unit: 'V' },
          { name: 'Current', unit: 'A' },
          { name: 'EL', unit: 'counts' },
        ],
        data: run?.rows ?? [],
      }),
      custom: () => undefined,
    };
  },
};
