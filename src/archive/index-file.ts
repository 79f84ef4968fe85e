import { appendFile } from 'node:fs/promises';
import { errorCode } from '../files/file-error.ts';
import { readPatiently } from '../files/whole-files.ts';
import { summarySchema, type StoredSummary } from './summary.ts';

/** One line per measurement that was begun, and one more when it ended. It only saves reading the folders. */
export const INDEX = 'index.jsonl';

/** The last line of each measurement. Lines that cannot be read are left out, and so is a whole file of them. */
export async function readIndex(file: string): Promise<Map<string, StoredSummary>> {
  const text = await readPatiently(file).then(String, (error: unknown) => {
    if (errorCode(error) === undefined) throw error;
    return '';
  });
  return new Map(
    text
      .split('\n')
      .flatMap((line) => parseLine(line))
      .map((summary) => [summary.id, summary]),
  );
}

/** In one piece, so that two processes do not write into each other's lines. */
export async function appendToIndex(file: string, summaries: readonly StoredSummary[]): Promise<void> {
  if (summaries.length === 0) return;
  await appendFile(file, summaries.map((summary) => `${JSON.stringify(summary)}\n`).join(''));
}

function parseLine(line: string): StoredSummary[] {
  try {
    return [summarySchema.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}
