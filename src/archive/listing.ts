import path from 'node:path';
import type { Disk } from '../files/disk.ts';
import { errorCode } from '../files/file-error.ts';
import { inGroups } from '../files/in-groups.ts';
import { DiskStalled } from '../files/limited-disk.ts';
import { requireFolder } from '../files/members.ts';
import type { Logger } from '../logger.ts';
import { matcher, type ListFilter } from './filter.ts';
import { idPath, isId, MEASUREMENTS } from './ids.ts';
import { appendToIndex, INDEX, readIndex } from './index-file.ts';
import { missingFiles } from './member-files.ts';
import { readRecord, type Stored } from './record-file.ts';
import { summarise, type MeasurementState, type MeasurementSummary, type StoredSummary } from './summary.ts';

export interface Damage {
  /** Absolute. */
  folder: string;
  reason: string;
}

export interface Listing {
  /** Measurements that were asked for, newest first. */
  entries: MeasurementSummary[];
  /** How many match, whatever `limit` and `offset` are. */
  total: number;
  /**
   * Damage of all measurements that had to be read, whatever the filter; and how many were not read, for lack of time.
   */
  damaged: Damage[];
}

export interface ListingContext {
  disk: Disk;
  /** The data folder, absolute. */
  dataFolder: string;
  stateOf: (id: string, stored: Stored) => MeasurementState;
  elapsedMs: () => number;
  logger: Logger | undefined;
}

/** Measurement that could not be read. */
interface Unreadable extends Damage {
  stalled?: DiskStalled;
}

interface Found {
  stored: StoredSummary;
  summary: MeasurementSummary;
  problems: string[];
}

/** So many measurements are read at once. */
const AT_ONCE = 16;
/** Reading what the index does not know ends after this time; the next list goes on from there. */
const READING_MS = 15_000;
/** One file that hangs is its own damage; so many are a disk that does not answer. */
const MAX_STALLED = 3;

/** Lists from the index, and reads what the index does not know or knows as running. */
export async function listMeasurements(context: ListingContext, filter: ListFilter): Promise<Listing> {
  const { disk, dataFolder, elapsedMs } = context;
  const matches = matcher(filter);
  const { ids, damaged } = await findMeasurements(disk, dataFolder);
  const indexFile = path.join(dataFolder, INDEX);
  const index = ids.length === 0 ? new Map<string, StoredSummary>() : await readIndex(disk, indexFile);
  const settled = (id: string): StoredSummary | undefined => {
    const line = index.get(id);
    return line?.state === 'running' ? undefined : line;
  };

  const until = elapsedMs() + READING_MS;
  // An id begins with its time: the newest come first.
  const unknown = ids.filter((id) => settled(id) === undefined).toSorted((a, b) => (a < b ? 1 : -1));
  const read = await inGroups(unknown, AT_ONCE, async (id) =>
    elapsedMs() > until ? undefined : readSummary(context, id),
  );
  const stalled = read.flatMap((one) => (one !== undefined && 'stalled' in one ? one.stalled : []));
  const [hanging] = stalled.slice(MAX_STALLED - 1);
  if (hanging !== undefined) throw hanging;
  const found = new Map(
    read.flatMap((one) => (one !== undefined && 'summary' in one ? [[one.summary.id, one]] : [])),
  );
  const news = [...found.values()]
    .filter(({ problems, stored }) => problems.length === 0 && !sameLine(stored, index.get(stored.id)))
    .map(({ stored }) => stored);
  // A reader without the right to write can list the archive all the same.
  await appendToIndex(disk, indexFile, news).catch((error: unknown) =>
    context.logger?.debug({ err: error }, 'index not written'),
  );

  const entries = ids
    .flatMap((id): MeasurementSummary[] => {
      const line = settled(id);
      const summary = found.get(id)?.summary;
      if (line !== undefined) return [{ ...line, folder: path.join(dataFolder, idPath(id)) }];
      return summary === undefined ? [] : [summary];
    })
    .filter(matches)
    .toSorted(newestFirst);
  const { offset = 0, limit = Infinity } = filter;
  const unread = read.filter((one) => one === undefined).length;
  return {
    entries: entries.slice(offset, offset + limit),
    total: entries.length,
    damaged: [
      ...damaged,
      ...read.flatMap(damageOf),
      ...(unread === 0
        ? []
        : [
            {
              folder: dataFolder,
              reason: `${unread} older measurements were not looked at within ${READING_MS / 1000} s: call again for them`,
            },
          ]),
    ],
  };
}

/** The ids of all measurements by the names of their folders. None where there is no archive yet. */
export async function findMeasurements(
  disk: Disk,
  dataFolder: string,
): Promise<{ ids: string[]; damaged: Damage[] }> {
  const root = path.join(dataFolder, MEASUREMENTS);
  const days = (await readNames(disk, root)).filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name));
  const found = await inGroups(days, AT_ONCE, async (day) => {
    const folder = path.join(root, day);
    try {
      await requireFolder(disk, folder);
      const ids = (await readNames(disk, folder)).map((name) => name.normalize('NFC'));
      return { ids: ids.filter((id) => isId(id) && id.startsWith(day)), damaged: [] };
    } catch (error) {
      if (error instanceof DiskStalled) throw error;
      return {
        ids: [],
        damaged: [{ folder, reason: error instanceof Error ? error.message : String(error) }],
      };
    }
  });
  return { ids: found.flatMap(({ ids }) => ids), damaged: found.flatMap(({ damaged }) => damaged) };
}

async function readNames(disk: Disk, folder: string): Promise<string[]> {
  return disk.names(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
}

async function readSummary(
  { disk, dataFolder, stateOf }: ListingContext,
  id: string,
): Promise<Found | Unreadable> {
  const folder = path.join(dataFolder, idPath(id));
  try {
    const read = await readRecord(disk, folder);
    const { record } = read;
    const stored = { ...summarise(record), id };
    // The files of a running measurement change while they are looked at.
    const problems = record.state === 'running' ? [] : await missingFiles(disk, folder, record);
    return { stored, summary: { ...stored, state: stateOf(id, read), folder }, problems };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { folder, reason, ...(error instanceof DiskStalled ? { stalled: error } : {}) };
  }
}

function damageOf(one: Found | Unreadable | undefined): Damage[] {
  if (one === undefined) return [];
  if (!('summary' in one)) return [{ folder: one.folder, reason: one.reason }];
  return one.problems.length === 0 ? [] : [{ folder: one.summary.folder, reason: one.problems.join('; ') }];
}

function sameLine(a: StoredSummary, b: StoredSummary | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function newestFirst(a: MeasurementSummary, b: MeasurementSummary): number {
  if (a.started_at !== b.started_at) return a.started_at < b.started_at ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}
