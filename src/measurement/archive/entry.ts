import { utimes } from 'node:fs/promises';
import path from 'node:path';
import type { Dataset } from '../../science/dataset.ts';
import { toCsv } from '../export/csv.ts';
import { writeDataset } from './dataset-json.ts';
import { fileError } from './file-error.ts';
import { makeFolder, readPatiently, writeWhole } from './files.ts';
import { HEARTBEAT_MS } from './liveness.ts';
import type { MeasurementRecord, StoredFile } from './record.ts';
import { DATASET_FILE, RECORD_FILE, REPLIES, replyName, sha256, TABLE_FILE } from './stored.ts';

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
   * The last call: members of the record are changed, and nothing is written afterwards. Id, state, process and files
   * are the archive's own and stay. The heartbeat ends with it even where the disk refuses.
   */
  end(state: EndState, patch: Partial<MeasurementRecord>): Promise<MeasurementRecord>;
}

export type EndState = 'complete' | 'stopped' | 'failed';

export interface EntryContext {
  folder: string;
  now: () => Date;
  /** The data folder, for messages. */
  dataFolder: string;
  onEnd: (record: MeasurementRecord) => Promise<void>;
}

export function openEntry(
  begun: MeasurementRecord,
  { folder, now, dataFolder, onEnd }: EntryContext,
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

  const save = async (changed: MeasurementRecord): Promise<void> => {
    // What somebody else added to the file stays in it.
    const merged = { ...(await readMembers(recordFile)), ...changed };
    await writeWhole(recordFile, formatRecord(merged), now());
  };

  const write = async (name: string, content: Uint8Array | string): Promise<StoredFile> => {
    await writeWhole(path.join(folder, name), content, now());
    return { name, bytes: Buffer.byteLength(content), sha256: sha256(content) };
  };

  const list = async (files: StoredFile[]): Promise<void> => {
    record = { ...record, files };
    await save(record);
  };

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
        const file = await write(replyName(replies + 1, command), bytes);
        replies += 1;
        await list([...record.files, file]);
      }),

    keepDataset: async (dataset) =>
      next('keeping the data', async () => {
        const others = record.files.filter(({ name }) => name !== DATASET_FILE && name !== TABLE_FILE);
        // Whoever is killed while replacing the data must not leave sums that do not match it.
        if (others.length < record.files.length) await list(others);
        const data = await write(DATASET_FILE, writeDataset(dataset));
        const table = await write(TABLE_FILE, toCsv(dataset, { simulated: record.simulated }));
        await list([...others, data, table]);
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
        await onEnd(record);
        return record;
      }),
  };
}

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
