import { analyseJv, type JvPoint } from './jv-analysis.ts';
import type { JvSettings } from './jv-settings.ts';
import type { JvRun } from './jv-sweep.ts';
import type { MeasurementStart, SampleInfo } from './program.ts';

export interface JvScan {
  readonly name: 'forward' | 'reverse';
  readonly run: JvRun;
  /** V and A/cm², in the order measured. */
  readonly rows: JvPoint[];
}

/** What LabVIEW writes for a time that was never set. */
const UNSET_TIME = '1904-01-01T00:00:00.000Z';

/** The data of one JV measurement, complete or not, and the settings and sample that it was made with. */
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

  /** Adds a scan and returns its rows, to be filled. */
  begin(name: JvScan['name'], run: JvRun): JvPoint[] {
    const rows: JvPoint[] = [];
    this.#scans.push({ name, run, rows });
    return rows;
  }

  toJson(): unknown {
    const area = this.#settings.device['Area (cm2)'];
    return {
      ...jvHeader(this.#start.info, area, this.#celsius, this.#start.wallTime.toISOString()),
      scans: this.#scans.map(({ name, run, rows }) => ({
        name,
        sweep_indices: run.indices,
        // The real instrument labels A/cm² as mA/cm², in the data but not in the parameters.
        data_schema: [
          { name: 'Voltage', unit: 'V' },
          { name: 'Current', unit: 'mA/cm^2' },
        ],
        data: rows,
        parameters: analyseJv(rows, {
          area,
          irradiance: (this.#settings.light['Irradiance (mW/cm2)'] * run.level) / 100,
        }),
      })),
    };
  }
}

/** What GetTestData says before anything was measured. */
export function emptyJvData(info: SampleInfo, area: number, celsius: number): unknown {
  return { ...jvHeader(info, area, celsius, UNSET_TIME), scans: [] };
}

function jvHeader(info: SampleInfo, area: number, celsius: number, time: string): object {
  return {
    user: info.user,
    device: info.device,
    area_cm2: area,
    temperature: Number(celsius.toFixed(2)),
    acquisition_time: time,
  };
}
