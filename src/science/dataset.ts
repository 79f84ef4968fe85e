/** A number with its unit; null if the instrument sent no number. */
export interface Quantity {
  value: number | null;
  unit: string;
}

/** Named values with a unit, in the field's units. A missing value is null, never NaN. */
export interface Column {
  name: string;
  unit: string;
  values: (number | null)[];
}

export type Direction = 'forward' | 'reverse';

/** One run through the values of a measurement: a sweep direction, a delay, a light level, a spectrum. */
export interface Scan {
  /** The instrument's name for the scan. The name is only a claim; `direction` follows from the data. */
  label: string;
  /** Rising voltages are forward. Undefined without a sweep. */
  direction?: Direction | undefined;
  /** Conditions that distinguish this scan from the others: light level, offset, delay, sweep indices. */
  conditions: Record<string, Quantity>;
  /** Columns, all of one length. */
  columns: Column[];
  /** The instrument's own results, under our names for them. */
  reported: Record<string, Quantity>;
}

/** The data of a measurement, in one form for all routines. */
export interface Dataset {
  /** Our name for the routine. */
  routine: string;
  /** The instrument's statement of what the data belongs to; undefined if it makes none. */
  info: {
    user?: string | undefined;
    device?: string | undefined;
    areaCm2?: number | undefined;
    temperatureC?: number | undefined;
    /** ISO 8601, as the instrument sent it. */
    acquiredAt?: string | undefined;
  };
  scans: Scan[];
  /** Corrections, conversions and doubts about the data: one sentence each. */
  notes: string[];
}

/** Finds the column of that name. Throws RangeError if the scan has none: names are fixed per routine. */
export function column(scan: Scan, name: string): Column {
  const found = findColumn(scan, name);
  if (found === undefined) throw new RangeError(`the scan ${scan.label} has no column ${name}`);
  return found;
}

export function findColumn(scan: Scan, name: string): Column | undefined {
  return scan.columns.find((candidate) => candidate.name === name);
}

/** Number of rows; all columns of a scan have the same length. */
export function rowCount(scan: Scan): number {
  return scan.columns[0]?.values.length ?? 0;
}

/** Rows in which every one of the named columns has a value. */
export function completeRows(scan: Scan, names: readonly string[]): number[][] {
  const columns = names.map((name) => column(scan, name).values);
  return Array.from({ length: rowCount(scan) }, (_, i) => columns.map((values) => values[i] ?? null)).filter(
    (row): row is number[] => row.every((value) => value !== null),
  );
}

/** Number of missing values in all scans. */
export function missingCount({ scans }: Dataset): number {
  return scans
    .flatMap(({ columns }) => columns)
    .reduce((sum, { values }) => sum + values.filter((value) => value === null).length, 0);
}

/** Returns forward if the values rise from first to last, reverse if they fall, undefined otherwise. */
export function directionOf(values: readonly (number | null)[]): Direction | undefined {
  const numbers = values.filter((value) => value !== null);
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  return last > first ? 'forward' : 'reverse';
}
