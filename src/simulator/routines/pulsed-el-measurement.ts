import type { Bench } from '../bench.ts';
import { Probe } from '../physics/probe.ts';
import { fallingZero } from '../physics/root.ts';
import { Smu } from '../physics/smu.ts';
import type { PulsedElSettings } from './pulsed-el-settings.ts';
import type { Measurement, MeasurementStart } from './program.ts';
import { Timeline } from './timeline.ts';

/** s, and the fraction of the current that decays with it at the beginning of a pulse. */
const SETTLING = 5e-3;
const OVERSHOOT = 0.2;
/** External quantum efficiency of the electroluminescence at 22 mA/cm²; it rises with the root of the current. */
const EFFICIENCY = 3e-4;
const EFFICIENCY_CURRENT = 22e-3;
const BEST_EFFICIENCY = 1e-2;
/** Counts per A of current emitted as light and s of integration, and their noise. */
const COUNTS = 5e11;
const READ_NOISE = 2;

/** Requested V, then V and A at the end of the pulse, then counts of its electroluminescence. */
type Row = readonly [asked: number, volts: number, amperes: number, counts: number];

/** Pulses of rising voltage, one after the other; the current is positive into the cell. */
export class PulsedElMeasurement implements Measurement {
  readonly rows: Row[] = [];
  readonly #settings: PulsedElSettings;
  readonly #timeline: Timeline;

  constructor(settings: PulsedElSettings, bench: Bench, start: MeasurementStart) {
    this.#settings = settings;
    const probe = new Probe(bench);
    const smu = new Smu(start.random, settings.device['Current limit (A)']);
    const steps = this.#steps(probe, smu, bench, (sigma) => start.random.gaussian(sigma));
    this.#timeline = new Timeline(start.time, steps, (seconds) => bench.advanceTo(seconds));
  }

  get finishedAt(): number | undefined {
    return this.#timeline.finishedAt;
  }

  get percent(): number {
    return (100 * this.rows.length) / this.#settings.pulse.Cycles;
  }

  /** Progress. Undocumented. */
  progress(): unknown {
    return null;
  }

  advanceTo(seconds: number): void {
    this.#timeline.advanceTo(seconds);
  }

  *#steps(probe: Probe, smu: Smu, bench: Bench, noise: (sigma: number) => number): Generator<number, void> {
    const { pulse, device, spectrometer } = this.#settings;
    const { 'On (s)': on, 'Off (s)': off, Cycles: cycles } = pulse;
    const limits = { volts: device['Voltage Limit (V)'], amperes: device['Current limit (A)'] };
    const exposure =
      Math.min(on, (spectrometer.integration_time / 1000) * spectrometer.averages) * pulse.Averages;
    for (let cycle = 0; cycle < cycles; cycle++) {
      const asked =
        pulse['Start (V)'] + ((pulse['End (V)'] - pulse['Start (V)']) * cycle) / Math.max(1, cycles - 1);
      yield (on + off) * pulse.Averages;
      const volts = Math.max(-limits.volts, Math.min(limits.volts, asked));
      const settled = 1 - OVERSHOOT * Math.exp(-on / SETTLING);
      const held = clamped(probe, volts, settled, limits.amperes);
      const amperes = -smu.reading(probe.current(held) * settled);
      const area = bench.contacted().reduce((sum, pixel) => sum + pixel.cell.area, 0);
      const emitted = Math.max(0, amperes) * efficiency(Math.max(0, amperes) / area);
      const counts = COUNTS * emitted * exposure;
      const read = counts + noise(Math.sqrt(READ_NOISE ** 2 + counts / 4));
      this.rows.push([asked, held, amperes, read]);
    }
  }
}

/** The voltage at which the current does not exceed the limit. */
function clamped(probe: Probe, volts: number, part: number, limit: number): number {
  const excess = (at: number): number => probe.current(at) * part + limit;
  return excess(volts) >= 0 ? volts : (fallingZero(excess, 0, volts) ?? volts);
}

/** Photons out per electron in, at a current density in A/cm². */
function efficiency(density: number): number {
  return Math.min(BEST_EFFICIENCY, EFFICIENCY * Math.sqrt(density / EFFICIENCY_CURRENT));
}
