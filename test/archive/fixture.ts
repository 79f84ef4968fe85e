import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import { Archive, type ArchiveOptions, type OpenEntry, type RecordDraft } from '../../src/archive/archive.ts';
import { dataset, draft, REPLY } from './measurement.ts';

export { dataset, draft, REPLY };

export const START = new Date('2026-11-22T21:14:05.120Z');

/** Temporary data folders, removed after each test. Call it once per file. */
export function dataFolders(): () => string {
  const made: string[] = [];
  afterEach(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'arkeo-archive-'));
    made.push(folder);
    return folder;
  };
}

export function open(folder: string, options: Partial<ArchiveOptions> = {}): Archive {
  return new Archive({
    folder,
    now: () => START,
    host: 'lab-pc',
    machine: 'lab-pc',
    pid: process.pid,
    isAlive: () => true,
    ...options,
  });
}

/** One whole measurement, to the end. */
export async function measure(
  archive: Archive,
  changes: Partial<RecordDraft> = {},
  state: 'complete' | 'stopped' | 'failed' = 'complete',
): Promise<OpenEntry> {
  const entry = await archive.begin(draft(changes));
  await entry.keepReply('GetTestData', REPLY);
  await entry.keepDataset(dataset());
  await entry.end(state, {});
  return entry;
}
