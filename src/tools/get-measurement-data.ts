import nodePath from 'node:path';
import * as z from 'zod';
import { InputError } from '../errors.ts';
import { parameters } from '../instrument/command.ts';
import { quote } from '../text/quote.ts';
import { rowCount, type Dataset, type Scan } from '../science/dataset.ts';
import { scanNames } from '../science/scan-names.ts';
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
} from './thin-scan.ts';
import { plainText } from '../text/plain-text.ts';

/** More scans than these in one answer are a list of scans, not data. */
const MAX_SCANS = 10;
/** Of all rows together: each costs the model about three tokens, twice. */
const MAX_VALUES = 2000;
const MAX_NAMES = 30;
const name = plainText(200);

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
  output: z.strictObject({
    id: z.string(),
    scans: z.array(
      z.strictObject({
        scan: z.string(),
        columns: z.array(z.string()),
        rows: z.array(z.array(z.number().nullable())),
        of_rows: z.number(),
      }),
    ),
    csv: z.string().describe('Everything, as a resource.'),
    notes: z.array(z.string()),
    simulated: z.boolean(),
  }),
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
    const notes = [
      ...storedDoubts(stored),
      ...parts.flatMap(leftOut),
      ...(found.length > shown.length
        ? [
            `${found.length - shown.length} more scans are left out; name one: ${list(found.map((one) => one.name))}`,
          ]
        : []),
      `everything: ${nodePath.join(folder, 'data.csv')}`,
    ];
    return {
      text: [
        `${record.routine} ${id}`,
        ...parts.flatMap((part) => [
          `${quote(part.name)}: ${headings(part).join(', ')}`,
          ...part.rows.map((row) => row.map((value) => value ?? '–').join(', ')),
        ]),
        ...notes.map((note) => `Note: ${note}`),
      ].join('\n'),
      structured: {
        id,
        scans: parts.map((part) => ({
          scan: part.name,
          columns: headings(part),
          rows: part.rows,
          of_rows: part.of,
        })),
        csv: measurementUri(id, 'data.csv'),
        notes,
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

function leftOut(part: ScanRows & { name: string }): string[] {
  if (part.rows.length === part.of) return [];
  return [
    `${quote(part.name)}: ${part.rows.length} of ${part.of} rows; the rest is left out, the extremes of each stretch stay`,
  ];
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map(quote).join(', ');
  return names.length > MAX_NAMES ? `${shown} and ${names.length - MAX_NAMES} more` : shown;
}
