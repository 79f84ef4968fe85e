import { constants, type Stats } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, readdir, rename, rm, unlink } from 'node:fs/promises';
import type { Disk, Found } from './disk.ts';

/** About a second in all: how long a virus scanner or an indexer on Windows keeps a new file to itself. */
const PAUSES_MS = [10, 20, 40, 80, 150, 300, 400];
/** Windows has neither. There links are found by looking, and pipes are no files. */
const SAFELY = 'O_NOFOLLOW' in constants ? constants.O_NOFOLLOW | constants.O_NONBLOCK : 0;
const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_WRONLY } = constants;

/** The file system of this computer. */
export const systemDisk: Disk = {
  pausesMs: PAUSES_MS,
  look: async (path) => describe(await lstat(path)),
  names: (folder) => readdir(folder),
  read: (file, most) => withFile(file, O_RDONLY, (handle) => readAll(handle, file, most)),
  async create(file, content) {
    const handle = await open(file, O_WRONLY | O_CREAT | O_EXCL | SAFELY);
    try {
      await handle.writeFile(content);
      await handle.sync();
      await handle.close();
    } catch (error) {
      await handle.close().catch(() => undefined);
      await unlink(file).catch(() => undefined);
      throw error;
    }
  },
  append: (file, text) => withFile(file, O_WRONLY | O_CREAT | O_APPEND, (handle) => handle.writeFile(text)),
  rename: (from, to) => rename(from, to),
  link: (from, to) => link(from, to),
  makeFolder: (folder) => mkdir(folder).then(() => undefined),
  // Again for a while: on Windows a scanner may have it open.
  remove: (path) => rm(path, { force: true, recursive: true, maxRetries: 5, retryDelay: 20 }),
  async flush(folder) {
    try {
      const handle = await open(folder, O_RDONLY);
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch {
      // Windows opens no folders, and needs no such thing.
    }
  },
};

async function withFile<T>(
  file: string,
  flags: number,
  work: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  if (SAFELY === 0) await requireNoLink(file);
  const handle = await open(file, flags | SAFELY);
  try {
    if (!(await handle.stat()).isFile()) throw systemError('EINVAL', `${file} is not a file`);
    return await work(handle);
  } finally {
    await handle.close();
  }
}

async function requireNoLink(file: string): Promise<void> {
  const found = await lstat(file).catch(() => undefined);
  if (found?.isSymbolicLink() === true) throw systemError('ELOOP', `${file} is a link`);
}

/** Bounded also where the file grows meanwhile. */
async function readAll(handle: FileHandle, file: string, most: number): Promise<Buffer> {
  const { size } = await handle.stat();
  if (size > most)
    throw systemError('EFBIG', `${file} has ${size} bytes, more than the ${most} that are read`);
  const bytes = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await handle.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function describe(stats: Stats): Found {
  return { kind: kindOf(stats), bytes: stats.size, modified: stats.mtime };
}

function kindOf(stats: Stats): Found['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

function systemError(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}
