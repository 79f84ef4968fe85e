import path from 'node:path';
import type { Disk } from './disk.ts';
import { errorCode } from './file-error.ts';

/**
 * Makes the folder, with those on the way to it, where they are missing. Not by `recursive`: in a place such as /proc,
 * where nothing can be made and the system says ENOENT, Node never ends.
 */
export async function makeFolder(disk: Disk, folder: string): Promise<void> {
  try {
    await makeOne(disk, folder);
  } catch (error) {
    const parent = path.dirname(folder);
    if (errorCode(error) !== 'ENOENT' || parent === folder) throw error;
    await makeFolder(disk, parent);
    await makeOne(disk, folder);
  }
}

async function makeOne(disk: Disk, folder: string): Promise<void> {
  try {
    await disk.makeFolder(folder);
  } catch (error) {
    // The error for a folder that is there depends on the system, and on whether it is the root of a disk.
    const isThere = await disk.names(folder).then(
      () => true,
      () => false,
    );
    if (!isThere) throw error;
  }
}
