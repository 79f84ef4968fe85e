import type { Bench } from '../bench.ts';
import { REFERENCE_CELL } from '../physics/device.ts';
import { boolean, checked, number, object, optional, text } from '../shape.ts';
import { IpceMeasurement } from './ipce-measurement.ts';
import { Monochromator, WAVELENGTHS } from './ipce-monochromator.ts';
import { ipceConflict, ipceSettings } from './ipce-settings.ts';
import type { MeasurementStart, RoutineProgram, SampleInfo } from './program.ts';
import { Settings } from './settings.ts';

/** LabVIEW's text for a time that was never set. */
const UNSET_TIME = '1904-01-01T00:00:00.000Z';
const DONE = { state: 'OK' };
const NONE = object({});

/**
 * IPCE: photocurrent against wavelength, relative to a calibrated lamp.
 * Current densities are the current divided by the area that the client states with SetInfo, as on the real
 * instrument; the simulated cells have 0.1 cm². Without the chopper the LED board's light counts as well.
 */
export const ipce: RoutineProgram = {
  name: 'IPCE',
  customCommands: [
    'SetShutter',
    'SetWavelength',
    'StartCalibration',
    'GetChopperFrequency',
    'GetMonochromatorStatus',
  ],
  open: (bench: Bench, { dialect }) => {
    const settings = new Settings(ipceSettings(dialect), ipceConflict);
    const monochromator = new Monochromator(bench.random);
    let area = REFERENCE_CELL.area;
    let last: { start: MeasurementStart; celsius: number; measurement: IpceMeasurement } | undefined;
    /**
     * Wraps a command that has the documented hazard: it ends a measurement under way, whose data so far
     * remain.
     */
    const interrupting = (act: () => void): unknown => {
      last?.measurement.interrupt();
      act();
      return DONE;
    };
    const commands = new Map<string, (parameter: unknown) => unknown>([
      [
        'SetShutter',
        (parameter) => {
          const { shutter_status: open } = checked(object({ shutter_status: boolean() }), parameter);
          return interrupting(() => monochromator.setShutter(open));
        },
      ],
      [
        'SetWavelength',
        (parameter) => {
          const { wavelength } = checked(object({ wavelength: number(WAVELENGTHS) }), parameter);
          return interrupting(() => monochromator.moveTo(wavelength));
        },
      ],
      [
        // The real calibration takes minutes and a photodiode in place of the sample; here it is done at once.
        'StartCalibration',
        (parameter) => {
          checked(object({ path: optional(text()) }), parameter);
          return interrupting(() => monochromator.calibrate());
        },
      ],
      [
        'GetChopperFrequency',
        (parameter) => {
          checked(NONE, parameter);
          const { 'Chopper Frequency (Hz)': set } = settings.current.acquisition;
          return { frequency: monochromator.chopperFrequency(set) };
        },
      ],
      [
        'GetMonochromatorStatus',
        (parameter) => {
          checked(NONE, parameter);
          return monochromator.status();
        },
      ],
    ]);
    return {
      settings,
      start: (start) => {
        const measurement = new IpceMeasurement(settings.current, { bench, monochromator, area }, start);
        last = { start, celsius: bench.stage.celsius, measurement };
        return measurement;
      },
      data: (info) =>
        ipceData({
          info: last?.start.info ?? info,
          celsius: last?.celsius ?? bench.stage.celsius,
          time: last?.start.wallTime.toISOString() ?? UNSET_TIME,
          rows: last?.measurement.rows ?? [],
        }),
      custom: (name, parameter) => commands.get(name)?.(parameter),
      setArea: (claimed) => {
        area = claimed;
      },
    };
  },
};

interface IpceResult {
  info: SampleInfo;
  celsius: number;
  time: string;
  rows: readonly (readonly number[])[];
}

function ipceData({ info, celsius, time, rows }: IpceResult): unknown {
  return {
    user: info.user,
    device: info.device,
    temperature: Number(celsius.toFixed(2)),
    test: 'IPCE',
    time,
    file: '',
    scan: {
      name: 'IPCE',
      columns: ['Wavelength (nm)', 'EQE (%)', 'J_DUT (A/cm2)', 'J_int (A/cm2)'],
      data: rows,
    },
  };
}
