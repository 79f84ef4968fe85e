import type { Bench } from '../bench.ts';
import { inputRate, poisson, RESOLUTION, type Scene, SYNC_RATE } from '../physics/photon-counting.ts';
import type { Random } from '../random.ts';
import type { Dialect } from '../request.ts';
import { boolean, checked, like, number, object, optional } from '../shape.ts';
import type { Measurement, MeasurementStart, RoutineProgram, RoutineSession } from './program.ts';
import { Settings } from './settings.ts';
import { TcspcMeasurement } from './tcspc-measurement.ts';

const DONE = { state: 'OK' };
/** The port of the laser; older software has one laser and no ports. */
const PORT = 7;
const NOTHING = object({});
const LASER = object({ laser: boolean() });
const LASER_AT_PORT = object({
  laser: boolean(),
  port_id: optional(number({ integer: true, min: PORT, max: PORT })),
});
/** Jitter of the pulse rate, relative: the resolution of a counter with a gate of a tenth of a second. */
const SYNC_JITTER = 1e-6;

/**
 * TCSPC: histogram of photon arrival times. Its settings are documented as empty.
 * The laser points at the first contacted pixel. The open pixel, whose film is missing, is bare glass: with its
 * relay alone closed, a measurement gives the instrument response.
 */
export const tcspc: RoutineProgram = {
  name: 'TCSPC',
  customCommands: ['GetRates', 'SetLaser'],
  open: (bench, { dialect }) => new TcspcSession(bench, dialect),
};

class TcspcSession implements RoutineSession {
  readonly settings = new Settings(like({}));
  readonly #bench: Bench;
  readonly #dialect: Dialect;
  /** Separate from the randomness of the measurements, so that asking for the rates changes no data. */
  readonly #random: Random;
  #laser = false;
  #measurement: TcspcMeasurement | undefined;

  constructor(bench: Bench, dialect: Dialect) {
    this.#bench = bench;
    this.#dialect = dialect;
    this.#random = bench.random.fork('tcspc rates');
  }

  start(start: MeasurementStart): Measurement {
    this.#measurement = new TcspcMeasurement(this.#bench, start, () => this.#scene());
    return this.#measurement;
  }

  data(): unknown {
    return { Offset: 0, Resolution: RESOLUTION, Histogram: this.#measurement?.histogram ?? [] };
  }

  custom(command: string, parameter: unknown): unknown {
    if (command === 'GetRates') {
      checked(NOTHING, parameter);
      return this.#rates();
    }
    this.#laser = checked(this.#dialect === 'oldest' ? LASER : LASER_AT_PORT, parameter).laser;
    return DONE;
  }

  /**
   * Count rates. The driver gives its sync also while the laser is off; only its key, which nothing here turns,
   * ends that.
   */
  #rates(): object {
    const sync = Math.round(SYNC_RATE * (1 + this.#random.gaussian(SYNC_JITTER)));
    const input = poisson(this.#random, inputRate(this.#scene()));
    return { sync_rate: sync, input_rate: input, ratio: input / sync };
  }

  #scene(): Scene {
    const [pixel] = this.#bench.contacted();
    return { laser: this.#laser, glass: pixel?.contact === 'open', suns: this.#bench.suns };
  }
}
