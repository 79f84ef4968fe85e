import type { MeasurementRecord } from '../measurement/archive/record.ts';
import type { Metric } from '../science/metrics/metric.ts';

/** One figure of all measurements, the first being what the others are compared with. */
export interface ComparedFigure {
  name: string;
  /** Of the first measurement that has it. */
  scan: string | null;
  unit: string;
  /** Null where a measurement does not have it. */
  values: (number | null)[];
  /** Against the first; null where either is missing. */
  differences: (number | null)[];
  /** The same in % of the first; null where that is 0. */
  percent: (number | null)[];
}

/** Figures of different routines that are the same quantity, by the name they are compared under. */
const SAME_QUANTITY: ReadonlyMap<string, string> = new Map([
  ['jsc_integrated', 'jsc'],
  ['stabilised_efficiency', 'efficiency'],
  ['stabilised_power', 'p_mpp'],
  ['stabilised_voltage', 'v_mpp'],
]);

/**
 * Figures of the same name, unit and scan next to each other. Between routines also what is the same quantity
 * under another name (jsc of JV and jsc_integrated of IPCE); there a single value stands beside those of every scan.
 */
export function compareFigures(records: readonly MeasurementRecord[]): ComparedFigure[] {
  const [first] = records;
  const mixed = records.some(({ routine }) => routine !== first?.routine);
  const nameOf = ({ name }: Metric): string => (mixed ? (SAME_QUANTITY.get(name) ?? name) : name);
  const keys = new Map<string, Pick<ComparedFigure, 'name' | 'scan' | 'unit'>>();
  for (const { metrics } of records) {
    for (const metric of metrics) {
      const key = { name: nameOf(metric), scan: metric.scan ?? null, unit: metric.unit };
      keys.set(JSON.stringify(key), key);
    }
  }
  const rows = [...keys.values()].map((key) => {
    const values = records.map((record) => {
      const alike = record.metrics.filter(
        (metric) => nameOf(metric) === key.name && metric.unit === key.unit,
      );
      const own = alike.find(({ scan }) => (scan ?? null) === key.scan);
      const only = record.routine !== first?.routine && alike.length === 1 ? alike[0] : undefined;
      return (own ?? only)?.value ?? null;
    });
    return { ...key, values, ...against(values) };
  });
  const isShared = ({ values }: ComparedFigure): boolean => values[0] !== null && values.some(isOther);
  return mixed ? rows.filter(isShared) : rows.filter(({ values }) => values.some((value) => value !== null));
}

function isOther(value: number | null, i: number): boolean {
  return i > 0 && value !== null;
}

function against(values: readonly (number | null)[]): Pick<ComparedFigure, 'differences' | 'percent'> {
  const [base = null] = values;
  const differences = values.map((value) => (value === null || base === null ? null : value - base));
  const percent = differences.map((difference) =>
    difference === null || base === null || base === 0 ? null : (100 * difference) / Math.abs(base),
  );
  return { differences, percent };
}
