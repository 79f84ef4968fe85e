import type { Random } from '../random.ts';

/** nm. */
export const WAVELENGTHS = { min: 200, max: 1800 } as const;

const GRATING_EDGES = [0, 1000];
const GRATINGS = [1, 2];
/** Upper edges of the filters, nm; the last one has no upper edge. */
const FILTER_EDGES = [100, 355, 625, 1115, 1580, Number.POSITIVE_INFINITY];
const FILTERS = [1, 2, 3, 4, 5, 6];
/** Hz: jitter of the chopper's frequency. */
const CHOPPER_JITTER = 0.02;
/** Repeatability of a calibration, relative. */
const CALIBRATION_SCATTER = 2e-3;

/**
 * Lamp, shutter, monochromator and chopper. They are parked when a routine's window opens: shutter closed, 550
 * nm.
 */
export class Monochromator {
  readonly #random: Random;
  #nm = 550;
  #open = false;
  /** Calibrated power over actual power. */
  #calibration = 1;
  #calibrations = 0;

  constructor(random: Random) {
    this.#random = random.fork('monochromator');
  }

  /** Position of the drive, nm: slightly off the requested one. */
  get nm(): number {
    return this.#nm;
  }

  get open(): boolean {
    return this.#open;
  }

  /** Calibrated lamp power over actual lamp power. */
  get calibration(): number {
    return this.#calibration;
  }

  moveTo(nm: number): void {
    this.#nm = Number((nm + this.#random.uniform(-0.1, 0.1)).toFixed(1));
  }

  setShutter(open: boolean): void {
    this.#open = open;
  }

  /** Measures the lamp again and overwrites the stored calibration. */
  calibrate(): void {
    const scatter = this.#random.fork(`calibration ${++this.#calibrations}`);
    this.#calibration = 1 + scatter.gaussian(CALIBRATION_SCATTER);
  }

  /** Counted chopper frequency in Hz for a set frequency; 0 means that the chopper stands still. */
  chopperFrequency(set: number): number {
    return set === 0 ? 0 : Number((set + this.#random.uniform(-CHOPPER_JITTER, CHOPPER_JITTER)).toFixed(2));
  }

  /** Status in the form of GetMonochromatorStatus, with the bare Infinity of the real reply. */
  status(): unknown {
    return {
      type: 'Serial Monochromator',
      connected: true,
      wavelength: this.#nm,
      shutter: this.#open ? 'Open' : 'Closed',
      filter: this.#position(FILTER_EDGES, FILTERS),
      grating: this.#nm >= (GRATING_EDGES[1] ?? 0) ? GRATINGS[1] : GRATINGS[0],
      config: {
        gratwave: GRATING_EDGES,
        gratpos: GRATINGS,
        fltrwave: FILTER_EDGES,
        fltrpos: FILTERS,
        autofilter: true,
        autograting: true,
      },
    };
  }

  #position(edges: readonly number[], positions: readonly number[]): number | undefined {
    // The documented instrument has filter 2 in place at 550 nm: a filter serves from its own edge to the next.
    const next = edges.findIndex((edge) => edge > this.#nm);
    return positions[Math.max(0, next - 1)];
  }
}
