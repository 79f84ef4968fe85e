import type { MeasurementRecord } from '../archive/record.ts';
import type { Metric } from '../science/metrics/metric.ts';

/** One figure of all measurements, the first being what the others are compared with. */
export interface ComparedFigure {
  name: string;
  /** Scan of the first measurement that has the figure. */
  scan: string | null;
  unit: string;
  /** Null where a measurement does not have it. */
  values: (number | null)[];
  /** One standard deviation of each; null where none is known. */
  uncertainties: (number | null)[];
  /** Against the first; null of the first itself, and where either is missing. */
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
  const mixed = new Set(records.map(({ routine }) => routine)).size > 1;
  const nameOf = ({ name }: Metric): string => (mixed ? (SAME_QUANTITY.get(name) ?? name) : name);
  const keys = new Map<string, Key>();
  for (const { metrics } of records) {
    for (const metric of metrics) {
      const key = { name: nameOf(metric), scan: metric.scan ?? null, unit: metric.unit };
      keys.set(JSON.stringify(key), key);
    }
  }
  const all = [...keys.values()];
  // If scans have the same figure, a figure without a scan gets no row of its own: it stands in the rows of the scans.
  const chosen = mixed ? all.filter((key) => key.scan !== null || !all.some(isOfScanOf(key))) : all;
  const rows = chosen.map((key) => {
    const found = records.map((record) => {
      const alike = record.metrics.filter(
        (metric) => nameOf(metric) === key.name && metric.unit === key.unit,
      );
      const own = alike.find(({ scan }) => (scan ?? null) === key.scan);
      const only = mixed && alike.length === 1 ? alike[0] : undefined;
      return own ?? only;
    });
    const values = found.map((metric) => metric?.value ?? null);
    const uncertainties = found.map((metric) => metric?.uncertainty ?? null);
    return { ...key, values, uncertainties, ...against(values) };
  });
  const isShared = ({ values }: ComparedFigure): boolean => values[0] !== null && values.some(isOther);
  return mixed ? rows.filter(isShared) : rows.filter(({ values }) => values.some((value) => value !== null));
}

type Key = Pick<ComparedFigure, 'name' | 'scan' | 'unit'>;

/** Whether another row is of a scan, and of the same quantity. */
function isOfScanOf({ name, unit }: Key): (other: Key) => boolean {
  return (other) => other.scan !== null && other.name === name && other.unit === unit;
}

/** Standard deviations that a difference has to exceed: less comes by chance, as often as one time in twenty. */
const COVERAGE = 2;

/** Whether a difference from the first is no more than two standard deviations of both; null where none is known. */
export function isWithinUncertainty(
  { uncertainties, differences }: ComparedFigure,
  i: number,
): boolean | null {
  const [first = null, own = null, difference = null] = [uncertainties[0], uncertainties[i], differences[i]];
  if (difference === null || (first === null && own === null)) return null;
  return Math.abs(difference) <= COVERAGE * Math.hypot(first ?? 0, own ?? 0);
}

function isOther(value: number | null, i: number): boolean {
  return i > 0 && value !== null;
}

function against(values: readonly (number | null)[]): Pick<ComparedFigure, 'differences' | 'percent'> {
  const [base = null] = values;
  const differences = values.map((value, i) =>
    i === 0 || value === null || base === null ? null : value - base,
  );
  const percent = differences.map((difference) =>
    difference === null || base === null || base === 0 ? null : (100 * difference) / Math.abs(base),
  );
  return { differences, percent };
}
