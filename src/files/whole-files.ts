import { randomBytes } from 'node:crypto';
import { link, lstat, open, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from './file-error.ts';

/** About a second in all: how long a virus scanner or an indexer on Windows keeps a new file to itself. */
const PAUSES_MS = [10, 20, 40, 80, 150, 300, 400];
const TEMPORARY = '.tmp-';
/** More than a file system keeps beside the names, so that a full disk shows. */
const TRIAL_BYTES = 16 * 1024;

/** A hidden name in the same folder, so that a rename stays on one disk. */
export function temporaryPath(folder: string): string {
  return path.join(folder, `${TEMPORARY}${randomBytes(4).toString('hex')}`);
}

/**
 * Writes a file so that its name only ever stands for all of the old or all of the new content.
 * @param modified what its time of change is set to
 */
export async function writeWhole(file: string, content: Uint8Array | string, modified: Date): Promise<void> {
  const temporary = await writeTemporary(path.dirname(file), content, modified);
  try {
    await renamePatiently(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(path.dirname(file));
}

/** The same for a file that must not replace another. False where the name is taken. */
export async function addWhole(file: string, content: Uint8Array | string, modified: Date): Promise<boolean> {
  const temporary = await writeTemporary(path.dirname(file), content, modified);
  try {
    await link(temporary, file);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    // Not every disk has hard links. There the name is taken first, and the content follows.
    if (!(await reserve(file))) return false;
    await renamePatiently(temporary, file);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
  await syncFolder(path.dirname(file));
  return true;
}

/** Rename, again for a while where Windows refuses because another program has the file open. */
export async function renamePatiently(from: string, to: string): Promise<void> {
  await patiently(['EPERM', 'EACCES', 'EBUSY'], () => rename(from, to));
}

/** Reads a file that another process may be replacing, which Windows refuses for a moment. */
export async function readPatiently(file: string): Promise<Buffer> {
  return patiently(['EPERM', 'EBUSY'], () => readFile(file));
}

/** Writes a few bytes into the folder, or the nearest one above it that there is, and takes them away again. */
export async function tryWriting(folder: string): Promise<void> {
  const nearest = await nearestFolder(folder);
  const file = temporaryPath(nearest);
  try {
    await writeFile(file, Buffer.alloc(TRIAL_BYTES), { flag: 'wx' });
  } finally {
    // Again for a while: on Windows a scanner may have it open. What is left over then is hidden from every list.
    await rm(file, { force: true, recursive: true, maxRetries: 5, retryDelay: 20 }).catch(() => undefined);
  }
}

async function nearestFolder(folder: string): Promise<string> {
  for (let candidate = folder; ; candidate = path.dirname(candidate)) {
    try {
      if ((await stat(candidate)).isDirectory()) return candidate;
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '') || candidate === path.dirname(candidate))
        throw error;
      continue;
    }
    throw Object.assign(new Error(`${candidate} is not a folder`), { code: 'ENOTDIR' });
  }
}

/** Makes new names in the folder outlast a power cut, where the system knows how. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows opens no folders, and needs no such thing.
  }
}

/** Whether anything has that name. */
export async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    },
  );
}

async function writeTemporary(folder: string, content: Uint8Array | string, modified: Date): Promise<string> {
  const temporary = temporaryPath(folder);
  const handle = await open(temporary, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
    await handle.utimes(modified, modified);
    await handle.close();
    return temporary;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

async function reserve(file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx')).close();
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function patiently<T>(codes: readonly string[], action: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await action();
    } catch (error) {
      if (!codes.includes(errorCode(error) ?? '')) throw error;
    }
    await delay(pause);
  }
  return action();
}
