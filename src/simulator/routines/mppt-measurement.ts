import type { Bench } from '../bench.ts';
import { sourceSuns } from '../physics/light.ts';
import { Probe } from '../physics/probe.ts';
import { Smu } from '../physics/smu.ts';
import type { MpptSettings } from './mppt-settings.ts';
import type { Measurement, MeasurementStart } from './program.ts';
import { Timeline } from './timeline.ts';

/** The burn-in (duration in h) and the slow decay, each with the fraction of power it costs. */
const BURN_IN = { hours: 0.5, part: 0.15 };
const DECAY_HOURS = 2000;
/** Most rows that are kept; beyond this number every other row is dropped. */
const MAX_ROWS = 20_000;

type Row = readonly [number, number, number, number];
interface Curve {
  readonly name: string;
  readonly data: (readonly [volts: number, density: number])[];
}

/**
 * Scans JV, then perturbs and observes from the best point, and repeats. A third of each track duration is
 * spent at V−dV, V and V+dV; the best of them is kept and recorded. The cell loses 15 % in the first hours,
 * then little.
 */
export class MpptMeasurement implements Measurement {
  /** h, V, mA/cm², mW/cm². */
  rows: Row[] = [];
  /** The latest scans, forward and reverse: V and mA/cm². */
  curves: readonly Curve[] = [];
  readonly #settings: MpptSettings;
  readonly #probe: Probe;
  readonly #smu: Smu;
  readonly #timeline: Timeline;
  readonly #total: number;
  #elapsed = 0;

  constructor(settings: MpptSettings, bench: Bench, start: MeasurementStart) {
    this.#settings = settings;
    this.#probe = new Probe(bench);
    this.#smu = new Smu(start.random, settings.device_settings['Compliance (A)']);
    const minutes = settings.tracking['Total duration (min)'];
    this.#total = minutes === 0 ? Number.POSITIVE_INFINITY : minutes * 60;
    const { Source, 'Irradiance (mW/cm2)': irradiance, 'Level (%)': level } = settings.light;
    this.#probe.sourceSuns = sourceSuns(Source, (irradiance * level) / 1e4, bench.suns);
    this.#timeline = new Timeline(start.time, this.#steps(), (seconds) => bench.advanceTo(seconds));
  }

  get finishedAt(): number | undefined {
    return this.#timeline.finishedAt;
  }

  get percent(): number {
    return Math.min(100, (100 * this.#elapsed) / this.#total);
  }

  /** Progress. Undocumented. */
  progress(): unknown {
    return null;
  }

  advanceTo(seconds: number): void {
    this.#timeline.advanceTo(seconds);
  }

  *#steps(): Generator<number, void> {
    const { tracking } = this.#settings;
    yield* this.#dwell(0, tracking['Initial delay (s)']);
    while (this.#elapsed < this.#total) {
      let volts = yield* this.#scan();
      const until = Math.min(this.#total, this.#elapsed + tracking['MPP duration (min)'] * 60);
      while (this.#elapsed < until) volts = yield* this.#track(volts);
    }
  }

  /** Scans forward and reverse; returns the voltage of the largest power. */
  *#scan(): Generator<number, number> {
    const { 'Min (V)': min, 'Max (V)': max, 'Step (V)': step, 'Rate (V/s)': rate } = this.#settings.scan;
    const count = Math.floor((max - min) / step + 1e-6) + 1;
    const grid = Array.from({ length: count }, (_, i) => Number((min + i * step).toFixed(9)));
    const voc = this.#settings.scan['Autodetect Voc'] ? this.#probe.openCircuitVoltage() : undefined;
    const reached = grid.findIndex((volts) => voc !== undefined && voc > 0 && volts >= voc);
    const forward = reached === -1 ? grid : grid.slice(0, reached + 1);
    let best: readonly [volts: number, power: number] = [0, 0];
    const curves: Curve[] = [];
    for (const name of ['forward', 'reverse']) {
      const curve: Curve = { name, data: [] };
      curves.push(curve);
      for (const volts of name === 'forward' ? forward : forward.toReversed()) {
        yield* this.#dwell(volts, step / rate);
        const density = this.#density(volts);
        curve.data.push([volts, density]);
        if (volts * density > best[1]) best = [volts, volts * density];
      }
    }
    this.curves = curves;
    return best[0];
  }

  *#track(volts: number): Generator<number, number> {
    const { 'dV track (V)': dv, 'Track duration (s)': duration } = this.#settings.tracking;
    let best: readonly [volts: number, density: number] | undefined;
    for (const tried of [volts - dv, volts, volts + dv]) {
      yield* this.#dwell(tried, duration / 3);
      const density = this.#density(tried);
      if (best === undefined || tried * density > best[0] * best[1]) best = [tried, density];
    }
    if (best === undefined) return volts;
    this.rows.push([this.#elapsed / 3600, best[0], best[1], best[0] * best[1]]);
    if (this.rows.length > MAX_ROWS) this.rows = this.rows.filter((_, i) => i % 2 === 0);
    return best[0];
  }

  *#dwell(volts: number, seconds: number): Generator<number, void> {
    yield seconds;
    this.#elapsed += seconds;
    this.#probe.dwell(volts, seconds);
  }

  /** Present reading at a voltage, mA/cm². */
  #density(volts: number): number {
    const hours = this.#elapsed / 3600;
    const left =
      BURN_IN.part * Math.exp(-hours / BURN_IN.hours) + (1 - BURN_IN.part) * Math.exp(-hours / DECAY_HOURS);
    return (
      (1000 * this.#smu.reading(this.#probe.current(volts) * left)) / this.#settings.device['Area (cm2)']
    );
  }
}
