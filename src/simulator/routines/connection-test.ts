import type { Bench } from '../bench.ts';
import { Probe } from '../physics/probe.ts';
import { fallingZero } from '../physics/root.ts';
import { Smu } from '../physics/smu.ts';
import type { Random } from '../random.ts';
import { checked, group, like, number, object, oneOf, setting } from '../shape.ts';
import { LiveMeasurement } from './live-measurement.ts';
import type { RoutineProgram } from './program.ts';
import { Settings } from './settings.ts';

const FIELDS = {
  'Device Name': setting('SMU', oneOf(['SMU'])),
  Device_General: group({
    Mode: setting('Constant Voltage', oneOf(['Constant Voltage', 'Constant Current'])),
    'Sample Rate (S/s)': setting(10, number({ above: 0, max: 1000 })),
    Autorange: like(true),
  }),
  Device_Specific: group({
    'Current limit (A)': setting(0.01, number({ above: 0, max: 1 })),
    'Voltage Limit (V)': setting(6, number({ above: 0, max: 60 })),
  }),
};
const SETTINGS = group(FIELDS);
type ConnectionSettings = (typeof SETTINGS)['initial'];

const OUTPUT = object({ output: number({ min: -60, max: 60 }) });
const DONE = { state: 'OK' };

interface Point {
  readonly volts: number;
  readonly amperes: number;
}

/** Connection Test: voltage and current at a constant output, live until stopped. Current is positive when the cell generates. */
export const connectionTest: RoutineProgram = {
  name: 'Connection Test',
  customCommands: ['SetOutput'],
  open: (bench: Bench) => {
    const settings = new Settings(SETTINGS);
    let output = 0;
    let latest: Point = { volts: 0, amperes: 0 };
    return {
      settings,
      start: (start) => {
        const inForce = settings.current;
        const probe = new Probe(bench);
        let bias = 0;
        // A value set before the start has no effect.
        output = 0;
        return new LiveMeasurement(
          bench,
          start,
          1 / inForce.Device_General['Sample Rate (S/s)'],
          (elapsed, random) => {
            probe.dwell(bias, elapsed);
            const point = source(probe, output, inForce);
            bias = point.volts;
            latest = measured(point, inForce, random);
          },
        );
      },
      data: () => ({ 'Voltage (V)': latest.volts, 'Current (A)': latest.amperes }),
      custom: (_, parameter) => {
        output = checked(OUTPUT, parameter).output;
        return DONE;
      },
    };
  },
};

/** Finds the point at which source and sample agree: the output as set, or the limit that takes its place. */
function source(
  probe: Probe,
  output: number,
  { Device_General, Device_Specific }: ConnectionSettings,
): Point {
  const { 'Current limit (A)': currentLimit, 'Voltage Limit (V)': voltageLimit } = Device_Specific;
  if (Device_General.Mode === 'Constant Voltage') {
    const volts = output;
    const amperes = probe.current(volts);
    const limited = Math.min(currentLimit, Math.max(-currentLimit, amperes));
    // Below `low` and above `high` the limit takes effect: some voltage lets the sample take exactly the limit,
    // since the currents fall with voltage.
    return limited === amperes
      ? { volts, amperes }
      : holdCurrent(probe, limited, Math.max(Math.abs(volts), voltageLimit));
  }
  return holdCurrent(probe, Math.min(currentLimit, Math.max(-currentLimit, output)), voltageLimit);
}

function holdCurrent(probe: Probe, amperes: number, limit: number): Point {
  const excess = (volts: number): number => probe.current(volts) - amperes;
  // With nothing connected nothing fixes the voltage: zero if no current is asked for.
  if (excess(0) === 0) return { volts: 0, amperes };
  const end = excess(0) > 0 ? limit : -limit;
  const volts = fallingZero(excess, Math.min(0, end), Math.max(0, end)) ?? end;
  return { volts, amperes: probe.current(volts) };
}

function measured(
  { volts, amperes }: Point,
  { Device_General, Device_Specific }: ConnectionSettings,
  random: Random,
): Point {
  const limit = Device_Specific['Current limit (A)'];
  const range = Device_General.Autorange ? Math.min(limit, 1e-6 + 1.1 * Math.abs(amperes)) : limit;
  const ammeter = new Smu(random, range);
  return { volts: volts + random.gaussian(2e-6), amperes: ammeter.reading(amperes) };
}
