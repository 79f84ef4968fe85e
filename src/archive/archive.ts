import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../errors.ts';
import { quote } from '../text/quote.ts';
import type { Logger } from '../logger.ts';
import type { Dataset } from '../science/dataset.ts';
import { readDataset } from './dataset-json.ts';
import { formatRecord, openEntry, type OpenEntry } from './entry.ts';
import { errorCode, fileError } from '../files/file-error.ts';
import { addWhole, exists, readPatiently, tryWriting, writeWhole } from '../files/whole-files.ts';
import type { ListFilter } from './filter.ts';
import { idPath, isId, makeId } from './ids.ts';
import { appendToIndex, INDEX } from './index-file.ts';
import { findMeasurements, listMeasurements, type Listing } from './listing.ts';
import { isMeasuring, type Observer } from './liveness.ts';
import { type NewEntryOptions, placeEntry } from './new-entry.ts';
import type { MeasurementRecord, RecordDraft } from './record.ts';
import { alreadyComplete, beingMeasured, noSuchMeasurement } from './refusals.ts';
import { numbered, whyNoFileName } from '../files/safe-name.ts';
import {
  damaged,
  DATASET_FILE,
  fileProblems,
  readRecord,
  readReplies,
  RECORD_FILE,
  recordProblems,
  TABLE_FILE,
  unlistedReplies,
} from './stored.ts';
import { summarise, type MeasurementState } from './summary.ts';

export type { OpenEntry } from './entry.ts';
export type { ListFilter } from './filter.ts';
export type { Listing } from './listing.ts';
export type { RecordDraft } from './record.ts';
export type { MeasurementSummary } from './summary.ts';

export interface ArchiveOptions extends Observer, NewEntryOptions {
  /** The data folder, absolute. Made when the first measurement is written. */
  folder: string;
  logger?: Logger | undefined;
}

export interface StoredMeasurement {
  record: MeasurementRecord;
  /** As the record says, but `interrupted` where it says `running` and its process is gone. */
  state: MeasurementState;
  /** Absolute. */
  folder: string;
  /** What is damaged or may be misunderstood, one sentence each. */
  problems: string[];
}

const MAX_READS = 3;
const OWN_NAMES = [RECORD_FILE, DATASET_FILE, TABLE_FILE];

/**
 * The measurements of a data folder, one folder each, which several servers may write and read at once. Nothing is
 * deleted. Throws ArchiveError where the disk refuses, and InputError for an id that is not there.
 */
export class Archive {
  readonly folder: string;
  readonly #options: ArchiveOptions;

  constructor(options: ArchiveOptions) {
    this.folder = path.resolve(options.folder);
    this.#options = options;
  }

  /** Writes the entry, with state `running`, before the measurement starts. It appears whole or not at all. */
  async begin(draft: RecordDraft): Promise<OpenEntry> {
    return this.#told('writing a new measurement', async () => {
      const record = await placeEntry(this.folder, draft, this.#options);
      await this.#index(record);
      return openEntry(record, {
        folder: this.#folderOf(record.id),
        now: this.#options.now,
        dataFolder: this.folder,
        onEnd: async (ended) => this.#index(ended),
      });
    });
  }

  /**
   * Finds out whether a measurement could be kept, before one is made: writes a few bytes where its folder would come
   * to be, and takes them away. Makes no folder.
   */
  async requireWritable(): Promise<void> {
    const { now } = this.#options;
    const id = makeId({
      startedAt: now(),
      routine: 'JV',
      deviceName: null,
      simulated: false,
      suffix: '0000',
    });
    await this.#told('nothing was measured, since trying to write', async () =>
      tryWriting(path.dirname(this.#folderOf(id))),
    );
  }

  /**
   * Takes over an entry whose process is gone, or that ended without its data, to complete it: from then on it is
   * `running` in this process. Throws InputError `measurement_running` where somebody measures it, `already_complete`.
   */
  async resume(id: string): Promise<OpenEntry> {
    return this.#at('taking over', id, async (folder) => {
      const { record, heartbeat } = await readRecord(folder);
      if (record.state === 'complete') throw alreadyComplete(id);
      if (record.state === 'running' && isMeasuring(record, heartbeat, this.#options))
        throw beingMeasured(record);
      const { host, pid, now } = this.#options;
      const claim = randomBytes(4).toString('hex');
      // Whoever was killed between writing a reply and listing it.
      const files = [...record.files, ...(await unlistedReplies(folder, record))];
      const taken: MeasurementRecord = { ...record, state: 'running', process: { host, pid, claim }, files };
      // First the index: what it knows as ended is not looked at any more.
      await this.#index(taken);
      await writeWhole(path.join(folder, RECORD_FILE), formatRecord(taken), now());
      return openEntry(taken, {
        folder,
        before: record,
        now,
        dataFolder: this.folder,
        onEnd: async (ended) => this.#index(ended),
      });
    });
  }

  /**
   * Newest first. Reads the index, and the records that it does not know or knows as running. So damage done to a
   * measurement after it was indexed is not seen here, but by `read`. A measurement whose record is readable is
   * listed even if files of it are missing.
   */
  async list(filter: ListFilter = {}): Promise<Listing> {
    return this.#told('listing measurements', async () =>
      listMeasurements(this.folder, filter, this.#options, this.#options.logger),
    );
  }

  /** The record and what is wrong with it. Throws ArchiveError `damaged` where the record itself cannot be read. */
  async read(id: string): Promise<StoredMeasurement> {
    return this.#at('reading', id, async (folder) => {
      let stored = await readRecord(folder);
      let problems = await fileProblems(folder, stored.record);
      // A measurement that is being written may have changed between its record and its files.
      for (let reads = 1; problems.length > 0 && reads < MAX_READS; reads += 1) {
        const again = await readRecord(folder);
        if (again.text === stored.text) break;
        stored = again;
        problems = await fileProblems(folder, stored.record);
      }
      const { record, heartbeat } = stored;
      const gone = record.state === 'running' && !isMeasuring(record, heartbeat, this.#options);
      return {
        record,
        state: gone ? 'interrupted' : record.state,
        folder,
        problems: [...recordProblems(id, record), ...problems],
      };
    });
  }

  /** The data. Throws InputError where there is none, ArchiveError `damaged` where it cannot be read. */
  async dataset(id: string): Promise<Dataset> {
    return this.#at('reading', id, async (folder) => {
      const text = await readPatiently(path.join(folder, DATASET_FILE)).catch((error: unknown) => {
        if (errorCode(error) !== 'ENOENT') throw error;
        throw new InputError(`the measurement ${id} has no data`, {
          code: 'no_data',
          hint: 'It is still running, or ended before there was any. Call list_measurements to see its state.',
        });
      });
      try {
        return readDataset(String(text));
      } catch (error) {
        throw damaged(folder, `${DATASET_FILE} cannot be read: it was cut or overwritten`, error);
      }
    });
  }

  /** Whether it was measured, or is, by this very process. */
  isOurs({ process: { host, pid } }: Pick<MeasurementRecord, 'process'>): boolean {
    return host === this.#options.host && pid === this.#options.pid;
  }

  /** The replies as they came, oldest first. */
  async replies(id: string): Promise<{ command: string; bytes: Buffer }[]> {
    return this.#at('reading', id, readReplies);
  }

  /**
   * Adds a file beside the measurement, such as a picture or an export, and returns its absolute path. Never
   * overwrites: `plot.png` becomes `plot-2.png` where the name is taken. Throws InputError for a name that is not
   * one on every system.
   */
  async addFile(id: string, name: string, bytes: Uint8Array | string): Promise<string> {
    const objection = whyNoFileName(name);
    if (objection !== undefined) {
      throw new InputError(`${quote(name)} cannot be the name of a file: ${objection}`, {
        hint: 'Give a plain name such as plot.png.',
      });
    }
    return this.#at('adding a file to', id, async (folder) => {
      const taken = new Set([...OWN_NAMES, ...(await readdir(folder))].map((known) => known.toLowerCase()));
      for (let n = 1; ; n += 1) {
        const candidate = numbered(name, n);
        const file = path.join(folder, candidate);
        if (taken.has(candidate.toLowerCase())) continue;
        if (await addWhole(file, bytes, this.#options.now())) return file;
      }
    });
  }

  /** The index is a convenience: a measurement does not fail for it. */
  async #index(record: MeasurementRecord): Promise<void> {
    await appendToIndex(path.join(this.folder, INDEX), [summarise(record)]).catch((error: unknown) =>
      this.#options.logger?.warn({ err: error, id: record.id }, 'the index of the archive was not written'),
    );
  }

  #folderOf(id: string): string {
    return path.join(this.folder, idPath(id));
  }

  async #at<T>(doing: string, id: string, work: (folder: string) => Promise<T>): Promise<T> {
    return this.#told(`${doing} ${quote(id)}`, async () => {
      if (!isId(id) || !(await exists(this.#folderOf(id)))) {
        throw noSuchMeasurement(id, (await findMeasurements(this.folder)).ids);
      }
      return work(this.#folderOf(id));
    });
  }

  async #told<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw fileError(error, doing, this.folder);
    }
  }
}
