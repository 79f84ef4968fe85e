import type { Bench } from '../bench.ts';
import type { Random } from '../random.ts';
import type { PlqySettings } from './plqy-settings.ts';
import type { Measurement, MeasurementStart } from './program.ts';
import { Timeline } from './timeline.ts';

/**
 * The film in the sphere: fraction of the pump that it absorbs, and photons emitted per photon absorbed at 25
 * °C.
 */
const ABSORPTANCE = 0.75;
const YIELD = 0.01;
/** Relative change of the yield, 1/K. */
const YIELD_SLOPE = -4e-3;
/** nm. */
const PUMP = { centre: 450, width: 3 };
const EMISSION = { centre: 777, width: 40, perKelvin: -0.25 };
/** Pixels of the spectrometer, nm. */
const WAVELENGTHS: readonly number[] = Array.from({ length: 1280 }, (_, i) => 336.2 + 0.597 * i);
/** Pump in the empty sphere, W/cm², and noise of a 1 s reading, µW/cm²/nm. */
const PUMP_POWER = 1e-3;
const NOISE = 2e-5;
/** s: time for a spectrum in addition to its exposures. */
const OVERHEAD = 0.5;

/** Takes a spectrum with the empty sphere, then one with the film: µW/cm²/nm. */
export class PlqyMeasurement implements Measurement {
  /** nm, incident and remaining: columns of the same length, empty until taken. */
  incident: readonly number[] = [];
  remaining: readonly number[] = [];
  readonly #timeline: Timeline;

  constructor(settings: PlqySettings, bench: Bench, start: MeasurementStart) {
    this.#timeline = new Timeline(start.time, this.#steps(settings, bench, start.random), (seconds) =>
      bench.advanceTo(seconds),
    );
  }

  get finishedAt(): number | undefined {
    return this.#timeline.finishedAt;
  }

  get percent(): number {
    return this.incident.length === 0 ? 0 : 50;
  }

  /** Progress. Undocumented. */
  progress(): unknown {
    return null;
  }

  advanceTo(seconds: number): void {
    this.#timeline.advanceTo(seconds);
  }

  rows(): number[][] {
    return this.remaining.length === 0
      ? []
      : WAVELENGTHS.map((nm, i) => [nm, this.incident[i] ?? 0, this.remaining[i] ?? 0]);
  }

  *#steps(
    { integration_time, averages }: PlqySettings,
    bench: Bench,
    random: Random,
  ): Generator<number, void> {
    const exposure = (integration_time / 1000) * averages;
    yield exposure + OVERHEAD;
    this.incident = spectrum(1, 0, bench.stage.celsius, exposure, random);
    yield exposure + OVERHEAD;
    this.remaining = spectrum(1 - ABSORPTANCE, ABSORPTANCE, bench.stage.celsius, exposure, random);
  }
}

function spectrum(
  pump: number,
  absorbed: number,
  celsius: number,
  exposure: number,
  random: Random,
): number[] {
  const quantumYield = YIELD * (1 + YIELD_SLOPE * (celsius - 25));
  const centre = EMISSION.centre + EMISSION.perKelvin * (celsius - 25);
  // A photon of the luminescence has less energy than one of the pump.
  const emitted = absorbed * quantumYield * (PUMP.centre / centre);
  const noise = NOISE / Math.sqrt(exposure);
  return WAVELENGTHS.map(
    (nm) =>
      PUMP_POWER *
        1e6 *
        (pump * line(nm, PUMP.centre, PUMP.width) + emitted * line(nm, centre, EMISSION.width)) +
      random.gaussian(noise),
  );
}

/** Normal line of unit area, 1/nm, by its full width at half maximum. */
function line(nm: number, centre: number, width: number): number {
  const sigma = width / (2 * Math.sqrt(2 * Math.LN2));
  return Math.exp(-(((nm - centre) / sigma) ** 2) / 2) / (sigma * Math.sqrt(2 * Math.PI));
}
