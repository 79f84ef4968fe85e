import type { Bench } from '../bench.ts';
import { PLANCK, SPEED_OF_LIGHT, ELEMENTARY_CHARGE } from '../../science/reference/constants.ts';
import { diodeOf } from '../physics/device.ts';
import { currentDensity } from '../physics/diode.ts';
import { electroluminescence, emissionShape } from '../physics/emission.ts';
import { ledIrradiance } from '../physics/emission-sources.ts';
import { HIGH_RESISTANCE } from '../physics/probe.ts';
import {
  type Exposure,
  irradianceOf,
  overWavelength,
  readSpectrum,
  WAVELENGTHS,
} from '../physics/spectrometer.ts';
import type { Random } from '../random.ts';
import type { Dialect } from '../request.ts';

/** One spectrum and the point of the scan under which it is filed. */
export interface SpectrumRecord {
  readonly volts: number;
  readonly amperes: number;
  readonly counts: readonly number[];
  /** W/cm². */
  readonly irradiance: number;
}

/**
 * The spectrometer that watches the cell during a scan, in its own time: an acquisition longer than a point
 * covers several voltages. The newest software subtracts a dark spectrum. The oldest sends raw counts, and an
 * irradiance integrated over them that means nothing, as in the documented example.
 */
export class DarkJvDetector {
  readonly #exposure: Exposure;
  readonly #random: Random;
  readonly #bench: Bench;
  readonly #dark: readonly number[];
  /** Peak irradiance times seconds, µW/(cm² nm)·s, and the duration so far. */
  #collected = 0;
  #seconds = 0;

  constructor(bench: Bench, exposure: Exposure, random: Random, dialect: Dialect) {
    this.#bench = bench;
    this.#exposure = exposure;
    this.#random = random;
    this.#dark =
      dialect === 'oldest' ? WAVELENGTHS.map(() => 0) : readSpectrum(() => 0, exposure, this.#random);
  }

  /**
   * Collects light from the cell, at the applied voltage, for the duration of a point; returns the spectrum
   * that ends there, if one does.
   */
  watch(
    point: Pick<SpectrumRecord, 'volts' | 'amperes'>,
    applied: number,
    seconds: number,
  ): SpectrumRecord | undefined {
    this.#collected += this.#emission(applied) * seconds;
    this.#seconds += seconds;
    const { milliseconds, averages } = this.#exposure;
    if (this.#seconds + 1e-9 < (milliseconds * averages) / 1000) return undefined;
    const peak = this.#collected / this.#seconds;
    this.#collected = 0;
    this.#seconds = 0;
    const { celsius } = this.#bench.stage;
    const leds = this.#bench.ledLevels;
    const raw = readSpectrum(
      (nm) => peak * emissionShape(nm, celsius) + ledIrradiance(nm, leds),
      this.#exposure,
      this.#random,
    );
    const counts = raw.map((value, i) => value - (this.#dark[i] ?? 0));
    // Converted from µW to W.
    const irradiance = 1e-6 * irradianceOf(overWavelength(counts), milliseconds);
    return { ...point, counts, irradiance };
  }

  /** Peak emission of the contacted cells, per area of them: µW/(cm² nm). */
  #emission(volts: number): number {
    const { stage, suns } = this.#bench;
    const pixels = this.#bench.contacted();
    const area = pixels.reduce((sum, { cell }) => sum + cell.area, 0);
    const photons = pixels.reduce((sum, { cell, contact }) => {
      if (contact === 'open') return sum;
      const diode = diodeOf(cell, { suns, celsius: stage.celsius });
      const inSeries = contact === 'high resistance' ? HIGH_RESISTANCE * cell.area : 0;
      const seriesResistance = diode.seriesResistance + inSeries;
      const injected = -currentDensity({ ...diode, seriesResistance }, volts);
      return sum + (electroluminescence(injected) * injected * cell.area) / ELEMENTARY_CHARGE;
    }, 0);
    // Photons of the shape with a peak of 1 W/(cm² nm).
    const perPeak = overWavelength(
      WAVELENGTHS.map((nm) => (emissionShape(nm, stage.celsius) * nm * 1e-9) / (PLANCK * SPEED_OF_LIGHT)),
    );
    return (1e6 * photons) / area / perPeak;
  }
}
