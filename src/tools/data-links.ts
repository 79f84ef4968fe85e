import { measurementUri } from '../archive/measurement-id.ts';
import { MOST_TABLE_BYTES } from '../archive/bounded-table.ts';
import type { Attachment } from './define-tool.ts';

/**
 * Links to the data and the picture of a stored measurement.
 * @param tableBytes size of its table as it is stored
 */
export function dataLinks(id: string, tableBytes: number | undefined): Attachment[] {
  const size = tableBytes === undefined ? {} : { size: Math.min(tableBytes, MOST_TABLE_BYTES) };
  return [
    {
      type: 'resource_link',
      uri: measurementUri(id, 'data.csv'),
      name: 'data.csv',
      mimeType: 'text/csv',
      ...size,
    },
    { type: 'resource_link', uri: measurementUri(id, 'plot.png'), name: 'plot.png', mimeType: 'image/png' },
  ];
}
