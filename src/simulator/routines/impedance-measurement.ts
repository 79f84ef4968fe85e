import type { Bench } from '../bench.ts';
import { type Complex, impedanceAt, inParallel, smallSignal } from '../physics/impedance.ts';
import { HIGH_RESISTANCE, Probe, SHORT_RESISTANCE } from '../physics/probe.ts';
import type { Pixel } from '../physics/sample.ts';
import type { Random } from '../random.ts';
import type { ImpedancePlan } from './impedance-settings.ts';
import type { Measurement, MeasurementStart } from './program.ts';
import { Timeline } from './timeline.ts';

/** Noise of |Z|, relative. */
const MAGNITUDE_NOISE = 3e-3;
/** Noise of the phase, °. */
const PHASE_NOISE = 0.3;
/** S/s: a period of the slow probes is a whole number of output samples. */
const OUTPUT_RATE = 80_000;
/** Largest relative difference between the measured frequency and the requested one. */
const FREQUENCY_SPREAD = 0.05;
/** Leakage between open probes: Ω and F. */
const LEAKAGE = 1e10;
const STRAY_CAPACITANCE = 1e-11;
/** A: smaller currents are lost in the noise of an open contact, and the spectrum has zeros there. */
const LEAST_CURRENT = 1e-9;
/** s: longer than the ions need to come to rest. */
const REST = 60;

export interface ImpedanceScan {
  /** Indices into the lists of light levels and offsets. */
  readonly light: number;
  readonly offset: number;
  /** Frequency, Re, Im, magnitude, phase in °, capacitance in F; ±Infinity where Im is zero. */
  readonly rows: number[][];
}

/** A frequency sweep at every offset under every light level. */
export class ImpedanceMeasurement implements Measurement {
  readonly plan: ImpedancePlan;
  readonly start: MeasurementStart;
  readonly scans: ImpedanceScan[] = [];
  /** Applied offsets, V; at open circuit one for each light level. */
  readonly offsets: number[];
  readonly celsius: number;
  readonly #bench: Bench;
  readonly #random: Random;
  readonly #timeline: Timeline;
  readonly #total: number;
  #frequency: number;
  #done = 0;

  constructor(plan: ImpedancePlan, bench: Bench, start: MeasurementStart) {
    this.plan = plan;
    this.start = start;
    this.offsets = [...(plan.offsets ?? [])];
    this.celsius = bench.stage.celsius;
    this.#bench = bench;
    this.#random = start.random;
    this.#frequency = plan.frequencies[0] ?? 0;
    this.#total = plan.frequencies.length * plan.lights.length * (plan.offsets?.length ?? 1);
    this.#timeline = new Timeline(start.time, this.#steps(), (seconds) => bench.advanceTo(seconds));
  }

  get finishedAt(): number | undefined {
    return this.#timeline.finishedAt;
  }

  get percent(): number {
    return (100 * this.#done) / this.#total;
  }

  advanceTo(seconds: number): void {
    this.#timeline.advanceTo(seconds);
  }

  /** Progress. Undocumented for this routine, so the names are those of the others. */
  progress(): unknown {
    return {
      frequency: this.#frequency,
      'points done': this.#done,
      'total points': this.#total,
      progres_pct: Number(this.percent.toFixed(2)),
    };
  }

  *#steps(): Generator<number, void> {
    for (const [light, level] of this.plan.lights.entries()) {
      if (this.plan.offsets === undefined) this.offsets.push(this.#openCircuitVoltage(level));
      const places = this.plan.offsets === undefined ? [light] : this.plan.offsets.keys();
      for (const offset of places) yield* this.#sweep(light, level, offset, this.offsets[offset] ?? 0);
    }
  }

  *#sweep(light: number, level: number, offset: number, volts: number): Generator<number, void> {
    const rows: number[][] = [];
    this.scans.push({ light, offset, rows });
    for (const asked of this.plan.frequencies) {
      const frequency = this.#grid(asked);
      this.#frequency = frequency;
      yield this.plan.periods / frequency;
      rows.push(this.#row(frequency, this.#impedance(frequency, volts, level)));
      this.#done++;
    }
  }

  #grid(asked: number): number {
    const wanted = asked * (1 + this.#random.uniform(-FREQUENCY_SPREAD, FREQUENCY_SPREAD));
    return this.plan.slow ? OUTPUT_RATE / Math.max(2, Math.round(OUTPUT_RATE / wanted)) : wanted;
  }

  #row(frequency: number, { re, im }: Complex): number[] {
    if (this.plan.amplitude / Math.hypot(re, im) < LEAST_CURRENT) {
      // The sign of the zero is random.
      const infinite = this.#random.next() < 0.5 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
      return [frequency, 0, 0, 0, 0, infinite];
    }
    const magnitude = Math.hypot(re, im) * (1 + this.#random.gaussian(MAGNITUDE_NOISE));
    const phase = (Math.atan2(im, re) * 180) / Math.PI + this.#random.gaussian(PHASE_NOISE);
    const angle = (phase * Math.PI) / 180;
    const reactance = magnitude * Math.sin(angle);
    return [
      frequency,
      magnitude * Math.cos(angle),
      reactance,
      magnitude,
      phase,
      -1 / (2 * Math.PI * frequency * reactance),
    ];
  }

  #impedance(frequency: number, volts: number, level: number): Complex {
    return inParallel(
      this.#bench.contacted().flatMap((pixel) => this.#branches(pixel, frequency, volts, level)),
    );
  }

  #branches({ cell, contact }: Pixel, frequency: number, volts: number, level: number): Complex[] {
    if (contact === 'open') {
      const reactance = -1 / (2 * Math.PI * frequency * STRAY_CAPACITANCE);
      return [
        { re: LEAKAGE, im: 0 },
        { re: 0, im: reactance },
      ];
    }
    const conditions = { suns: this.#bench.suns + level, celsius: this.#bench.stage.celsius };
    const contactResistance = contact === 'high resistance' ? HIGH_RESISTANCE * cell.area : 0;
    const contacted = { ...cell, seriesResistance: cell.seriesResistance + contactResistance };
    const signal = impedanceAt(smallSignal(contacted, conditions, volts, this.plan.amplitude), frequency);
    return contact === 'shorted' ? [signal, { re: SHORT_RESISTANCE, im: 0 }] : [signal];
  }

  /** Open-circuit voltage with the ions at rest there; 0 if nothing fixes the voltage. */
  #openCircuitVoltage(level: number): number {
    const probe = new Probe(this.#bench);
    probe.sourceSuns = level;
    probe.dwell(probe.openCircuitVoltage() ?? 0, REST);
    return probe.openCircuitVoltage() ?? 0;
  }
}
