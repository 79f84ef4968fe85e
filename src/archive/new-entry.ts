import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { ArchiveError } from '../errors.ts';
import { makeFolder } from '../files/make-folder.ts';
import { formatRecord } from './entry.ts';
import { exists, renamePatiently, syncFolder, temporaryPath, writeWhole } from '../files/whole-files.ts';
import { idPath, makeId } from './ids.ts';
import { RECORD_VERSION, recordSchema, type MeasurementRecord, type RecordDraft } from './record.ts';
import { RECORD_FILE } from './stored.ts';

export interface NewEntryOptions {
  /** This computer. */
  host: string;
  /** Of this process. */
  pid: number;
  now: () => Date;
  /** Four random hexadecimal digits, which keep the ids of two servers apart. */
  suffix?: (() => string) | undefined;
}

const MAX_DRAWS = 50;

/**
 * Writes the folder of a measurement that is about to begin, under an id that is free, and returns its record. Throws
 * ArchiveError where no id is free, and what the file system throws.
 * @param dataFolder absolute
 */
export async function placeEntry(
  dataFolder: string,
  draft: RecordDraft,
  options: NewEntryOptions,
): Promise<MeasurementRecord> {
  const begun = recordOf(draft, options);
  const { suffix = randomSuffix, now } = options;
  for (let draws = 0; draws < MAX_DRAWS; draws += 1) {
    const id = makeId({
      startedAt: new Date(begun.started_at),
      routine: begun.routine,
      deviceName: begun.device_name,
      simulated: begun.simulated,
      suffix: suffix(),
    });
    const record = { ...begun, id };
    if (await makeEntry(path.join(dataFolder, idPath(id)), record, now())) return record;
  }
  throw new ArchiveError(`no free name for a measurement was found in ${dataFolder}`, {
    code: 'file_error',
    hint: 'Call again: the next second has names of its own.',
  });
}

function recordOf(draft: RecordDraft, { now, host, pid }: NewEntryOptions): MeasurementRecord {
  const record = {
    metrics: [],
    warnings: [],
    failure: null,
    ...draft,
    format: 'arkeo-mcp measurement',
    format_version: RECORD_VERSION,
    id: '',
    state: 'running',
    started_at: now().toISOString(),
    ended_at: null,
    process: { host, pid },
    files: [],
  };
  // Through JSON, so that what is held is what is read back.
  return recordSchema.parse(JSON.parse(JSON.stringify(record)));
}

/** Writes the entry beside its place and moves it there. False where the place is taken. */
async function makeEntry(folder: string, record: MeasurementRecord, modified: Date): Promise<boolean> {
  const day = path.dirname(folder);
  await makeFolder(day);
  if (await exists(folder)) return false;
  const temporary = temporaryPath(day);
  try {
    await makeFolder(temporary);
    await writeWhole(path.join(temporary, RECORD_FILE), formatRecord(record), modified);
    await renamePatiently(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    if (await exists(folder)) return false;
    throw error;
  }
  await syncFolder(day);
  return true;
}

function randomSuffix(): string {
  return randomBytes(2).toString('hex');
}
