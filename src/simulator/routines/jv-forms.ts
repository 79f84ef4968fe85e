import type { Dialect } from '../request.ts';
import type { JvParameters } from './jv-analysis.ts';
import type { JvResult } from './jv-record.ts';

/** LabVIEW's text for a time that was never set. */
const UNSET_TIME = '1904-01-01T00:00:00.000Z';

/** The `data` of GetTestData, by dialect. */
export const JV_FORMS: Readonly<Record<Dialect, (result: JvResult) => unknown>> = { newest, oldest };

/** Schema of the data. The real instrument labels A/cm² as mA/cm², in the data but not in the parameters. */
const DATA_SCHEMA = [
  { name: 'Voltage', unit: 'V' },
  { name: 'Current', unit: 'mA/cm^2' },
];

function newest({ info, area, celsius, takenAt, scans }: JvResult): unknown {
  return {
    user: info.user,
    device: info.device,
    area_cm2: area,
    temperature: rounded(celsius),
    acquisition_time: takenAt?.toISOString() ?? UNSET_TIME,
    scans: scans.map(({ name, run, rows, parameters }) => ({
      name,
      sweep_indices: run.indices,
      data_schema: DATA_SCHEMA,
      data: rows,
      parameters,
    })),
  };
}

/** The oldest names of the parameters, in the order of its array. */
const OLD_NAMES: readonly (readonly [key: keyof JvParameters, name: string])[] = [
  ['voc', 'Voc'],
  ['jsc', 'Jsc'],
  ['v_mpp', 'Vmpp'],
  ['j_mpp', 'Jmpp'],
  ['p_mpp', 'Pmpp'],
  ['r_series', 'Rs'],
  ['r_shunt', 'R//'],
  ['fill factor', 'Fill Factor'],
  ['efficiency', 'Efficiency'],
];

/**
 * Data in the oldest form: the area with its unit, a `file` per scan, and the parameters as an array beside
 * their schema. No member of a scan names its combination of a sweep.
 */
function oldest({ info, area, celsius, takenAt, scans }: JvResult): unknown {
  return {
    user: info.user,
    device: info.device,
    area: { value: area, unit: 'cm2' },
    temperature: rounded(celsius),
    time: takenAt?.toISOString() ?? UNSET_TIME,
    sweep: [],
    scans: scans.map(({ name, rows, parameters }) => ({
      name,
      file: takenAt === undefined ? '' : filePath(info.user, info.device, takenAt),
      data_schema: DATA_SCHEMA,
      data: rows,
      parameter_schema: OLD_NAMES.map(([key, oldName]) => ({ name: oldName, unit: parameters[key].unit })),
      parameters: OLD_NAMES.map(([key]) => parameters[key].value),
    })),
  };
}

/**
 * Path of a result file, such as `D:\Arkeo\Results\Ada\2025_10_30\B7-P3\JV\2025-10-30_14.51.57_JV_B7-P3.txt`.
 */
function filePath(user: string, device: string, takenAt: Date): string {
  const [date = '', time = ''] = takenAt.toISOString().slice(0, 19).split('T');
  const folder = ['D:', 'Arkeo', 'Results', user, date.replaceAll('-', '_'), device, 'JV'];
  return [...folder, `${date}_${time.replaceAll(':', '.')}_JV_${device}.txt`].join('\\');
}

function rounded(celsius: number): number {
  return Number(celsius.toFixed(2));
}
