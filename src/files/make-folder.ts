import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes the folder, with those on the way to it, where they are missing. Not by `recursive`: in a place such as /proc,
 * where nothing can be made and the system says ENOENT, Node never ends.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeOne(folder);
  } catch (error) {
    const parent = path.dirname(folder);
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT') || parent === folder)
      throw error;
    await makeFolder(parent);
    await makeOne(folder);
  }
}

async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    // Which error says that it is there depends on the system, and on whether it is the root of a disk.
    const isThere = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isThere) throw error;
  }
}
