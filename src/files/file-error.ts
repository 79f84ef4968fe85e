import { ArchiveError, ArkeoError, type ArchiveErrorCode } from '../errors.ts';

const ELSEWHERE = 'or have arkeo-mcp started with --data-dir (ARKEO_DATA_DIR) naming another folder';

interface Cause {
  code: ArchiveErrorCode;
  cause: string;
  hint: string;
}

const CAUSES: Readonly<Record<string, Cause>> = {
  ENOSPC: { code: 'disk_full', cause: 'the disk is full', hint: 'Make room on that disk' },
  EDQUOT: {
    code: 'disk_full',
    cause: 'the quota of disk space is used up',
    hint: 'Make room on that disk',
  },
  EACCES: { code: 'not_writable', cause: 'access is denied', hint: 'Allow access to that folder' },
  EPERM: { code: 'not_writable', cause: 'access is denied', hint: 'Allow access to that folder' },
  EBUSY: {
    code: 'file_in_use',
    cause: 'another program has the file open, or the file is protected',
    hint: 'Close that file in the other program (a spreadsheet, an editor, a virus scanner, a program that synchronises)',
  },
  EROFS: { code: 'not_writable', cause: 'the disk is read-only', hint: 'Make that disk writable' },
  ENOTDIR: { code: 'not_a_folder', cause: 'a file is where a folder should be', hint: 'Move that file away' },
  EEXIST: { code: 'not_a_folder', cause: 'a file is where a folder should be', hint: 'Move that file away' },
  ETIMEDOUT: {
    code: 'disk_stalled',
    cause: 'the disk does not answer',
    hint: 'See whether that disk or network share can be reached, then call again',
  },
};

/** The folder takes new files, and this one cannot be replaced: another program has it open, or it is protected. */
export class FileInUse extends Error {
  readonly code = 'EBUSY';

  constructor(file: string, cause: unknown) {
    super(`${file} cannot be replaced (${cause instanceof Error ? cause.message : String(cause)})`, {
      cause,
    });
    this.name = 'FileInUse';
  }
}

/** The system's code, such as ENOENT; undefined for any other error. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Why the disk refused, in a few words. */
export function causeOf(error: unknown): string {
  const known = CAUSES[errorCode(error) ?? ''];
  if (known !== undefined) return known.cause;
  return error instanceof Error ? error.message : String(error);
}

/** Turns a thrown value into an error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The failure of a file operation, told to whoever can do something about it. Any other error stays as it is. */
export function fileError(error: unknown, doing: string, folder: string): unknown {
  const code = errorCode(error);
  if (!(error instanceof Error) || error instanceof ArkeoError || code === undefined) return error;
  const known = CAUSES[code];
  const cause = known === undefined ? '' : `${known.cause}: `;
  return new ArchiveError(
    `${doing} failed in the data folder ${folder}: ${cause}${error.message}`,
    { code: known?.code ?? 'file_error', hint: `${known?.hint ?? 'See to that folder'}, ${ELSEWHERE}.` },
    { cause: error },
  );
}
