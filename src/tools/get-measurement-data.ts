import nodePath from 'node:path';
import * as z from 'zod';
import { InputError } from '../errors.ts';
import { parameters } from '../instrument/command.ts';
import { quote } from '../text/quote.ts';
import { rowCount, type Dataset, type Scan } from '../science/dataset.ts';
import { scanNames } from '../science/scan-names.ts';
import { answerForm } from './answer/answer-form.ts';
import type { Telling } from './answer/fact.ts';
import { onNewLine, word } from './answer/tellings.ts';
import { defineTool } from './define-tool.ts';
import { idArgument, measurementUri, resolveId } from '../archive/measurement-id.ts';
import { storedDoubts } from './stored-doubts.ts';
import {
  chosenColumns,
  FEWEST_ROWS,
  type ScanRows,
  type Selection,
  shareRows,
  thinScan,
} from '../science/thin-scan.ts';
import { plainText } from '../text/plain-text.ts';

/** More scans than these in one answer are a list of scans, not data. */
const MAX_SCANS = 10;
/** Maximum number of values in all rows together: each costs the model about three tokens, twice. */
const MAX_VALUES = 2000;
const MAX_NAMES = 30;
const name = plainText(200);

const scanRows = z.strictObject({
  scan: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.array(z.number().nullable())),
  of_rows: z.number(),
});
type ToldScan = z.output<typeof scanRows>;

/** The name and columns of each scan, then a line for each row. */
const eachScan: Telling<readonly ToldScan[]> = {
  tell: (_, scans) => ({
    value: scans,
    lines: scans.flatMap(({ scan, columns, rows, of_rows: of }) => [
      `${quote(scan)}, of ${of} rows: ${columns.join(', ')}`,
      ...rows.map((row) => row.map((value) => value ?? '–').join(', ')),
    ]),
  }),
};

export const getMeasurementData = defineTool({
  name: 'get_measurement_data',
  title: 'Data of a stored measurement',
  description: 'Rows of a stored measurement, thinned so that the shape stays; all are in its data.csv.',
  kind: 'read',
  toolset: 'workflow',
  input: parameters({
    id: idArgument,
    columns: z.array(name).min(1).max(20).optional().describe('Names; all unless given.'),
    scan: name.optional().describe('Name; all unless given.'),
    from: z.number().optional().describe('Smallest value of the first column.'),
    to: z.number().optional().describe('Largest value of the first column.'),
    max_points: z.int().min(FEWEST_ROWS).max(500).default(100).describe('Rows of all scans together.'),
  }),
  output: answerForm(
    {
      id: z.string(),
      routine: z.string(),
      scans: z.array(scanRows),
      csv: z.string().describe('All rows, as a resource.'),
      path: z.string().describe('The same as a file.'),
    },
    {
      id: word({ label: '' }),
      routine: word({ label: '' }),
      scans: eachScan,
      csv: onNewLine(word({ label: 'all rows:' })),
      path: word({ label: 'or' }),
    },
  ),
  async run({ id: asked, scan, max_points: budget, ...selection }, { archive }) {
    const id = await resolveId(archive, asked);
    const stored = await archive.read(id);
    const { record, folder } = stored;
    const dataset = await archive.dataset(id);
    requireRange(selection);
    const found = scansWith(dataset, scan, selection);
    const widest = Math.max(1, ...found.map((one) => chosenColumns(one.scan, selection.columns).length));
    const rows = Math.min(budget, Math.floor(MAX_VALUES / widest));
    const shown = found.slice(0, Math.min(MAX_SCANS, Math.max(1, Math.floor(rows / FEWEST_ROWS))));
    const shares = shareRows(
      shown.map((one) => rowCount(one.scan)),
      rows,
    );
    const parts = shown.map((one, i) => ({
      name: one.name,
      ...thinScan(one.scan, selection, shares[i] ?? FEWEST_ROWS),
    }));
    return {
      said: {
        id,
        routine: record.routine,
        scans: parts.map((part) => ({
          scan: part.name,
          columns: headings(part),
          rows: part.rows,
          of_rows: part.of,
        })),
        csv: measurementUri(id, 'data.csv'),
        path: nodePath.join(folder, 'data.csv'),
        warnings: storedDoubts(stored),
        notes: [
          ...(parts.some(isThinned)
            ? ['rows are left out so that the shape stays: the extremes of each stretch are here']
            : []),
          ...(found.length > shown.length
            ? [
                `${found.length - shown.length} more scans are left out; name one: ${list(found.map((one) => one.name))}`,
              ]
            : []),
        ],
        simulated: record.simulated,
      },
    };
  },
});

function requireRange({ from, to }: Selection): void {
  if (from !== undefined && to !== undefined && from > to) {
    throw new InputError(`from ${from} lies above to ${to}`, { hint: 'Give the smaller value as from.' });
  }
}

/** The scans of that name that have one of the columns at least. Throws InputError with what there is. */
function scansWith(
  dataset: Dataset,
  wanted: string | undefined,
  { columns }: Selection,
): { scan: Scan; name: string }[] {
  const names = scanNames(dataset);
  const all = dataset.scans.map((scan, i) => ({ scan, name: names[i] ?? scan.label }));
  const same = (text: string): boolean => text.toLowerCase() === wanted?.trim().toLowerCase();
  const exact = all.filter((one) => wanted === undefined || same(one.name));
  const found = exact.length > 0 ? exact : all.filter(({ scan }) => same(scan.label));
  if (found.length === 0) {
    throw new InputError(
      wanted === undefined ? 'there are no scans in the data' : `there is no scan ${quote(wanted)}`,
      { hint: all.length === 0 ? 'See get_measurement for what happened.' : `Scans: ${list(names)}.` },
    );
  }
  const missing = columns?.find((column) =>
    found.every(({ scan }) => chosenColumns(scan, [column]).length === 0),
  );
  if (missing !== undefined) {
    const known = [...new Set(found.flatMap(({ scan }) => scan.columns.map((column) => column.name)))];
    throw new InputError(`there is no column ${quote(missing)}`, { hint: `Columns: ${list(known)}.` });
  }
  return found.filter(({ scan }) => chosenColumns(scan, columns).length > 0);
}

function headings({ columns }: ScanRows): string[] {
  return columns.map((column) => (column.unit === '' ? column.name : `${column.name} (${column.unit})`));
}

function isThinned({ rows, of }: ScanRows): boolean {
  return rows.length < of;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map(quote).join(', ');
  return names.length > MAX_NAMES ? `${shown} and ${names.length - MAX_NAMES} more` : shown;
}
