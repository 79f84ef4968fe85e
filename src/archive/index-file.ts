import type { Disk } from '../files/disk.ts';
import { errorCode } from '../files/file-error.ts';
import { DiskStalled } from '../files/limited-disk.ts';
import { readPatiently } from '../files/whole-files.ts';
import { beyondBounds } from './record-bounds.ts';
import { summarySchema, type StoredSummary } from './summary.ts';

/** One line per measurement that was begun, and one more when it ended. It only saves reading the folders. */
export const INDEX = 'index.jsonl';

const MAX_BYTES = 256 * 1024 * 1024;
/** Characters of a line. */
const MAX_LINE = 2 * 1024 * 1024;

/**
 * The last line of each measurement. Lines that cannot be read are left out, and so is a whole file of them; one that is
 * too long to be read is taken away, since all of it can be written anew. Throws DiskStalled.
 */
export async function readIndex(disk: Disk, file: string): Promise<Map<string, StoredSummary>> {
  const bytes = await readPatiently(disk, file, MAX_BYTES).catch(async (error: unknown) => {
    if (error instanceof DiskStalled || errorCode(error) === undefined) throw error;
    if (errorCode(error) === 'EFBIG') await disk.remove(file).catch(() => undefined);
    return Buffer.alloc(0);
  });
  return new Map(
    new TextDecoder()
      .decode(bytes)
      .split('\n')
      .flatMap((line) => parseLine(line))
      .map((summary) => [summary.id, summary]),
  );
}

/** In one piece, so that two processes do not write into each other's lines. */
export async function appendToIndex(
  disk: Disk,
  file: string,
  summaries: readonly StoredSummary[],
): Promise<void> {
  if (summaries.length === 0) return;
  await disk.append(file, summaries.map((summary) => `${JSON.stringify(summary)}\n`).join(''));
}

function parseLine(line: string): StoredSummary[] {
  if (line.length > MAX_LINE) return [];
  try {
    const value: unknown = JSON.parse(line);
    return beyondBounds(value) === undefined ? [summarySchema.parse(value)] : [];
  } catch {
    return [];
  }
}
