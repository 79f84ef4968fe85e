import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Disk } from './disk.ts';
import { errorCode, FileInUse } from './file-error.ts';
import { DiskStalled } from './limited-disk.ts';

const TEMPORARY = '.tmp-';
/** More than a file system keeps beside the names, so that a full disk shows. */
const TRIAL_BYTES = 16 * 1024;
/** How Windows says that another program has a file open. */
const IN_USE: readonly string[] = ['EPERM', 'EACCES', 'EBUSY'];

/** A hidden name in the same folder, so that a rename stays on one disk. */
export function temporaryPath(folder: string): string {
  return path.join(folder, `${TEMPORARY}${randomBytes(4).toString('hex')}`);
}

/**
 * Writes a file so that its name only ever stands for all of the old or all of the new content. Throws FileInUse where
 * the folder can be written and this file cannot be replaced.
 */
export async function writeWhole(disk: Disk, file: string, content: Uint8Array | string): Promise<void> {
  const temporary = await writeTemporary(disk, path.dirname(file), content);
  try {
    await renamePatiently(disk, temporary, file);
  } catch (error) {
    await removeTemporary(disk, temporary, error);
    throw IN_USE.includes(errorCode(error) ?? '') ? new FileInUse(file, error) : error;
  }
  await disk.flush(path.dirname(file));
}

/** The same for a file that must not replace another. False where the name is taken. */
export async function addWhole(disk: Disk, file: string, content: Uint8Array | string): Promise<boolean> {
  const temporary = await writeTemporary(disk, path.dirname(file), content);
  try {
    await disk.link(temporary, file);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    // Not every disk has hard links. There the name is taken first, and the content follows.
    if (error instanceof DiskStalled) throw error;
    if (!(await reserve(disk, file))) return false;
    await fillReserved(disk, temporary, file);
  } finally {
    await disk.remove(temporary).catch(() => undefined);
  }
  await disk.flush(path.dirname(file));
  return true;
}

/** Rename, again for a while where Windows refuses because another program has the file open. */
export async function renamePatiently(disk: Disk, from: string, to: string): Promise<void> {
  await patiently(disk, IN_USE, () => disk.rename(from, to));
}

/** Reads a file that another process may be replacing, which Windows refuses for a moment. */
export async function readPatiently(disk: Disk, file: string, most: number): Promise<Buffer> {
  return patiently(disk, ['EPERM', 'EBUSY'], () => disk.read(file, most));
}

/** Writes a few bytes into the folder, or the nearest one above it that there is, and takes them away again. */
export async function tryWriting(disk: Disk, folder: string): Promise<void> {
  const file = temporaryPath(folder);
  try {
    await disk.create(file, Buffer.alloc(TRIAL_BYTES));
  } catch (error) {
    const parent = path.dirname(folder);
    if (errorCode(error) !== 'ENOENT' || parent === folder) throw error;
    // A folder that is there and takes no files, as /proc, is not passed over.
    if (await exists(disk, folder)) throw error;
    return tryWriting(disk, parent);
  }
  // If the removal fails, the file that is left over is hidden from every list.
  await disk.remove(file).catch(() => undefined);
}

/** Whether anything has that name. */
export async function exists(disk: Disk, file: string): Promise<boolean> {
  return disk.look(file).then(
    () => true,
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    },
  );
}

async function writeTemporary(disk: Disk, folder: string, content: Uint8Array | string): Promise<string> {
  const temporary = temporaryPath(folder);
  try {
    await disk.create(temporary, content);
    return temporary;
  } catch (error) {
    // It may be there yet, once the disk goes on.
    if (error instanceof DiskStalled) await removeTemporary(disk, temporary, error);
    throw error;
  }
}

/**
 * Removes what was to be moved. A disk that is slow may move it yet: then it is removed once the disk has come to that,
 * so that nothing half comes to its place.
 */
export async function removeTemporary(disk: Disk, temporary: string, error: unknown): Promise<void> {
  const removed = (): Promise<void> => disk.remove(temporary).catch(() => undefined);
  if (error instanceof DiskStalled) void error.ended.then(removed);
  else await removed();
}

/** Throws what the disk throws; then the name is free again. */
async function fillReserved(disk: Disk, temporary: string, file: string): Promise<void> {
  try {
    await renamePatiently(disk, temporary, file);
  } catch (error) {
    if (!(error instanceof DiskStalled)) await disk.remove(file).catch(() => undefined);
    throw error;
  }
}

async function reserve(disk: Disk, file: string): Promise<boolean> {
  try {
    await disk.create(file, '');
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function patiently<T>(disk: Disk, codes: readonly string[], action: () => Promise<T>): Promise<T> {
  for (const pause of disk.pausesMs) {
    try {
      return await action();
    } catch (error) {
      if (!codes.includes(errorCode(error) ?? '')) throw error;
    }
    await delay(pause);
  }
  return action();
}
