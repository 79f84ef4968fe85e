import type { Bench } from '../bench.ts';
import { Probe } from '../physics/probe.ts';
import { fallingZero } from '../physics/root.ts';
import { Smu } from '../physics/smu.ts';
import { WAVELENGTHS } from '../physics/spectrometer.ts';
import type { Random } from '../random.ts';
import type { Dialect } from '../request.ts';
import { DarkJvDetector, type SpectrumRecord } from './dark-jv-detector.ts';
import type { DarkJvSettings } from './dark-jv-settings.ts';
import { steps } from './jv-sweep.ts';
import type { Measurement, MeasurementStart } from './program.ts';
import { Timeline } from './timeline.ts';

type Direction = 'forward' | 'reverse';
interface Scan {
  readonly direction: Direction;
  /** V and A, in the order measured. */
  readonly rows: (readonly [volts: number, amperes: number])[];
  readonly spectra: SpectrumRecord[];
}

/** Fraction of a point's duration after which the point is read. */
const READ_AFTER = 0.25;
/** A: compliance for a Keithley, whose settings have none. */
const USUAL_COMPLIANCE = 0.1;

/**
 * One Dark JV measurement: precondition at the first voltage, then the scans, under whatever light the bench
 * has.
 */
export class DarkJvMeasurement implements Measurement {
  readonly #settings: DarkJvSettings;
  readonly #dialect: Dialect;
  readonly #probe: Probe;
  readonly #smu: Smu;
  readonly #random: Random;
  readonly #compliance: number;
  readonly #detector: DarkJvDetector | undefined;
  readonly #timeline: Timeline;
  readonly #scans: Scan[] = [];
  readonly #grid: readonly number[];

  constructor(settings: DarkJvSettings, bench: Bench, start: MeasurementStart, dialect: Dialect) {
    const { scan_settings: scan, device, photodetector } = settings;
    this.#settings = settings;
    this.#dialect = dialect;
    this.#probe = new Probe(bench);
    this.#compliance = device.type === 'SMU' ? device.specific.current_compliance : USUAL_COMPLIANCE;
    this.#smu = new Smu(start.random, this.#compliance);
    this.#random = start.random;
    this.#grid = steps(scan['V start (V)'], scan['V end (V)'], scan['dV (V)']);
    if (photodetector.type === 'Spectrometer') {
      const { integration_time_s: seconds, averages, smoothing } = photodetector.settings;
      const exposure = { milliseconds: 1000 * seconds, averages, smoothing };
      this.#detector = new DarkJvDetector(bench, exposure, start.random.fork('spectrometer'), dialect);
    }
    this.#timeline = new Timeline(start.time, this.#steps(), (seconds) => bench.advanceTo(seconds));
  }

  get finishedAt(): number | undefined {
    return this.#timeline.finishedAt;
  }

  get percent(): number {
    const done = this.#scans.reduce((sum, { rows }) => sum + rows.length, 0);
    return (100 * done) / (this.#grid.length * this.#directions().length);
  }

  advanceTo(seconds: number): void {
    this.#timeline.advanceTo(seconds);
  }

  /** Progress is an empty object, as the documentation shows it. */
  progress(): unknown {
    return {};
  }

  toJson(): unknown {
    return { measurement: this.#scans.map((scan) => this.#scanJson(scan)) };
  }

  *#steps(): Generator<number, void> {
    const { 'Precondition (s)': precondition, 'Turn Hold (s)': turn } = this.#settings.scan_settings;
    yield precondition;
    for (const [i, direction] of this.#directions().entries()) {
      if (i > 0) yield Math.max(0, turn);
      yield* this.#scan(direction);
    }
  }

  *#scan(direction: Direction): Generator<number, void> {
    const { 'dV (V)': step, 'Scan rate (V/s)': rate } = this.#settings.scan_settings;
    const seconds = step / rate;
    const scan: Scan = { direction, rows: [], spectra: [] };
    this.#scans.push(scan);
    for (const set of direction === 'forward' ? this.#grid : this.#grid.toReversed()) {
      yield READ_AFTER * seconds;
      const volts = this.#smu.output(set);
      this.#probe.dwell(volts, seconds);
      const amperes = this.#reading(this.#probe.current(volts));
      scan.rows.push([volts, amperes]);
      yield (1 - READ_AFTER) * seconds;
      const spectrum = this.#detector?.watch({ volts, amperes }, this.#applied(volts), seconds);
      if (spectrum !== undefined) scan.spectra.push(spectrum);
    }
  }

  /** Voltage that the sample gets instead of the set one: less if the compliance limits the current. */
  #applied(volts: number): number {
    const limited = (v: number): number => this.#probe.current(v) + this.#compliance;
    return limited(volts) >= 0 ? volts : (fallingZero(limited, 0, volts) ?? volts);
  }

  /** Adds noise to a current: 0.05 % of it, and a floor of 1 nA or one digit of the range. */
  #reading(amperes: number): number {
    const { autorange } = this.#settings.device.general;
    const range =
      10 ** Math.ceil(Math.log10(Math.max(1e-6, autorange ? Math.abs(amperes) : this.#compliance)));
    const floor = Math.max(1e-7 * range, 1e-9);
    const noise = this.#random.gaussian(5e-4 * Math.abs(amperes)) + this.#random.uniform(-floor, floor);
    return Math.min(this.#compliance, Math.max(-this.#compliance, amperes + noise));
  }

  #directions(): readonly Direction[] {
    switch (this.#settings.scan_settings['Scan Order']) {
      case 'FW -> RV':
        return ['forward', 'reverse'];
      case 'RV -> FW':
        return ['reverse', 'forward'];
      case 'FW Only':
        return ['forward'];
      case 'RV Only':
        return ['reverse'];
    }
  }

  #scanJson({ direction, rows, spectra }: Scan): object {
    return {
      sweep_direction: direction,
      data_schema: [
        { name: 'Voltage', unit: 'V' },
        { name: 'Current', unit: 'A' },
      ],
      // In the documented example the voltages of the scan called forward fall, though its spectra rise.
      data: this.#dialect === 'oldest' ? rows.toReversed() : rows,
      spectral_data:
        this.#detector === undefined
          ? {}
          : {
              wavelengths_nm: WAVELENGTHS,
              spectra: spectra.map(({ volts, amperes, counts, irradiance }) => ({
                data_point: {
                  voltage: { value: volts, unit: 'V' },
                  current: { value: amperes, unit: 'A' },
                },
                spectrum: counts,
                integrated_irradiance: { value: irradiance, unit: 'W/cm^2' },
              })),
            },
    };
  }
}
