import type { Bench } from '../bench.ts';
import { Probe } from '../physics/probe.ts';
import { EXTRACTION, photovoltageTime, type Pulse, transient } from '../physics/transient.ts';
import type { Random } from '../random.ts';
import type { Measurement, MeasurementStart } from './program.ts';
import { type Edges, evaluateTrace } from './tpr-evaluation.ts';
import { type Test, tprLevels, type TprSettings } from './tpr-settings.ts';
import { Timeline } from './timeline.ts';

/** V: noise of a single trace; averaging reduces it. */
const VOLTAGE_NOISE = 2e-4;
/** Noise relative to the current range. */
const CURRENT_NOISE = 1e-4;
/** s: longer than the ions need to come to rest. */
const REST = 60;

/** One light level: V and A over time. */
export interface Trace {
  readonly volts: readonly number[];
  readonly amperes: readonly number[];
  readonly edges: Edges;
}

/** Measures a light pulse on a bias, at every level of the ramp; at open or at short circuit. */
export class TprMeasurement implements Measurement {
  readonly test: Test;
  readonly traces: Trace[] = [];
  /** s between samples. */
  readonly dt: number;
  readonly thresholds: { readonly high: number; readonly low: number };
  readonly #settings: TprSettings;
  readonly #bench: Bench;
  readonly #random: Random;
  readonly #timeline: Timeline;
  readonly #levels: readonly number[];
  readonly #pulse: Pulse;

  constructor(test: Test, settings: TprSettings, bench: Bench, start: MeasurementStart) {
    const { pulse, transient: thresholds } = settings.output_settings;
    this.test = test;
    this.dt = pulse.duration / pulse.points;
    this.thresholds = thresholds;
    this.#settings = settings;
    this.#bench = bench;
    this.#random = start.random;
    this.#levels = tprLevels(settings);
    this.#pulse = { start: pulse.delay, end: pulse.delay + (pulse.duty_cycle / 100) * pulse.duration };
    this.#timeline = new Timeline(start.time, this.#steps(), (seconds) => bench.advanceTo(seconds));
  }

  get finishedAt(): number | undefined {
    return this.#timeline.finishedAt;
  }

  get percent(): number {
    return (100 * this.traces.length) / this.#levels.length;
  }

  advanceTo(seconds: number): void {
    this.#timeline.advanceTo(seconds);
  }

  /** Progress. Undocumented for this routine, so the names are those of the others. */
  progress(): unknown {
    return {
      light: this.#levels[this.traces.length] ?? null,
      'points done': this.traces.length,
      'total points': this.#levels.length,
      progres_pct: Number(this.percent.toFixed(2)),
    };
  }

  *#steps(): Generator<number, void> {
    const { pulse, additional } = this.#settings.output_settings;
    for (const level of this.#levels) {
      yield additional.step_delay + pulse.averaging * pulse.duration;
      this.traces.push(this.#trace(level));
    }
  }

  #trace(level: number): Trace {
    const { pulse, level: light } = this.#settings.output_settings;
    const averaged = Math.sqrt(pulse.averaging);
    const voltage = { noise: VOLTAGE_NOISE / averaged, random: this.#random };
    const current = { noise: (this.#currentRange() * CURRENT_NOISE) / averaged, random: this.#random };
    const [base, top] = [this.#bias(light.bias * level), this.#bias(level)];
    // The pulse comes on top of the bias: both add to the light of the LED board.
    const suns = Math.max(1e-6, this.#bench.suns + level);
    const tau = photovoltageTime(this.#bench.contacted(), suns);
    const open = this.test === 'TPV';
    const lifetime = [{ weight: 1, tau }];
    const volts = this.#record(open ? base.volts : 0, open ? top.volts : 0, lifetime, voltage);
    // A photocurrent is negative, as in the routine's own plots.
    const amperes = this.#record(open ? 0 : -base.amperes, open ? 0 : -top.amperes, EXTRACTION, current);
    return { volts, amperes, edges: this.#edges(open ? volts : amperes) };
  }

  #record(
    base: number,
    top: number,
    components: Parameters<typeof transient>[0]['components'],
    noise: { noise: number; random: Random },
  ): number[] {
    const { points } = this.#settings.output_settings.pulse;
    return transient(
      { base, step: top - base, components, pulse: this.#pulse },
      { points, dt: this.dt, ...noise },
    );
  }

  #edges(trace: readonly number[]): Edges {
    const place = (seconds: number): number => Math.ceil(seconds / this.dt - 1e-9);
    const { start, end } = this.#pulse;
    return evaluateTrace(trace, { begin: place(start), end: place(end) }, this.dt, this.thresholds);
  }

  /**
   * Voltage or current at the terminals under a steady light of the routine's source: V at open, A at short
   * circuit.
   */
  #bias(suns: number): { volts: number; amperes: number } {
    const probe = new Probe(this.#bench);
    probe.sourceSuns = suns;
    if (this.test === 'TPC') {
      probe.dwell(0, REST);
      return { volts: 0, amperes: probe.current(0) };
    }
    probe.dwell(probe.openCircuitVoltage() ?? 0, REST);
    return { volts: probe.openCircuitVoltage() ?? 0, amperes: 0 };
  }

  /** Current range, A. */
  #currentRange(): number {
    const { device_settings: device } = this.#settings;
    if ('Current Compliance' in device) return device['Current Compliance'];
    return device.range?.value ?? device.compliance?.value ?? 0.1;
  }
}
