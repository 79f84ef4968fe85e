import type { Bench } from '../bench.ts';
import { MpptMeasurement } from './mppt-measurement.ts';
import { MPPT_SETTINGS, mpptConflict } from './mppt-settings.ts';
import type { RoutineProgram, SampleInfo } from './program.ts';
import { Settings } from './settings.ts';

const COLUMNS = [
  { name: 'Time', unit: 'h' },
  { name: 'Voltage', unit: 'V' },
  { name: 'Current Density', unit: 'mA/cm2' },
  { name: 'Power', unit: 'mW/cm2' },
];

/** MPPT: maximum power point tracking, until stopped. */
export const mppt: RoutineProgram = {
  name: 'MPPT',
  customCommands: [],
  open: (bench: Bench) => {
    const settings = new Settings(MPPT_SETTINGS, mpptConflict);
    let last: { run: MpptMeasurement; info: SampleInfo; time: Date } | undefined;
    return {
      settings,
      start: (start) => {
        const run = new MpptMeasurement(settings.current, bench, start);
        last = { run, info: start.info, time: start.wallTime };
        return run;
      },
      // The form is undocumented. This one is ours, after the other routines: columns like those of the
      // tracking files.
      data: (info) => ({
        user: (last?.info ?? info).user,
        device: (last?.info ?? info).device,
        area_cm2: settings.current.device['Area (cm2)'],
        temperature: bench.stage.celsius,
        acquisition_time: last?.time.toISOString() ?? '1904-01-01T00:00:00.000Z',
        data_schema: COLUMNS,
        data: last?.run.rows ?? [],
        scans: (last?.run.curves ?? []).map(({ name, data }) => ({
          name,
          data_schema: COLUMNS.slice(1, 3),
          data,
        })),
      }),
      custom: () => undefined,
      setArea: (area) => settings.apply({ device: { 'Area (cm2)': area } }),
    };
  },
};
