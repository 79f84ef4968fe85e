import path from 'node:path';
import type { Disk } from '../files/disk.ts';
import { errorCode } from '../files/file-error.ts';
import { requireFolder } from '../files/members.ts';
import { readPatiently } from '../files/whole-files.ts';
import type { MeasurementRecord, StoredFile } from './record.ts';
import { describeFile, REPLIES } from './stored.ts';

const REPLY = /^(\d+)_(.+)\.json$/;
/** Maximum size of all replies of one measurement together. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Replies that are there and are not in the record, each once: a second copy of one is none. */
export async function unlistedReplies(
  disk: Disk,
  folder: string,
  { files }: MeasurementRecord,
): Promise<StoredFile[]> {
  const listed = new Set(files.map(({ name }) => name));
  const sums = new Set(files.map((file) => file.sha256));
  const found: StoredFile[] = [];
  for (const { name, bytes } of await readReplies(disk, folder)) {
    const file = describeFile(name, bytes);
    if (listed.has(name) || sums.has(file.sha256)) continue;
    sums.add(file.sha256);
    found.push(file);
  }
  return found;
}

export interface StoredReply {
  name: string;
  command: string;
  bytes: Buffer;
}

/** The kept replies, first is oldest, each with its path; no links. None where there is no folder of replies. */
export async function readReplies(disk: Disk, folder: string): Promise<StoredReply[]> {
  const place = path.join(folder, REPLIES);
  await requireFolder(disk, place);
  const names = await disk.names(place).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  const replies = names.flatMap((name) => {
    const [, number, command] = REPLY.exec(name) ?? [];
    return number === undefined || command === undefined ? [] : [{ name, number: Number(number), command }];
  });
  let left = MAX_BYTES;
  const read: StoredReply[] = [];
  for (const { name, command } of replies.toSorted((a, b) => a.number - b.number)) {
    const { kind, bytes: length } = await disk.look(path.join(place, name));
    // An empty one is a name that was taken before its content came.
    if (kind !== 'file' || length === 0) continue;
    const bytes = await readPatiently(disk, path.join(place, name), left);
    left -= bytes.byteLength;
    read.push({ name: `${REPLIES}/${name}`, command, bytes });
  }
  return read;
}
