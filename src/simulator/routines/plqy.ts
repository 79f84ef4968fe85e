import { BOLTZMANN, ELEMENTARY_CHARGE, ZERO_CELSIUS } from '../../science/reference/constants.ts';
import type { Bench } from '../bench.ts';
import { PlqyMeasurement } from './plqy-measurement.ts';
import { PLQY_SETTINGS, plqyConflict } from './plqy-settings.ts';
import type { RoutineProgram } from './program.ts';
import { Settings } from './settings.ts';

/** V: Voc of the reference cell if all recombination were radiative. */
const RADIATIVE_VOLTAGE = 1.307;

/** PLQY: photoluminescence quantum yield of a film with 1 %, by the two-spectra method. */
export const plqy: RoutineProgram = {
  name: 'PLQY',
  customCommands: [],
  open: (bench: Bench) => {
    const settings = new Settings(PLQY_SETTINGS, plqyConflict);
    let run: PlqyMeasurement | undefined;
    return {
      settings,
      start: (start) => {
        run = new PlqyMeasurement(settings.current, bench, start);
        return run;
      },
      // The form is undocumented. This one is ours; the results are those that the panel shows.
      data: ({ user, device }) => {
        const rows = run?.rows() ?? [];
        const { pump_window: pump, pl_window: emission } = settings.current;
        // Photons are power times wavelength.
        const photons = (column: number, { 'Start (nm)': from, 'End (nm)': to }: typeof pump): number =>
          rows.reduce(
            (sum, row) =>
              (row[0] ?? 0) >= from && (row[0] ?? 0) <= to ? sum + (row[0] ?? 0) * (row[column] ?? 0) : sum,
            0,
          );
        const absorbed = photons(1, pump) - photons(2, pump);
        // NaN until there is data, as on the panel.
        const quantumYield = (photons(2, emission) - photons(1, emission)) / absorbed;
        const thermal = (BOLTZMANN * (bench.stage.celsius + ZERO_CELSIUS)) / ELEMENTARY_CHARGE;
        return {
          user,
          device,
          temperature: bench.stage.celsius,
          data_schema: [
            { name: 'Wavelength', unit: 'nm' },
            { name: 'Incident', unit: 'uW/cm2/nm' },
            { name: 'Remaining', unit: 'uW/cm2/nm' },
          ],
          data: rows,
          parameters: {
            absorptance: { value: absorbed / photons(1, pump), unit: '' },
            PLQY: { value: 100 * quantumYield, unit: '%' },
            'QFLS (Peak)': { value: RADIATIVE_VOLTAGE + thermal * Math.log(quantumYield), unit: 'eV' },
          },
        };
      },
      custom: () => undefined,
    };
  },
};
