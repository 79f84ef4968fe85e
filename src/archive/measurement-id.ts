import { InputError } from '../errors.ts';
import type { Archive } from './archive.ts';
import { plainText } from '../text/plain-text.ts';

const LATEST = 'latest';

/** The argument that names a stored measurement. */
export const idArgument = plainText(200).describe('Or "latest".');

/** The id, where `latest` is that of the measurement begun last. Throws InputError while there is none. */
export async function resolveId(archive: Archive, id: string): Promise<string> {
  if (id !== LATEST) return id;
  const [newest] = (await archive.list({ limit: 1 })).entries;
  if (newest === undefined) {
    throw new InputError('nothing has been measured yet: there is no "latest" measurement', {
      code: 'no_such_measurement',
      hint: 'Measure first; list_measurements shows what is stored.',
    });
  }
  return newest.id;
}

/** Makes the URI under which MCP hosts read a stored measurement, or a part of it. */
export function measurementUri(id: string, part?: 'data.csv' | 'plot.png'): string {
  const uri = `arkeo://measurements/${encodeURIComponent(id)}`;
  return part === undefined ? uri : `${uri}/${part}`;
}
