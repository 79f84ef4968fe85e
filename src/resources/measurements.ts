import path from 'node:path';
import {
  type McpServer,
  type ReadResourceResult,
  ResourceNotFoundError,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import { ArkeoError } from '../errors.ts';
import type { Archive, MeasurementSummary } from '../archive/archive.ts';
import { RECORD_FILE, TABLE_FILE } from '../archive/stored.ts';
import { plotMeasurements } from '../plot/plot-measurements.ts';
import { storedSource } from '../plot/stored-source.ts';
import { quote } from '../text/quote.ts';
import { keyFigures } from '../figures/key-figures.ts';
import { measurementUri, resolveId } from '../archive/measurement-id.ts';
import { boundedTable } from '../archive/bounded-table.ts';
import { boundedRecord } from './bounded-record.ts';

const LIST_URI = 'arkeo://measurements';
const IN_THE_LIST = 100;
/** Hosts show each as an entry of its own. */
const LISTED = 20;
const COMPLETED = 100;
/** Codes of the archive for an id that it does not have, and for an id without data. */
const NOT_FOUND: ReadonlySet<string | number> = new Set(['no_such_measurement', 'no_data']);

type Content = { text: string } | { blob: string };

/** One way to read a stored measurement. */
interface View {
  name: string;
  /** After the id. */
  suffix: string;
  title: string;
  description: string;
  mimeType: string;
  content(archive: Archive, id: string): Promise<Content>;
}

const VIEWS: readonly View[] = [
  {
    name: 'measurement',
    suffix: '',
    title: 'One measurement',
    description: 'Settings, conditions, figures and files of a stored measurement.',
    mimeType: 'application/json',
    async content(archive, id) {
      const { record, state, folder, problems } = await archive.read(id);
      const shown = { ...record, state, folder, problems };
      return { text: boundedRecord(shown, path.join(folder, RECORD_FILE)) };
    },
  },
  {
    name: 'measurement-data',
    suffix: '/data.csv',
    title: 'Data of a measurement',
    description:
      'Rows of a stored measurement; above 1 MiB thinned, with the path of the whole in the first line.',
    mimeType: 'text/csv',
    async content(archive, id) {
      const { record, folder } = await archive.read(id);
      return { text: boundedTable(await archive.dataset(id), record, path.join(folder, TABLE_FILE)) };
    },
  },
  {
    name: 'measurement-plot',
    suffix: '/plot.png',
    title: 'Picture of a measurement',
    description: 'A stored measurement as the field draws it; made when it is read.',
    mimeType: 'image/png',
    async content(archive, id) {
      const { png } = await plotMeasurements([
        storedSource(await archive.read(id), await archive.dataset(id)),
      ]);
      return { blob: Buffer.from(png).toString('base64') };
    },
  },
];

/** `arkeo://measurements`, and of each stored measurement its record, `data.csv` and `plot.png`. */
export function registerMeasurementResources(server: McpServer, archive: Archive): void {
  server.registerResource(
    'measurements',
    LIST_URI,
    {
      title: 'Stored measurements',
      description: `The newest ${IN_THE_LIST} stored measurements.`,
      mimeType: 'application/json',
    },
    async (uri) => ({
      contents: [{ uri: uri.href, mimeType: 'application/json', text: await newest(archive) }],
    }),
  );
  for (const view of VIEWS) registerView(server, archive, view);
}

function registerView(server: McpServer, archive: Archive, view: View): void {
  const { name, suffix, title, description, mimeType } = view;
  server.registerResource(
    name,
    new ResourceTemplate(`${LIST_URI}/{id}${suffix}`, {
      list: suffix === '' ? async () => ({ resources: await listed(archive) }) : undefined,
      complete: { id: async (typed) => completeId(archive, typed) },
    }),
    { title, description, mimeType },
    async (uri, { id }): Promise<ReadResourceResult> => {
      try {
        const content = await view.content(archive, await resolveId(archive, decoded(String(id))));
        return { contents: [{ uri: uri.href, mimeType, ...content }] };
      } catch (error) {
        if (error instanceof ArkeoError && NOT_FOUND.has(error.code))
          throw new ResourceNotFoundError(uri.href);
        throw error;
      }
    },
  );
}

async function newest(archive: Archive): Promise<string> {
  const { entries, total, damaged } = await archive.list({ limit: IN_THE_LIST });
  const measurements = entries.map(({ metrics, ...summary }) => ({
    ...summary,
    figures: keyFigures(summary.routine, metrics),
    uri: measurementUri(summary.id),
  }));
  const named = damaged.slice(0, IN_THE_LIST);
  return JSON.stringify({ total, measurements, damaged: named, damaged_total: damaged.length }, null, 2);
}

async function listed(archive: Archive) {
  const { entries } = await archive.list({ limit: LISTED });
  return entries.map((summary) => ({
    uri: measurementUri(summary.id),
    name: summary.id,
    title: titleOf(summary),
    mimeType: 'application/json',
  }));
}

function titleOf({ routine, device_name: device, started_at: at, simulated }: MeasurementSummary): string {
  return [
    ...(simulated ? ['SIMULATED'] : []),
    routine,
    ...(device === null ? [] : [quote(device)]),
    at.slice(0, 16).replace('T', ' '),
  ].join(' ');
}

/** Ids that begin with what was typed, newest first; without regard to case. */
async function completeId(archive: Archive, typed: string): Promise<string[]> {
  const { entries } = await archive.list();
  return entries
    .map(({ id }) => id)
    .filter((id) => id.toLowerCase().startsWith(typed.toLowerCase()))
    .slice(0, COMPLETED);
}

/** The id in a URI; one that is no valid encoding names nothing. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return '';
  }
}
