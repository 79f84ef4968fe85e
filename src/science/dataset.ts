/** A number with its unit; null where the instrument sent no number. */
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
  /** What the instrument calls it. A claim: `direction` is what the data shows. */
  label: string;
  /** Rising voltages are forward. Undefined where there is no sweep. */
  direction?: Direction | undefined;
  /** What distinguishes this scan from the others: light level, offset, delay, sweep indices. */
  conditions: Record<string, Quantity>;
  /** All of one length. */
  columns: Column[];
  /** The instrument's own results, under our names for them. */
  reported: Record<string, Quantity>;
}

/** What a measurement yielded, in one form for all routines. */
export interface Dataset {
  /** The routine by our name for it. */
  routine: string;
  /** What the instrument says the data belongs to; undefined where it does not. */
  info: {
    user?: string | undefined;
    device?: string | undefined;
    areaCm2?: number | undefined;
    temperatureC?: number | undefined;
    /** ISO 8601, as sent. */
    acquiredAt?: string | undefined;
  };
  scans: Scan[];
  /** What was corrected, converted or doubted on the way: one sentence each. */
  notes: string[];
}

/** The column of that name. Throws RangeError when the scan has none: names are fixed per routine. */
export function column(scan: Scan, name: string): Column {
  const found = findColumn(scan, name);
  if (found === undefined) throw new RangeError(`the scan ${scan.label} has no column ${name}`);
  return found;
}

export function findColumn(scan: Scan, name: string): Column | undefined {
  return scan.columns.find((candidate) => candidate.name === name);
}

/** Columns of a scan are of one length. */
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

/** How many values are missing in all scans. */
export function missingCount({ scans }: Dataset): number {
  return scans
    .flatMap(({ columns }) => columns)
    .reduce((sum, { values }) => sum + values.filter((value) => value === null).length, 0);
}

/** Forward when the values rise from first to last, reverse when they fall, undefined when they do neither. */
export function directionOf(values: readonly (number | null)[]): Direction | undefined {
  const numbers = values.filter((value) => value !== null);
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  return last > first ? 'forward' : 'reverse';
}
