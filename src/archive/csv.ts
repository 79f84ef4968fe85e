import { rowCount, type Dataset, type Quantity, type Scan } from '../science/dataset.ts';
import type { Applied, AppliedValue } from './applied.ts';

/** Excel reads UTF-8 (cm², µs) only after this mark; pandas and the others skip it. */
const BYTE_ORDER_MARK = '\uFEFF';
/** Line end of RFC 4180: Excel, Origin, pandas and R read it everywhere. */
const LINE_END = '\r\n';

interface CsvColumn {
  heading: string;
  cell: (scan: Scan, row: number) => string | number | null;
}

/** Members of a record that the table of a measurement shows. */
export interface TableContext {
  simulated: boolean;
  applied: Applied | null;
}

/**
 * A dataset as one table for spreadsheets and scripts: a row per point, with all scans below each other. Columns:
 * `Simulated` (only when simulated), `Scan`, what was applied and is not as the instrument had it (`Applied end_v`), the
 * conditions of the scans, the data, each as `name (unit)`. What a scan does not have is empty.
 */
export function toCsv(dataset: Dataset, context: TableContext): string {
  const columns = columnsOf(dataset.scans, context);
  const rows = dataset.scans.flatMap((scan) =>
    Array.from({ length: rowCount(scan) }, (_, row) => columns.map(({ cell }) => cell(scan, row))),
  );
  const lines = [columns.map((column) => column.heading), ...rows].map((cells) => cells.map(field).join(','));
  return BYTE_ORDER_MARK + lines.map((line) => line + LINE_END).join('');
}

function columnsOf(scans: readonly Scan[], { simulated, applied }: TableContext): CsvColumn[] {
  const data = unique(scans.flatMap(({ columns }) => columns.map(({ name, unit }) => withUnit(name, unit))));
  const conditions = unique(
    scans.flatMap((scan) => Object.entries(scan.conditions).map(([name, { unit }]) => withUnit(name, unit))),
  );
  return [
    ...(simulated ? [{ heading: 'Simulated', cell: () => 'SIMULATED' }] : []),
    { heading: 'Scan', cell: ({ label }) => label },
    ...chosenValues(applied).map(([name, value]) => ({ heading: `Applied ${name}`, cell: () => value })),
    ...conditions.map((name) => ({
      // A scan taken at one voltage may hold a column of voltages.
      heading: data.includes(name) ? `Scan ${name}` : name,
      cell: (scan: Scan) => conditionOf(scan, name)?.value ?? null,
    })),
    ...data.map((name) => ({
      heading: name,
      cell: ({ columns }: Scan, row: number) =>
        columns.find((column) => withUnit(column.name, column.unit) === name)?.values[row] ?? null,
    })),
  ];
}

/** Values that were asked, assumed, measured or a default of ours; those that the instrument had are in its settings. */
function chosenValues(applied: Applied | null): [name: string, value: string | number][] {
  return Object.entries(applied?.values ?? {}).flatMap(([name, { value, source }]) =>
    source === 'instrument' || value === null ? [] : [[name, cellOf(value)]],
  );
}

function cellOf(value: NonNullable<AppliedValue['value']>): string | number {
  if (typeof value === 'string' || typeof value === 'number') return value;
  return JSON.stringify(value);
}

function conditionOf(scan: Scan, name: string): Quantity | undefined {
  return Object.entries(scan.conditions).find(([key, { unit }]) => withUnit(key, unit) === name)?.[1];
}

function withUnit(name: string, unit: string): string {
  return unit === '' ? name : `${name} (${unit})`;
}

function field(value: string | number | null): string {
  if (value === null) return '';
  const text = typeof value === 'number' ? String(value) : withoutFormula(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Spreadsheets run a text that begins like a formula; names come from the instrument and from people. */
function withoutFormula(text: string): string {
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
  return /^[=+\-@\t\r]/.test(text) && !number ? `'${text}` : text;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
