import path from 'node:path';
import { ArchiveError } from '../errors.ts';
import { errorCode } from '../files/file-error.ts';
import { NotAMember } from '../files/members.ts';
import { UnusableJson } from '../text/json-text.ts';
import { plain } from '../text/quote.ts';

/** Characters of a reason, which may name what strangers wrote. */
const MAX_REASON = 1000;

/** @param reason as a sentence that follows a colon */
export function damaged(folder: string, reason: string, cause?: unknown): ArchiveError {
  return new ArchiveError(
    `${path.basename(folder)} is damaged: ${plain(reason, MAX_REASON)}`,
    {
      code: 'damaged',
      hint: `What is left of the measurement is in ${folder}. Call list_measurements for the others.`,
    },
    { cause },
  );
}

/** Tells why a file cannot be read, in words that follow its name. */
export function whyUnreadable(error: unknown): string {
  if (error instanceof NotAMember || error instanceof UnusableJson) return error.message;
  if (error instanceof SyntaxError) return 'is not JSON: it was cut or overwritten';
  if (errorCode(error) === 'ENOENT') return 'is missing';
  return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}
