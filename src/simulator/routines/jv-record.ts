import { analyseJv, type JvParameters, type JvPoint } from './jv-analysis.ts';
import type { JvSettings } from './jv-settings.ts';
import type { JvRun } from './jv-sweep.ts';
import type { MeasurementStart, SampleInfo } from './program.ts';

export interface JvScan {
  readonly name: 'forward' | 'reverse';
  readonly run: JvRun;
  /** V and A/cm², in the order measured. */
  readonly rows: JvPoint[];
}

/** Everything that a reply can contain, independent of its form. */
export interface JvResult {
  readonly info: SampleInfo;
  /** cm². */
  readonly area: number;
  readonly celsius: number;
  /** Undefined until something was measured. */
  readonly takenAt: Date | undefined;
  readonly scans: readonly (JvScan & { readonly parameters: JvParameters })[];
}

/** The data of one JV measurement, complete or not, and its settings and sample. */
export class JvRecord {
  readonly #settings: JvSettings;
  readonly #celsius: number;
  readonly #start: MeasurementStart;
  readonly #scans: JvScan[] = [];

  constructor(settings: JvSettings, celsius: number, start: MeasurementStart) {
    this.#settings = settings;
    this.#celsius = celsius;
    this.#start = start;
  }

  /** Adds a scan and returns its empty list of rows, which the caller fills. */
  begin(name: JvScan['name'], run: JvRun): JvPoint[] {
    const rows: JvPoint[] = [];
    this.#scans.push({ name, run, rows });
    return rows;
  }

  result(): JvResult {
    const area = this.#settings.device['Area (cm2)'];
    const full = this.#settings.light['Irradiance (mW/cm2)'];
    return {
      info: this.#start.info,
      area,
      celsius: this.#celsius,
      takenAt: this.#start.wallTime,
      scans: this.#scans.map((scan) => ({
        ...scan,
        parameters: analyseJv(scan.rows, { area, irradiance: (full * scan.run.level) / 100 }),
      })),
    };
  }
}
