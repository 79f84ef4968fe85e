import type { Bench } from '../bench.ts';
import { FILM, type FilmDimensions, probeFactor, probeVoltage } from '../physics/four-point.ts';
import type { Random } from '../random.ts';
import { checked, group, number, object, setting } from '../shape.ts';
import { LiveMeasurement } from './live-measurement.ts';
import type { RoutineProgram } from './program.ts';
import { Settings } from './settings.ts';

/** s between readings. No setting changes it. */
const PERIOD = 0.1;
/** Voltage noise: V, for the range of 600 mV, and relative to the reading. */
const VOLTAGE_NOISE = 5e-8;
const READING_NOISE = 2e-4;

const length = number({ above: 0 });
const SETTINGS = group({
  acquisition: group({ 'V limit': setting(10, number({ above: 0, max: 60 })) }),
  device_dimension: group({
    'Film Thickness (um)': setting(FILM.thicknessUm, length),
    'Length (mm)': setting(FILM.lengthMm, length),
    'Width (mm)': setting(FILM.widthMm, length),
  }),
});
/** The oldest software has no settings, but the command SetDeviceDimensions. */
const NO_SETTINGS = group({});

const CURRENT = object({ current: number({ min: 1e-9, max: 0.1 }) });
const DIMENSIONS = object({ thickness: length, length, width: length });
const DONE = { state: 'OK' };

interface Reading {
  readonly volts: number;
  readonly amperes: number;
}

/** Resistivity: four-point sheet resistance of a film of 150 Ω/□, live until stopped. */
export const resistivity: RoutineProgram = {
  name: 'Resistivity',
  customCommands: ['ApplyCurrent', 'SetDeviceDimensions'],
  open: (bench: Bench, { dialect }) => {
    const settings = new Settings(SETTINGS);
    let applied = 0;
    let latest: Reading = { volts: 0, amperes: 0 };
    return {
      settings: dialect === 'oldest' ? new Settings(NO_SETTINGS) : settings,
      start: (start) =>
        new LiveMeasurement(bench, start, PERIOD, (_, random) => {
          latest = read(applied, settings.current.acquisition['V limit'], bench.stage.celsius, random);
        }),
      data: () => {
        const sheet = ((Math.PI / Math.LN2) * latest.volts) / latest.amperes;
        const { device_dimension: film } = settings.current;
        const dimensions: FilmDimensions = {
          thicknessUm: film['Film Thickness (um)'],
          lengthMm: film['Length (mm)'],
          widthMm: film['Width (mm)'],
        };
        return {
          'Voltage (V)': latest.volts,
          'Current (A)': latest.amperes,
          // NaN or Infinity while no current flows.
          '2D Sheet resistance (Ohm/Sq)': sheet,
          'Corrected 2D Sheet Resistance (Ohm/Sq)': sheet * probeFactor(dimensions),
        };
      },
      custom: (command, parameter) => {
        if (command === 'ApplyCurrent') applied = checked(CURRENT, parameter).current;
        else {
          const { thickness, length: long, width } = checked(DIMENSIONS, parameter);
          settings.apply({
            device_dimension: { 'Film Thickness (um)': thickness, 'Length (mm)': long, 'Width (mm)': width },
          });
        }
        return DONE;
      },
    };
  },
};

function read(asked: number, limit: number, celsius: number, random: Random): Reading {
  const wanted = probeVoltage(asked, celsius);
  // At the limit the current is reduced.
  const amperes = Math.abs(wanted) > limit ? (asked * limit) / Math.abs(wanted) : asked;
  const volts = Math.min(limit, wanted) + random.gaussian(VOLTAGE_NOISE);
  return {
    volts: volts * (1 + random.gaussian(READING_NOISE)),
    amperes: amperes * (1 + random.gaussian(READING_NOISE)),
  };
}
