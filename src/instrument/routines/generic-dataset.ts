import * as z from 'zod';
import type { Dataset, Scan } from '../../science/dataset.ts';
import { splitHeading } from '../../science/units.ts';
import { lenientNumber } from '../../text/lenient-number.ts';
import { headings, rows, toColumns } from './read-columns.ts';
import { readInfo } from './read-info.ts';
import { readParameters } from './read-parameters.ts';

/** Documented places of column headings, and of the rows that belong to them. */
const TABLES = [
  { headings: 'data_schema', rows: 'data' },
  { headings: 'data_scheme', rows: 'data' },
  { headings: 'columns', rows: 'data' },
  { headings: 'data_columns', rows: 'data' },
  { headings: 'schema', rows: 'data' },
  { headings: 'processed_schema', rows: 'processed_data' },
  { headings: 'processed_scheme', rows: 'processed_data' },
] as const;

const PARTS: ReadonlySet<string> = new Set(TABLES.flatMap((keys) => [keys.headings, keys.rows]));
/** Members that only hold others: their name says nothing. */
const CONTAINERS: ReadonlySet<string> = new Set(['scans', 'scan', 'measurement', 'data', 'parameters']);

/** Deeper than any documented reply, by far. */
const MAX_DEPTH = 12;

/** Rows, or a single row without the brackets around it. */
const table = z.union([rows, z.array(lenientNumber).transform((row) => [row.map((cell) => cell ?? null)])]);
const node = z.record(z.string(), z.unknown());

/**
 * Reads a reply of unknown structure: every table of columns in it, in any documented form and at any depth, is
 * a scan; so is an object of live values under headings such as `Voltage (V)`, as one row. Never throws: where
 * there is nothing of the kind, the dataset has no scans and a note that says so.
 */
export function genericDataset(routine: string, data: unknown): Dataset {
  const scans = scansIn(data, routine, 0);
  const notes = scans.length > 0 || isEmpty(data) ? [] : ['no columns of numbers were found in the data'];
  return { routine, info: readInfo(data), scans, notes };
}

/**
 * Members such as `"Voltage (V)": 1.02` as a scan of one row, in the order and under the names they came with;
 * undefined where there are none.
 */
export function liveScan(data: unknown, label: string): Scan | undefined {
  const members = Object.entries(node.safeParse(data).data ?? {});
  const columns = members.flatMap(([key, raw]) => {
    const { name, unit } = splitHeading(key);
    const value = lenientNumber.parse(raw) ?? null;
    // Members without a unit may be anything: a version, an index.
    const isValue = value !== null || typeof raw === 'number' || raw === null;
    return unit === '' || !isValue ? [] : [{ name, unit, values: [value] }];
  });
  return columns.length === 0 ? undefined : { label, conditions: {}, columns, reported: {} };
}

type Headings = z.output<typeof headings>;

/** @param above headings of an object further up, for rows that have none of their own, as impedance scans */
function scansIn(value: unknown, label: string, depth: number, above?: Headings): Scan[] {
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((item) => scansIn(item, label, depth + 1, above));
  const members = node.safeParse(value).data;
  if (members === undefined) return [];
  const own = new Map(Object.entries(members));
  const name = labelOf(own) ?? label;
  const heads = TABLES.flatMap((keys) => {
    const head = headings.safeParse(own.get(keys.headings)).data;
    return head === undefined || head.length === 0 ? [] : [{ rows: keys.rows, head }];
  });
  const inForce = heads.find(({ rows: key }) => key === 'data')?.head ?? above;
  const tables = [
    ...heads,
    ...(heads.length === 0 && above !== undefined ? [{ rows: 'data' as const, head: above }] : []),
  ].flatMap(({ rows: key, head }) => {
    const cells = table.safeParse(own.get(key)).data;
    if (cells === undefined) return [];
    const isData = key === 'data';
    const reported = isData ? parametersOf(own.get('parameters'), own.get('parameter_schema')) : {};
    const scan: Scan = {
      label: isData ? name : `${name}: processed`,
      conditions: {},
      columns: toColumns(head, cells),
      reported,
    };
    return [scan];
  });
  const live = tables.length === 0 ? liveScan(value, name) : undefined;
  const nested = [...own].flatMap(([key, inner]) => {
    // The parts of a table hold no further tables.
    if (tables.length > 0 && PARTS.has(key)) return [];
    return scansIn(inner, CONTAINERS.has(key) ? name : key, depth + 1, inForce);
  });
  return [...tables, ...(live === undefined ? [] : [live]), ...nested];
}

/** Reads the instrument's name for a scan from the documented members. */
function labelOf(own: ReadonlyMap<string, unknown>): string | undefined {
  const said = [own.get('name'), own.get('sweep_direction')].find((text) => typeof text === 'string');
  return typeof said === 'string' && said.trim() !== '' ? said : undefined;
}

function parametersOf(parameters: unknown, schema: unknown): Scan['reported'] {
  try {
    return readParameters(parameters, schema, {});
  } catch {
    return {};
  }
}

function isEmpty(data: unknown): boolean {
  return data === null || data === undefined || (typeof data === 'object' && Object.keys(data).length === 0);
}
