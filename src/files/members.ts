import path from 'node:path';
import type { Disk, Found } from './disk.ts';
import { errorCode } from './file-error.ts';
import { whyNoFileName } from './safe-name.ts';

/** Folders in folders: more than any of ours. */
const MAX_DEPTH = 4;

/** A name leads out of the folder that it was given for, or to no plain file. */
export class NotAMember extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NotAMember';
  }
}

/**
 * The path of a file in a folder, by a name that anybody may have written, with `/`: neither the name nor a link on the
 * way leads out of the folder. Throws NotAMember.
 */
export async function memberPath(disk: Disk, folder: string, name: string): Promise<string> {
  const parts = name.split('/');
  if (parts.length > MAX_DEPTH || parts.some((part) => whyNoFileName(part) !== undefined))
    throw new NotAMember('is not the name of a file of this measurement');
  let at = folder;
  for (const part of parts.slice(0, -1)) {
    at = path.join(at, part);
    await requireFolder(disk, at);
  }
  return path.join(at, parts.at(-1) ?? '');
}

/** The same, with what is there. Throws NotAMember also for a link and for what is no file. */
export async function lookAtMember(
  disk: Disk,
  folder: string,
  name: string,
): Promise<{ file: string; found: Found }> {
  const file = await memberPath(disk, folder, name);
  const found = await disk.look(file);
  if (found.kind === 'link') throw new NotAMember('is a link, which is not followed');
  if (found.kind !== 'file') throw new NotAMember('is not a file');
  return { file, found };
}

/** A folder that is there must be one, and no link to another. Throws NotAMember. */
export async function requireFolder(disk: Disk, folder: string): Promise<void> {
  const found = await disk.look(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined || found.kind === 'folder') return;
  const what = found.kind === 'link' ? 'a link, which is not followed' : 'not a folder';
  throw new NotAMember(`lies in ${path.basename(folder)}, which is ${what}`);
}
