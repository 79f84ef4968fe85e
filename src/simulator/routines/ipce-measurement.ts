import { ELEMENTARY_CHARGE } from '../../science/reference/constants.ts';
import { AM15G } from '../../science/reference/am15g.ts';
import type { Bench } from '../bench.ts';
import { REFERENCE_CELL } from '../physics/device.ts';
import { lampPower } from '../physics/lamp.ts';
import { Probe } from '../physics/probe.ts';
import { externalQuantumEfficiency, polyline } from '../physics/quantum-efficiency.ts';
import type { Random } from '../random.ts';
import type { Monochromator } from './ipce-monochromator.ts';
import type { IpceSettings } from './ipce-settings.ts';
import { steps } from './jv-sweep.ts';
import type { Measurement, MeasurementStart } from './program.ts';
import { Timeline } from './timeline.ts';

/** A row of the data: nm, %, A/cm², A/cm². */
export type IpceRow = readonly [nm: number, eqe: number, device: number, integrated: number];

/** s: time that the drive and the filter wheel need from one wavelength to the next. */
const MOVE = 0.7;
/** Noise of a reading: A/cm², and relative. */
const NOISE = { floor: 2e-10, share: 3e-3 };
/** V: offset of the probes from the bias; only a short turns it into a current. */
const OFFSET = 5e-6;
/** If an acquisition has fewer periods of the chopper than this, its reading is noisier. */
const ENOUGH_PERIODS = 10;

/**
 * One EQE measurement: opens the shutter, then moves, settles, reads and computes, wavelength by wavelength.
 */
export class IpceMeasurement implements Measurement {
  readonly rows: IpceRow[] = [];
  readonly #settings: IpceSettings;
  readonly #monochromator: Monochromator;
  readonly #area: number;
  readonly #random: Random;
  readonly #probe: Probe;
  readonly #bench: Bench;
  readonly #wavelengths: readonly number[];
  readonly #timeline: Timeline;
  #interruptedAt: number | undefined;
  #now: number;

  /** @param area cm² by which the current is divided */
  constructor(
    settings: IpceSettings,
    { bench, monochromator, area }: { bench: Bench; monochromator: Monochromator; area: number },
    start: MeasurementStart,
  ) {
    this.#settings = settings;
    this.#monochromator = monochromator;
    this.#area = area;
    this.#random = start.random;
    this.#probe = new Probe(bench);
    this.#bench = bench;
    const { Start, End, Step } = settings.wavelength;
    this.#wavelengths = steps(Start, End, Step);
    this.#now = start.time;
    this.#timeline = new Timeline(start.time, this.#steps(), (seconds) => bench.advanceTo(seconds));
  }

  get finishedAt(): number | undefined {
    return this.#interruptedAt ?? this.#timeline.finishedAt;
  }

  get percent(): number {
    return (100 * this.rows.length) / this.#wavelengths.length;
  }

  advanceTo(seconds: number): void {
    this.#now = Math.max(this.#now, seconds);
    if (this.#interruptedAt === undefined) this.#timeline.advanceTo(seconds);
  }

  /** Ends the measurement early: its data remain, and no error reports it. */
  interrupt(): void {
    this.#interruptedAt ??= this.#now;
  }

  progress(): unknown {
    return {
      wavelength: this.#wavelengths[Math.min(this.rows.length, this.#wavelengths.length - 1)],
      'points done': this.rows.length,
      'total points': this.#wavelengths.length,
      progres_pct: Number(this.percent.toFixed(2)),
    };
  }

  details(): unknown {
    return { points_acquired: this.rows.length };
  }

  *#steps(): Generator<number, void> {
    const {
      'Acquisition time (s)': window,
      Averaging: averages,
      'Delay (s)': delay,
      'Bias Voltage (V)': bias,
    } = this.#settings.acquisition;
    this.#monochromator.setShutter(true);
    for (const nm of this.#wavelengths) {
      this.#monochromator.moveTo(nm);
      const seconds = MOVE + delay + window * averages;
      yield seconds;
      this.#probe.dwell(bias, seconds);
      this.#record(nm, this.#read(nm));
    }
  }

  /** Current density at a wavelength, A/cm² of the area that the client states. */
  #read(nm: number): number {
    const {
      'Acquisition time (s)': window,
      Averaging: averages,
      'Chopper Frequency (Hz)': hertz,
    } = this.#settings.acquisition;
    const density =
      (hertz === 0 ? this.#current(nm) : this.#current(nm) - this.#current(undefined)) / this.#area;
    const periods = hertz * window * averages;
    const unsteady = hertz === 0 ? 1 : Math.sqrt(Math.max(1, ENOUGH_PERIODS / periods));
    const noise = NOISE.floor + NOISE.share * Math.abs(density);
    return density + this.#random.gaussian((unsteady * noise) / Math.sqrt(averages));
  }

  /**
   * Current through the probes, A, with the lamp at a wavelength or without it, in addition to all other light.
   */
  #current(nm: number | undefined): number {
    const { 'Bias Voltage (V)': bias, 'LED Level': level } = this.#settings.acquisition;
    const lamp = nm === undefined ? 0 : this.#photocurrent(nm) / REFERENCE_CELL.jsc;
    this.#probe.sourceSuns = level + lamp;
    return this.#probe.current(bias + this.#random.gaussian(OFFSET));
  }

  /**
   * Photocurrent of the reference cell under the lamp, A/cm², without the drift with temperature, which belongs
   * to the cell model.
   */
  #photocurrent(nm: number): number {
    return (externalQuantumEfficiency(nm, this.#bench.stage.celsius) * lampPower(nm) * nm) / 1240;
  }

  #record(nm: number, density: number): void {
    const power = lampPower(nm) * this.#monochromator.calibration;
    const eqe = (100 * 1240 * density) / (power * nm);
    const last = this.rows.at(-1);
    this.rows.push([nm, eqe, density, last === undefined ? Number.NaN : integrated(last, nm, eqe)]);
  }
}

/** The integral of q·EQE·Φ up to a point, A/cm²: the previous sum plus the trapezoid from the point before. */
function integrated([from, before, , sum]: IpceRow, nm: number, eqe: number): number {
  const current = (at: number, percent: number): number =>
    ((ELEMENTARY_CHARGE * percent) / 100) * flux(at) * 1e-4;
  return (Number.isNaN(sum) ? 0 : sum) + ((nm - from) * (current(from, before) + current(nm, eqe))) / 2;
}

/** Photons of AM1.5G, 1/(m² s nm). */
const FLUX = AM15G.map(([nm, , photons]) => [nm, photons] as const);

function flux(nm: number): number {
  const [first, last] = [FLUX[0]?.[0] ?? 0, FLUX.at(-1)?.[0] ?? 0];
  return nm < first || nm > last ? 0 : polyline(FLUX, nm);
}
