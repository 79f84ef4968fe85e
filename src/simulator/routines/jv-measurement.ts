import type { Bench } from '../bench.ts';
import { sourceSuns } from '../physics/light.ts';
import { Probe } from '../physics/probe.ts';
import { Smu } from '../physics/smu.ts';
import type { Measurement, MeasurementStart } from './program.ts';
import { JvRecord, type JvScan } from './jv-record.ts';
import type { JvSettings } from './jv-settings.ts';
import { type JvRun, jvRuns, steps } from './jv-sweep.ts';
import { Timeline } from './timeline.ts';

/** V: a smaller photovoltage counts as none, so that a scan in the dark covers its whole range. */
const LEAST_VOC = 0.02;
/** Criterion of "Wait for stable", V: Voc has changed less than this in the time that `Value` gives. */
const STABLE_VOC = 1e-3;
const LONGEST_WAIT = 60;

type Direction = JvScan['name'];

/** One JV measurement: light on, Voc, precondition, hold, then the scans, for every combination of a sweep. */
export class JvMeasurement implements Measurement {
  readonly record: JvRecord;
  readonly #settings: JvSettings;
  readonly #bench: Bench;
  readonly #probe: Probe;
  readonly #smu: Smu;
  readonly #timeline: Timeline;
  readonly #polarity: 1 | -1;
  readonly #runs: readonly JvRun[];
  #sweepIndex = 0;
  #direction: Direction;
  #set: number;
  #density = 0;
  #done = 0;
  #total: number;

  constructor(settings: JvSettings, bench: Bench, start: MeasurementStart) {
    this.#settings = settings;
    this.#bench = bench;
    this.#probe = new Probe(bench);
    this.#smu = new Smu(start.random, settings.device_settings['Compliance (A)']);
    this.#polarity = settings.device.Inverted ? -1 : 1;
    this.#runs = jvRuns(settings);
    this.#direction = this.#directions()[0];
    this.#set = settings.precondition['Hold Voltage (V)'];
    this.#total = this.#directions().length * this.#grid(undefined).length;
    this.record = new JvRecord(settings, bench.stage.celsius, start);
    this.#timeline = new Timeline(start.time, this.#steps(), (seconds) => bench.advanceTo(seconds));
  }

  get finishedAt(): number | undefined {
    return this.#timeline.finishedAt;
  }

  get percent(): number {
    return (100 * (this.#sweepIndex + this.#done / this.#total)) / this.#runs.length;
  }

  advanceTo(seconds: number): void {
    this.#timeline.advanceTo(seconds);
  }

  /** Progress, with the misspelling and the doubly encoded ² of the real replies. */
  progress(): unknown {
    return {
      voltage: { value: this.#set, unit: 'V' },
      current: { value: this.#density, unit: 'A/cmÂ²' },
      direction: this.#direction === 'forward' ? 'Forward' : 'Reverse',
      'points done': this.#done,
      'total points': this.#total,
      progres_pct: Number(((100 * this.#done) / this.#total).toFixed(2)),
      sweep_index: this.#sweepIndex,
      total_scans: this.#runs.length,
    };
  }

  details(): unknown {
    return { current_voltage: this.#set, points_acquired: this.#done };
  }

  *#steps(): Generator<number, void> {
    for (const [index, run] of this.#runs.entries()) {
      this.#sweepIndex = index;
      this.#done = 0;
      const { Source, 'Irradiance (mW/cm2)': irradiance } = this.#settings.light;
      this.#probe.sourceSuns = sourceSuns(Source, (irradiance * run.level) / 1e4, this.#bench.suns);
      yield* this.#precondition();
      const voc = this.#openCircuitVoltage();
      yield* this.#hold(this.#settings.precondition['Hold Voltage (V)']);
      const grid = this.#grid(voc);
      this.#total = this.#directions().length * grid.length;
      for (const direction of this.#directions()) yield* this.#scan(direction, run, grid, voc);
    }
  }

  *#precondition(): Generator<number, void> {
    const { Condition, Value } = this.#settings.precondition;
    if (Condition === 'None') return;
    const piece = Math.max(Value, 0.1);
    for (let waited = 0; waited < LONGEST_WAIT; waited += piece) {
      const before = this.#probe.openCircuitVoltage() ?? 0;
      yield piece;
      this.#probe.dwell(before, piece);
      const change = Math.abs((this.#probe.openCircuitVoltage() ?? 0) - before);
      if (Condition === 'Wait fixed time' || change < STABLE_VOC) return;
    }
  }

  *#hold(volts: number): Generator<number, void> {
    const seconds = this.#settings.precondition['Hold Time (s)'];
    this.#set = volts;
    yield seconds;
    this.#probe.dwell(this.#polarity * volts, seconds);
  }

  *#scan(
    direction: Direction,
    run: JvRun,
    grid: readonly number[],
    voc: number | undefined,
  ): Generator<number, void> {
    const { scan } = this.#settings.scan_settings;
    const stopsAtZero = scan['Auto Voc'] && voc !== undefined && scan['Exceed Voc (%)'] === 0;
    const seconds = scan['Step (V)'] / run.rate;
    const rows = this.record.begin(direction, run);
    this.#direction = direction;
    for (const set of direction === 'forward' ? grid : grid.toReversed()) {
      this.#set = set;
      yield seconds;
      const volts = this.#smu.output(set);
      this.#probe.dwell(this.#polarity * volts, seconds);
      const amperes = this.#smu.reading(this.#polarity * this.#probe.current(this.#polarity * volts));
      this.#density = amperes / this.#settings.device['Area (cm2)'];
      rows.push([volts, this.#density]);
      this.#done++;
      if (stopsAtZero && direction === 'forward' && this.#density < 0) return;
    }
  }

  /**
   * Open-circuit voltage as the instrument sees it, with its polarity; undefined without a usable photovoltage.
   */
  #openCircuitVoltage(): number | undefined {
    const volts = (this.#probe.openCircuitVoltage() ?? 0) * this.#polarity;
    return Math.abs(volts) < LEAST_VOC ? undefined : volts;
  }

  /**
   * The set voltages, rising. With Auto Voc they end at the first beyond Voc plus the allowed excess; with the
   * wrong polarity that is the very first.
   */
  #grid(voc: number | undefined): readonly number[] {
    const { scan } = this.#settings.scan_settings;
    const all = steps(scan['Start (V)'], scan['End (V)'], scan['Step (V)']);
    if (voc === undefined || !scan['Auto Voc']) return all;
    const limit = voc * (1 + scan['Exceed Voc (%)'] / 100);
    const last = all.findIndex((volts) => volts >= limit);
    return last === -1 ? all : all.slice(0, last + 1);
  }

  #directions(): readonly [Direction, ...Direction[]] {
    switch (this.#settings.scan_settings.scan.Order) {
      case 'Forward then Reverse':
        return ['forward', 'reverse'];
      case 'Reverse then Forward':
        return ['reverse', 'forward'];
      case 'Forward Only':
        return ['forward'];
      case 'Reverse Only':
        return ['reverse'];
    }
  }
}
