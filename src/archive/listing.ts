import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from '../logger.ts';
import { errorCode } from '../files/file-error.ts';
import { matcher, type ListFilter } from './filter.ts';
import { idPath, isId, MEASUREMENTS } from './ids.ts';
import { appendToIndex, INDEX, readIndex } from './index-file.ts';
import { isMeasuring, type Observer } from './liveness.ts';
import { missingFiles, readRecord } from './stored.ts';
import { summarise, type MeasurementSummary, type StoredSummary } from './summary.ts';

export interface Damage {
  /** Absolute. */
  folder: string;
  reason: string;
}

export interface Listing {
  /** What was asked for, newest first. */
  entries: MeasurementSummary[];
  /** How many match, whatever `limit` and `offset` are. */
  total: number;
  /** Of all measurements that had to be read, whatever the filter. */
  damaged: Damage[];
}

interface Found {
  stored: StoredSummary;
  summary: MeasurementSummary;
  problems: string[];
}

/** So many files are read at once: systems limit how many may be open. */
const AT_ONCE = 16;

/** Lists from the index, and reads what the index does not know or knows as running. */
export async function listMeasurements(
  dataFolder: string,
  filter: ListFilter,
  observer: Observer,
  logger: Logger | undefined,
): Promise<Listing> {
  const matches = matcher(filter);
  const { ids, damaged } = await findMeasurements(dataFolder);
  const indexFile = path.join(dataFolder, INDEX);
  const index = ids.length === 0 ? new Map<string, StoredSummary>() : await readIndex(indexFile);
  const settled = (id: string): StoredSummary | undefined => {
    const line = index.get(id);
    return line?.state === 'running' ? undefined : line;
  };

  const read = await inGroups(
    ids.filter((id) => settled(id) === undefined),
    async (id) => readSummary(dataFolder, id, observer),
  );
  const found = new Map(read.flatMap((one) => ('summary' in one ? [[one.summary.id, one]] : [])));
  const news = [...found.values()]
    .filter(({ problems, stored }) => problems.length === 0 && !sameLine(stored, index.get(stored.id)))
    .map(({ stored }) => stored);
  // Whoever may only read the archive can list it all the same.
  await appendToIndex(indexFile, news).catch((error: unknown) =>
    logger?.debug({ err: error }, 'index not written'),
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
  return {
    entries: entries.slice(offset, offset + limit),
    total: entries.length,
    damaged: [...damaged, ...read.flatMap(damageOf)],
  };
}

/** The ids of all measurements by the names of their folders. None where there is no archive yet. */
export async function findMeasurements(dataFolder: string): Promise<{ ids: string[]; damaged: Damage[] }> {
  const root = path.join(dataFolder, MEASUREMENTS);
  const days = (await readNames(root)).filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name));
  const found = await inGroups(days, async (day) => {
    const folder = path.join(root, day);
    try {
      const ids = (await readNames(folder)).map((name) => name.normalize('NFC'));
      return { ids: ids.filter((id) => isId(id) && id.startsWith(day)), damaged: [] };
    } catch (error) {
      return {
        ids: [],
        damaged: [{ folder, reason: error instanceof Error ? error.message : String(error) }],
      };
    }
  });
  return { ids: found.flatMap(({ ids }) => ids), damaged: found.flatMap(({ damaged }) => damaged) };
}

async function readNames(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
}

async function readSummary(dataFolder: string, id: string, observer: Observer): Promise<Found | Damage> {
  const folder = path.join(dataFolder, idPath(id));
  try {
    const { record, heartbeat } = await readRecord(folder);
    const stored = { ...summarise(record), id };
    const running = record.state === 'running';
    const state = running && !isMeasuring(record, heartbeat, observer) ? 'interrupted' : record.state;
    // The files of a running measurement change while they are looked at.
    const problems = running ? [] : await missingFiles(folder, record);
    return { stored, summary: { ...stored, state, folder }, problems };
  } catch (error) {
    return { folder, reason: error instanceof Error ? error.message : String(error) };
  }
}

function damageOf(one: Found | Damage): Damage[] {
  if (!('summary' in one)) return [one];
  return one.problems.length === 0 ? [] : [{ folder: one.summary.folder, reason: one.problems.join('; ') }];
}

function sameLine(a: StoredSummary, b: StoredSummary | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function newestFirst(a: MeasurementSummary, b: MeasurementSummary): number {
  if (a.started_at !== b.started_at) return a.started_at < b.started_at ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}

async function inGroups<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(i, i + AT_ONCE).map(work))));
  }
  return results;
}
