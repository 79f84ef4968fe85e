import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { ArchiveError } from '../errors.ts';
import type { Disk } from '../files/disk.ts';
import { makeFolder } from '../files/make-folder.ts';
import { exists, removeTemporary, renamePatiently, temporaryPath, writeWhole } from '../files/whole-files.ts';
import { idPath, makeId } from './ids.ts';
import { formatRecord, isOfOthers, readMembers, readMembersOrThrow } from './record-file.ts';
import { RECORD_VERSION, recordSchema, type MeasurementRecord, type RecordDraft } from './record.ts';
import { RECORD_FILE } from './stored.ts';

/** Whose entries they are. */
export interface Owner {
  /** This computer. */
  host: string;
  /** Number of this process. */
  pid: number;
  /** This computer since its last start, see `Observer`. */
  machine?: string | undefined;
  now: () => Date;
}

export interface PlaceOptions {
  disk: Disk;
  /** The data folder, absolute. */
  dataFolder: string;
  /** Four random hexadecimal digits, which keep the ids of two servers apart. */
  suffix?: (() => string) | undefined;
}

const MAX_DRAWS = 50;

/** The record of a measurement that is about to begin, which has no id yet. */
export function recordOf(draft: RecordDraft, { now, host, pid, machine }: Owner): MeasurementRecord {
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
    process: { host, pid, machine, claim: drawClaim() },
    files: [],
    unwritten: [],
  };
  // Through JSON, so that what is held is what is read back.
  return recordSchema.parse(JSON.parse(JSON.stringify(record)));
}

/** Draws the mark that tells one holder of an entry from the next. */
export function drawClaim(): string {
  return randomBytes(8).toString('hex');
}

/**
 * Writes the folder of a measurement under an id that is free. Throws ArchiveError where no id is free, and what the
 * disk throws: then `record.id` is the one that was tried, and a further call begins with it.
 */
export async function placeEntry(record: MeasurementRecord, options: PlaceOptions): Promise<void> {
  const { disk, dataFolder, suffix = randomSuffix } = options;
  for (let draws = 0; draws < MAX_DRAWS; draws += 1) {
    // A folder that was tried before may be there, although the disk failed.
    const wasTried = record.id !== '';
    if (!wasTried)
      record.id = makeId({
        startedAt: new Date(record.started_at),
        routine: record.routine,
        deviceName: record.device_name,
        simulated: record.simulated,
        suffix: suffix(),
      });
    if (await makeEntry(disk, path.join(dataFolder, idPath(record.id)), record, wasTried)) return;
    record.id = '';
  }
  throw new ArchiveError(`no free name for a measurement was found in ${dataFolder}`, {
    code: 'file_error',
    hint: 'Call again: the next second has names of its own.',
  });
}

/** Writes the entry beside its place and moves it there. False where the place is another's. */
async function makeEntry(
  disk: Disk,
  folder: string,
  record: MeasurementRecord,
  wasTried: boolean,
): Promise<boolean> {
  const day = path.dirname(folder);
  await makeFolder(disk, day);
  const before = await whose(disk, folder, record, wasTried);
  if (before !== 'free') return before === 'ours';
  const temporary = temporaryPath(day);
  try {
    await makeFolder(disk, temporary);
    await writeWhole(disk, path.join(temporary, RECORD_FILE), formatRecord(record));
    await renamePatiently(disk, temporary, folder);
  } catch (error) {
    await removeTemporary(disk, temporary, error);
    if ((await whose(disk, folder, record, true)) === 'others') return false;
    throw error;
  }
  await disk.flush(day);
  return true;
}

/**
 * A disk that failed may have made it after all.
 * @param wasTried so that what cannot be read may be it: throws what the disk throws
 */
async function whose(
  disk: Disk,
  folder: string,
  record: MeasurementRecord,
  wasTried: boolean,
): Promise<'free' | 'ours' | 'others'> {
  if (!(await exists(disk, folder))) return 'free';
  const found = await (wasTried ? readMembersOrThrow : readMembers)(disk, folder);
  return 'process' in found && !isOfOthers(found, record) ? 'ours' : 'others';
}

function randomSuffix(): string {
  return randomBytes(2).toString('hex');
}
