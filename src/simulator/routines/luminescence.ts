import type { Bench } from '../bench.ts';
import { emissionShape, filmAbsorbance, photoluminescence } from '../physics/emission.ts';
import { ledExcitation, ledIrradiance } from '../physics/emission-sources.ts';
import {
  autoExposure,
  type Exposure,
  type Light,
  readSpectrum,
  WAVELENGTHS,
} from '../physics/spectrometer.ts';
import type { Random } from '../random.ts';
import type { Dialect } from '../request.ts';
import { boolean, checked, group, number, object, optional, setting } from '../shape.ts';
import { Lasers } from './luminescence-laser.ts';
import { LuminescenceRecord, type Trace } from './luminescence-record.ts';
import type { Measurement, MeasurementStart, RoutineProgram, RoutineSession } from './program.ts';
import { Settings } from './settings.ts';
import { Timeline } from './timeline.ts';

/** Peak of the film's photoluminescence under a full laser, µW/(cm² nm). */
const BRIGHTNESS = 3.5;
/** s: time for a spectrum in addition to its exposures. */
const OVERHEAD = 0.1;
/**
 * Fraction of full scale that AutoExposure stays below, unless a client of the oldest software sends another.
 */
const EXPOSURE_LEVEL = 0.85;

const COMMANDS = ['AcquireDark', 'AcquireReference', 'AcquireSingle', 'SetLaser', 'AutoExposure'] as const;
const NOTHING = object({});
/** Parameters in the oldest software's examples: AcquireDark carries `reference`, and AutoExposure a level. */
const OLD_DARK = object({ reference: optional(boolean()) });
const OLD_EXPOSURE = object({ target_level: optional(number({ above: 0, max: 1 })) });

const SETTINGS = group({
  // The unit is ms.
  integration_time: setting(100, number({ min: 1, max: 60_000 })),
  averages: setting(1, number({ min: 1, max: 1000, integer: true })),
  pixel_smoothing: setting(1, number({ min: 1, max: 100, integer: true })),
});

/** Luminescence: spectra of emitted or transmitted light, taken by custom commands while Ready. */
export const luminescence: RoutineProgram = {
  name: 'Luminescence',
  customCommands: COMMANDS,
  open: (bench, { dialect }) => new LuminescenceSession(bench, dialect),
};

/**
 * A film of the cell's perovskite before the spectrometer. LEDs shine through the film, lasers onto it.
 * AcquireReference sees the light with a bare substrate in place of the film. StartMeasurement takes one
 * spectrum.
 */
class LuminescenceSession implements RoutineSession {
  readonly settings = new Settings(SETTINGS);
  readonly #bench: Bench;
  readonly #dialect: Dialect;
  readonly #lasers: Lasers;
  readonly #record = new LuminescenceRecord();
  readonly #random: Random;

  constructor(bench: Bench, dialect: Dialect) {
    this.#bench = bench;
    this.#dialect = dialect;
    this.#lasers = new Lasers(dialect);
    this.#random = bench.random.fork('luminescence');
  }

  data(): unknown {
    return this.#record.toJson();
  }

  start({ time, random }: MeasurementStart): Measurement {
    const take = (): void => this.#record.takeSingle(this.#read(this.#film, random));
    const { milliseconds, averages } = this.#exposure();
    function* steps(): Generator<number, void> {
      yield (milliseconds * averages) / 1000 + OVERHEAD;
      take();
    }
    const timeline = new Timeline(time, steps(), (seconds) => this.#bench.advanceTo(seconds));
    return {
      advanceTo: (seconds) => timeline.advanceTo(seconds),
      get finishedAt() {
        return timeline.finishedAt;
      },
      progress: () => ({}),
      percent: 0,
    };
  }

  custom(command: string, parameter: unknown): unknown {
    const old = this.#dialect === 'oldest';
    switch (command) {
      case 'AcquireDark':
        checked(old ? OLD_DARK : NOTHING, parameter);
        // Nothing switches the light off: a dark that is taken in the light contains the light.
        this.#record.dark = this.#read(this.#film);
        return this.#stored(this.#record.dark);
      case 'AcquireReference':
        checked(NOTHING, parameter);
        this.#record.reference = this.#read(this.#bare);
        return this.#stored(this.#record.reference);
      case 'AcquireSingle': {
        checked(NOTHING, parameter);
        const single = this.#read(this.#film);
        this.#record.takeSingle(single);
        return old
          ? { spectrum: single.counts, units: 'counts' }
          : { spectrum: [WAVELENGTHS, single.counts, this.#record.irradiance] };
      }
      case 'AutoExposure':
        return this.#autoExposure(old ? (checked(OLD_EXPOSURE, parameter).target_level ?? 1) : 1, parameter);
      case 'SetLaser':
        this.#lasers.set(parameter);
        return { state: 'OK' };
      default:
        return undefined;
    }
  }

  #autoExposure(level: number, parameter: unknown): unknown {
    if (this.#dialect !== 'oldest') checked(NOTHING, parameter);
    const { milliseconds, averages } = autoExposure(this.#film, Math.min(level, EXPOSURE_LEVEL));
    this.settings.apply({ integration_time: milliseconds, averages });
    return this.#dialect === 'oldest'
      ? { integration_time_ms: milliseconds }
      : { integration_time: milliseconds, averages };
  }

  #stored({ counts }: Trace): unknown {
    return this.#dialect === 'oldest' ? { stored: true } : { spectrum: [WAVELENGTHS, counts] };
  }

  #read(light: Light, random = this.#random): Trace {
    const exposure = this.#exposure();
    return { counts: readSpectrum(light, exposure, random), milliseconds: exposure.milliseconds };
  }

  #exposure(): Exposure {
    const { integration_time: milliseconds, averages, pixel_smoothing: smoothing } = this.settings.current;
    return { milliseconds, averages, smoothing };
  }

  readonly #bare: Light = (nm) => ledIrradiance(nm, this.#bench.ledLevels) + this.#lasers.irradiance(nm);

  readonly #film: Light = (nm) => {
    const { ledLevels, stage } = this.#bench;
    const excitation = this.#lasers.excitation + ledExcitation(ledLevels);
    const emitted =
      BRIGHTNESS * photoluminescence(excitation, stage.celsius) * emissionShape(nm, stage.celsius);
    return emitted + ledIrradiance(nm, ledLevels) * 10 ** -filmAbsorbance(nm) + this.#lasers.irradiance(nm);
  };
}
