import { decimate } from './decimate.ts';
import { type Column, type Scan, rowCount } from './dataset.ts';

/** Fewer rows cannot show a shape. */
export const FEWEST_ROWS = 10;

/** Factor on the rows asked for: of five rows that may stay of each stretch, a monotonous curve keeps two. */
const FINEST = 2.5;

export interface Selection {
  /** Names of columns; all without it. */
  columns?: readonly string[] | undefined;
  /** Range of the first column, both ends included. */
  from?: number | undefined;
  to?: number | undefined;
}

export interface ScanRows {
  columns: Pick<Column, 'name' | 'unit'>[];
  rows: (number | null)[][];
  /** Rows in the range, before any were left out. */
  of: number;
}

/** The rows of a scan that lie in the range, at most `limit` of them, which keep the shape of what was asked for. */
export function thinScan(scan: Scan, selection: Selection, limit: number): ScanRows {
  const [axis] = scan.columns;
  const chosen = chosenColumns(scan, selection.columns);
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = selection;
  const isLimited = selection.from !== undefined || selection.to !== undefined;
  const inRange = Array.from({ length: rowCount(scan) }, (_, i) => i).filter((i) => {
    const x = axis?.values[i] ?? null;
    return x === null ? !isLimited : x >= from && x <= to;
  });
  const valuesOf = (column: Column | undefined): (number | null)[] =>
    inRange.map((i) => column?.values[i] ?? null);
  const shape = chosen.find((column) => column !== axis) ?? axis;
  const kept = shapely(valuesOf(axis), valuesOf(shape), limit).map((k) => inRange[k] ?? 0);
  return {
    columns: chosen.map(({ name, unit }) => ({ name, unit })),
    rows: kept.map((i) => chosen.map(({ values }) => sixDigits(values[i] ?? null))),
    of: inRange.length,
  };
}

/** A smooth curve needs fewer rows than it may have: it gets the finest division that fits. */
function shapely(x: readonly (number | null)[], y: readonly (number | null)[], limit: number): number[] {
  for (let most = Math.floor(FINEST * limit); most > limit; most = Math.floor(0.9 * most)) {
    const kept = decimate(x, y, most);
    if (kept.length <= limit) return kept;
  }
  return decimate(x, y, limit);
}

/** In the order of the request, or of the scan. */
export function chosenColumns({ columns }: Scan, names: readonly string[] | undefined): Column[] {
  return names === undefined
    ? columns
    : names.flatMap((name) => columns.find((column) => isNamed(column, name)) ?? []);
}

/** Matches the name of a column in any letter case, also with its unit, as headings show it. */
function isNamed({ name, unit }: Column, wanted: string): boolean {
  const plain = wanted.trim().toLowerCase();
  return plain === name.toLowerCase() || plain === `${name} (${unit})`.toLowerCase();
}

/** How many rows each may have, so that all have at most `budget`: what a short one does not need, the others get. */
export function shareRows(counts: readonly number[], budget: number): number[] {
  const shares = counts.map(() => 0);
  let left = budget;
  counts
    .map((count, i) => ({ count, i }))
    .toSorted((a, b) => a.count - b.count)
    .forEach(({ count, i }, done) => {
      const share = Math.min(count, Math.floor(left / (counts.length - done)));
      shares[i] = Math.max(FEWEST_ROWS, share);
      left -= share;
    });
  return shares;
}

function sixDigits(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}
