import * as z from 'zod';
import { parameters } from '../instrument/command.ts';
import type { MeasurementRecord } from '../archive/record.ts';
import { toArkeoText } from '../export/arkeo-text.ts';
import { toCsv } from '../archive/csv.ts';
import { toJson } from '../export/json.ts';
import type { Dataset } from '../science/dataset.ts';
import { answerForm } from './answer/answer-form.ts';
import { word } from './answer/tellings.ts';
import { defineTool } from './define-tool.ts';
import { idArgument, resolveId } from '../archive/measurement-id.ts';
import { storedDoubts } from './stored-doubts.ts';

const FORMATS = ['csv', 'arkeo_text', 'json'] as const;
type Format = (typeof FORMATS)[number];

const WRITERS: Record<Format, (record: MeasurementRecord, dataset: Dataset) => string> = {
  csv: (record, dataset) => toCsv(dataset, record),
  arkeo_text: toArkeoText,
  json: toJson,
};
const EXTENSIONS: Record<Format, string> = { csv: 'csv', arkeo_text: 'txt', json: 'json' };

export const exportMeasurement = defineTool({
  name: 'export_measurement',
  title: 'Export a stored measurement',
  description:
    "Writes all data of a stored measurement into its folder: csv, arkeo_text (the ARKEO's own text form) or json (everything). Replaces nothing.",
  // It writes a file of ours; on the instrument it changes nothing.
  kind: 'read',
  toolset: 'workflow',
  input: parameters({ id: idArgument, format: z.enum(FORMATS).describe('csv: spreadsheets.') }),
  output: answerForm(
    { id: z.string(), path: z.string(), bytes: z.number() },
    { id: word({ label: '' }), path: word({ label: 'exported to' }), bytes: word() },
  ),
  async run({ id: asked, format }, { archive }) {
    const id = await resolveId(archive, asked);
    const stored = await archive.read(id);
    const { record } = stored;
    const content = WRITERS[format](record, await archive.dataset(id));
    const bytes = Buffer.byteLength(content);
    const path = await archive.addFile(id, `${fileName(record)}.${EXTENSIONS[format]}`, content);
    return {
      said: {
        id,
        path,
        bytes,
        warnings: storedDoubts(stored),
        notes: record.simulated ? ['the file says that its data is SIMULATED'] : [],
        simulated: record.simulated,
      },
    };
  },
});

/** `2026-05-04_12.45.46_JV_B12-P3`, as the instrument names its files, in characters that every system takes. */
function fileName({ started_at: at, routine, device_name: device, simulated }: MeasurementRecord): string {
  const plain = (text: string): string => text.replace(/[^A-Za-z0-9.-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '');
  const parts = [
    at.slice(0, 19).replace('T', '_').replaceAll(':', '.'),
    plain(routine),
    plain(device ?? '').slice(0, 30),
    simulated ? 'SIMULATED' : '',
  ];
  return parts.filter((part) => part !== '').join('_');
}
