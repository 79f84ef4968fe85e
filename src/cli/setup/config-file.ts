import { readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { ConfigurationError } from '../../errors.ts';
import { systemDisk } from '../../files/system-disk.ts';
import { renamePatiently, temporaryPath } from '../../files/whole-files.ts';
import { errorCode } from '../../files/file-error.ts';

/** Readable only by the user who runs the program: other servers keep keys in this file. */
const PRIVATE = 0o600;

/** A host's configuration as it is on the disk. */
export interface ConfigFile {
  /** Real path of the file: the target, if it is a symbolic link. */
  path: string;
  /** Undefined if the file does not exist. */
  text: string | undefined;
  mode: number;
}

/** Reads a configuration. Throws ConfigurationError if the file cannot be read as text. */
export function readConfigFile(file: string): ConfigFile {
  try {
    const real = realpathSync(file);
    // The text keeps its byte order mark.
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { path: real, text: decoder.decode(readFileSync(real)), mode: statSync(real).mode & 0o777 };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { path: behindLink(file), text: undefined, mode: PRIVATE };
    throw new ConfigurationError(
      error instanceof TypeError
        ? `${file} is not text in UTF-8`
        : `${file} cannot be read: ${reasonOf(error)}`,
      'Nothing was changed. Repair the file, or move it away.',
    );
  }
}

/**
 * Path of the file to which a link leads, even if that file does not exist yet: replacing the link would undo a
 * person's arrangement.
 */
function behindLink(file: string): string {
  try {
    return path.resolve(path.dirname(file), readlinkSync(file));
  } catch {
    return file;
  }
}

/**
 * Replaces the text of a configuration atomically, and keeps the former file beside it. Returns the path of
 * that copy, or undefined if there was no file. Throws ConfigurationError.
 */
export async function writeConfigFile(
  before: ConfigFile,
  text: string,
  now: Date,
): Promise<string | undefined> {
  const { path: file, text: former, mode } = before;
  if (readConfigFile(file).text !== former)
    throw new ConfigurationError(
      `${file} was changed by another program meanwhile`,
      'Nothing was changed. Run setup again.',
    );
  // A rename would ignore the missing write permission, which is there on purpose.
  if (former !== undefined && (mode & 0o222) === 0)
    throw new ConfigurationError(
      `${file} is read-only`,
      'Nothing was changed. Allow writing to it, and run setup again.',
    );
  const backup =
    former === undefined ? undefined : `${file}.${now.toISOString().replaceAll(/[:.]/g, '-')}.bak`;
  const temporary = temporaryPath(path.dirname(file));
  try {
    if (backup !== undefined && former !== undefined) await writeNew(backup, former, mode);
    await writeNew(temporary, text, mode);
    await renamePatiently(systemDisk, temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new ConfigurationError(
      `${file} cannot be written: ${reasonOf(error)}`,
      'It is as it was. Check the rights of its folder and the space on the disk.',
    );
  }
  await systemDisk.flush(path.dirname(file));
  return backup;
}

async function writeNew(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', PRIVATE);
  try {
    await handle.writeFile(text);
    // The umask may have removed permissions when the file was opened.
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
