import { toCsv, type TableContext } from './csv.ts';
import { type Dataset, rowCount, type Scan } from '../science/dataset.ts';
import { shareRows, thinScan } from '../science/thin-scan.ts';

/** Bytes of a resource, at most: clients end the session at a line of 10 MiB, and escaping can double a text. */
export const MOST_TABLE_BYTES = 1024 * 1024;

/** Share of the room that is aimed at: rows differ in length. */
const MARGIN = 0.8;
const FEWEST_ROWS_OF_SCAN = 10;

/**
 * The table of a measurement, thinned so that the shape stays where it is longer than `MOST_TABLE_BYTES`. Then its first line
 * begins with `#`, says so, and names the file with all rows.
 */
export function boundedTable(dataset: Dataset, context: TableContext, wholeFile: string): string {
  const whole = toCsv(dataset, context);
  let bytes = Buffer.byteLength(whole);
  if (bytes <= MOST_TABLE_BYTES) return whole;
  const of = rowsOf(dataset.scans);
  let rows = of;
  let table = whole;
  let shown = dataset.scans;
  while (bytes > MOST_TABLE_BYTES && rows > 1) {
    rows = Math.floor((rows * MARGIN * MOST_TABLE_BYTES) / bytes);
    shown = thin(dataset.scans, rows);
    table = toCsv({ ...dataset, scans: shown }, context);
    bytes = Buffer.byteLength(table);
  }
  const scans =
    shown.length < dataset.scans.length ? ` and ${shown.length} of ${dataset.scans.length} scans` : '';
  const note = `# THINNED: ${rowsOf(shown)} of ${of} rows${scans}; all of it is in ${JSON.stringify(wholeFile)}`;
  const [mark, rest] = table.startsWith('\uFEFF') ? ['\uFEFF', table.slice(1)] : ['', table];
  return `${mark}${note}\r\n${rest}`;
}

function rowsOf(scans: readonly Scan[]): number {
  return scans.reduce((sum, scan) => sum + rowCount(scan), 0);
}

/** At most about so many rows: of each scan those that keep its shape, of very many scans evenly spaced ones. */
function thin(scans: readonly Scan[], rows: number): Scan[] {
  const most = Math.max(1, Math.floor(rows / FEWEST_ROWS_OF_SCAN));
  const every = Math.max(1, scans.length / most);
  const kept = Array.from(
    { length: Math.min(scans.length, most) },
    (_, i) => scans[Math.floor(i * every)],
  ).flatMap((scan) => scan ?? []);
  const shares = shareRows(
    kept.map((scan) => rowCount(scan)),
    rows,
  );
  return kept.map((scan, i) => {
    const found = thinScan(scan, {}, shares[i] ?? FEWEST_ROWS_OF_SCAN);
    const columns = found.columns.map((column, at) => ({
      ...column,
      values: found.rows.map((row) => row[at] ?? null),
    }));
    return { ...scan, columns };
  });
}
