import { rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { ArchiveError } from '../errors.ts';
import type { Dataset } from '../science/dataset.ts';
import { makeFolder } from '../files/make-folder.ts';
import { toCsv } from './csv.ts';
import { writeDataset } from './dataset-json.ts';
import { fileError } from '../files/file-error.ts';
import { addWhole, readPatiently, writeWhole } from '../files/whole-files.ts';
import { HEARTBEAT_MS } from './liveness.ts';
import type { MeasurementRecord, StartOutcome, StoredFile } from './record.ts';
import {
  DATASET_FILE,
  PARTIAL_REPLY,
  RECORD_FILE,
  REPLIES,
  replyName,
  sha256,
  TABLE_FILE,
} from './stored.ts';

/**
 * A measurement that is being written. Calls are carried out one after the other; each throws ArchiveError where the
 * disk refuses, and may be made again. What was kept before stays.
 */
export interface OpenEntry {
  readonly id: string;
  /** Absolute. */
  readonly folder: string;
  /** Keeps the bytes of a reply as they came. */
  keepReply(command: string, bytes: Uint8Array): Promise<void>;
  /** Writes `data.json` and `data.csv`, in place of what was there. */
  keepDataset(dataset: Dataset): Promise<void>;
  /**
   * The same for what there is while it still measures, with the reply that it was read from: the record says that the
   * end is missing. Each replaces the one before, and the data replaces the last.
   */
  keepPartial(dataset: Dataset, reply?: Uint8Array): Promise<void>;
  /** Notes what became of the start. */
  noteStart(start: StartOutcome): Promise<void>;
  /**
   * The last call: members of the record are changed, and nothing is written afterwards. Id, state, process and files
   * are the archive's own and stay. The heartbeat ends with it even where the disk refuses.
   */
  end(state: EndState, patch: Partial<MeasurementRecord>): Promise<MeasurementRecord>;
  /** In place of the end, for an entry that was taken over: it is again as it was before, with what was kept since. */
  release(): Promise<void>;
}

export type EndState = 'complete' | 'stopped' | 'failed';

export interface EntryContext {
  folder: string;
  /** As it was before it was taken over. */
  before?: MeasurementRecord | undefined;
  now: () => Date;
  /** The data folder, for messages. */
  dataFolder: string;
  onEnd: (record: MeasurementRecord) => Promise<void>;
}

export function openEntry(
  begun: MeasurementRecord,
  { folder, now, dataFolder, onEnd, before }: EntryContext,
): OpenEntry {
  const recordFile = path.join(folder, RECORD_FILE);
  let record = begun;
  let replies = 0;
  let last: Promise<unknown> = Promise.resolve();

  const heartbeat = setInterval(() => {
    utimes(recordFile, now(), now()).catch(() => undefined);
  }, HEARTBEAT_MS).unref();

  const next = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    const result = last.then(async () => {
      if (record.state !== 'running') throw new Error(`${record.id} has ended and is not written any more`);
      return work();
    });
    last = result.catch(() => undefined);
    return result.catch((error: unknown) => {
      throw fileError(error, doing, dataFolder);
    });
  };

  const save = async (changed: MeasurementRecord, modified = now()): Promise<void> => {
    const found = await readMembers(recordFile);
    if (isOfOthers(found, begun)) throw takenOver(record.id);
    // What somebody else added to the file stays in it.
    await writeWhole(recordFile, formatRecord({ ...found, ...changed }), modified);
  };

  const write = async (name: string, content: Uint8Array | string): Promise<StoredFile> => {
    await writeWhole(path.join(folder, name), content, now());
    return describeFile(name, content);
  };

  const list = async (files: StoredFile[], partial = record.partial): Promise<void> => {
    record = { ...record, files, partial };
    await save(record);
  };

  /** The data as it is now, in place of the data of before. */
  const replace = async (contents: [name: string, content: Uint8Array | string][], partial: boolean) => {
    const replaced = [...DATA_FILES, ...(partial ? contents.map(([name]) => name) : [PARTIAL_REPLY])];
    const others = record.files.filter(({ name }) => !replaced.includes(name));
    // Whoever is killed while replacing the data must not leave sums that do not match it.
    if (others.length < record.files.length) await list(others);
    const files: StoredFile[] = [];
    for (const [name, content] of contents) files.push(await write(name, content));
    await list([...others, ...files], partial);
  };

  const dataOf = (dataset: Dataset): [string, string][] => [
    [DATASET_FILE, writeDataset(dataset)],
    [TABLE_FILE, toCsv(dataset, { simulated: record.simulated })],
  ];

  const patched = (patch: Partial<MeasurementRecord>): MeasurementRecord => {
    const { format, format_version, id, state, process, files } = record;
    return { ...record, ...patch, format, format_version, id, state, process, files };
  };

  return {
    id: begun.id,
    folder,

    keepReply: async (command, bytes) =>
      next('keeping a reply', async () => {
        await makeFolder(path.join(folder, REPLIES));
        // What another process kept there stays, also where nobody listed it.
        let name: string;
        do name = replyName(++replies, command);
        while (!(await addWhole(path.join(folder, name), bytes, now())));
        await list([...record.files, describeFile(name, bytes)]);
      }),

    keepDataset: async (dataset) => next('keeping the data', () => replace(dataOf(dataset), false)),

    keepPartial: async (dataset, reply) =>
      next('keeping what there is so far', async () => {
        await makeFolder(path.join(folder, REPLIES));
        await replace([...(reply === undefined ? [] : [partialReply(reply)]), ...dataOf(dataset)], true);
      }),

    noteStart: async (start) =>
      next('noting the start', async () => {
        const noted = { ...record, start };
        await save(noted);
        record = noted;
      }),

    end: async (state, patch) =>
      next('ending the record', async () => {
        try {
          const ended = { ...patched({ ended_at: now().toISOString(), ...patch }), state };
          await save(ended);
          record = ended;
        } finally {
          clearInterval(heartbeat);
        }
        // All that it had is in the data that replaced it.
        if (!record.partial)
          await rm(path.join(folder, PARTIAL_REPLY), { force: true }).catch(() => undefined);
        await onEnd(record);
        return record;
      }),

    release: async () =>
      next('giving the record back', async () => {
        clearInterval(heartbeat);
        const { files, partial } = record;
        const released = { ...(before ?? begun), files, partial };
        // Nobody measures: the time of change must not say so.
        await save(released, new Date(now().getTime() - LONG_AGO_MS));
        await onEnd(released);
      }),
  };
}

/** Long enough for any heartbeat to be silent; some disks know no times before 1980. */
const LONG_AGO_MS = 24 * 3600_000;
const DATA_FILES: readonly string[] = [DATASET_FILE, TABLE_FILE];
const partialReply = (bytes: Uint8Array): [string, Uint8Array] => [PARTIAL_REPLY, bytes];

const claimed = z.looseObject({ process: z.looseObject({ claim: z.string().optional() }) });

/** Another process has taken the entry over since. */
function isOfOthers(found: object, { process }: MeasurementRecord): boolean {
  const there = claimed.safeParse(found).data;
  return there !== undefined && there.process.claim !== process.claim;
}

function takenOver(id: string): ArchiveError {
  return new ArchiveError(`${id} was taken over by another server, which keeps its data now`, {
    code: 'taken_over',
    hint: 'get_measurement shows what is kept of it.',
  });
}

function describeFile(name: string, content: Uint8Array | string): StoredFile {
  return { name, bytes: Buffer.byteLength(content), sha256: sha256(content) };
}

/** As `measurement.json` holds it. */
export function formatRecord(record: object): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

async function readMembers(file: string): Promise<object> {
  try {
    const value: unknown = JSON.parse(String(await readPatiently(file)));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
