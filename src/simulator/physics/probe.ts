import type { Bench } from '../bench.ts';
import { diodeOf } from './device.ts';
import { currentDensity } from './diode.ts';
import { IonicState } from './ionic.ts';
import { fallingZero } from './root.ts';
import type { Pixel } from './sample.ts';

/** Ω: contact resistance of the shorted pixel. */
export const SHORT_RESISTANCE = 2;
/** Ω: series resistance of a bad contact. */
export const HIGH_RESISTANCE = 5000;

/**
 * The sample between the two probe terminals: the contacted pixels in parallel, each with its own ions, under
 * the present light and temperature of the bench.
 * Every measurement makes a new probe: the ions are taken to have come to rest in between.
 */
export class Probe {
  readonly #bench: Bench;
  readonly #ions = new Map<number, IonicState>();
  /** Light from a source that the routine itself drives, in suns; the LED board's light comes on top. */
  sourceSuns = 0;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  /** Keeps the contacted pixels at a voltage for a time. */
  dwell(volts: number, seconds: number): void {
    for (const pixel of this.#bench.contacted()) this.#ionsOf(pixel).relax(volts, pixel.cell.voc, seconds);
  }

  /** Present current in A at a voltage; positive when generating. */
  current(volts: number): number {
    return this.#bench.contacted().reduce((sum, pixel) => sum + this.#pixelCurrent(pixel, volts), 0);
  }

  /**
   * The voltage in V at which no current flows; undefined if nothing fixes that voltage, as at an open contact.
   */
  openCircuitVoltage(): number | undefined {
    if (this.#bench.contacted().every((pixel) => pixel.contact === 'open')) return undefined;
    return fallingZero((volts) => this.current(volts), -0.5, 3);
  }

  #pixelCurrent(pixel: Pixel, volts: number): number {
    if (pixel.contact === 'open') return 0;
    const { cell } = pixel;
    const conditions = { suns: this.#bench.suns + this.sourceSuns, celsius: this.#bench.stage.celsius };
    const loss = this.#ionsOf(pixel).loss(cell.ionicLoss, volts);
    const diode = diodeOf(cell, conditions, loss);
    const contact = pixel.contact === 'high resistance' ? HIGH_RESISTANCE * cell.area : 0;
    const seriesResistance = diode.seriesResistance + contact;
    const current = currentDensity({ ...diode, seriesResistance }, volts) * cell.area;
    return pixel.contact === 'shorted' ? current - volts / SHORT_RESISTANCE : current;
  }

  #ionsOf(pixel: Pixel): IonicState {
    const known = this.#ions.get(pixel.number);
    if (known !== undefined) return known;
    const ions = new IonicState();
    this.#ions.set(pixel.number, ions);
    return ions;
  }
}
