import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { InputError } from '../errors.ts';
import type { Disk } from '../files/disk.ts';
import { errorCode, fileError } from '../files/file-error.ts';
import { DiskStalled, limitedDisk } from '../files/limited-disk.ts';
import { NotAMember, requireFolder } from '../files/members.ts';
import { numbered, whyNoFileName } from '../files/safe-name.ts';
import { systemDisk } from '../files/system-disk.ts';
import { addWhole, exists, tryWriting, writeWhole } from '../files/whole-files.ts';
import type { Logger } from '../logger.ts';
import type { Dataset } from '../science/dataset.ts';
import { parseJson } from '../text/json-text.ts';
import { quote } from '../text/quote.ts';
import { damaged, whyUnreadable } from './damage.ts';
import { readDataset } from './dataset-json.ts';
import { Entry, type EntryContext, type OpenEntry } from './entry.ts';
import type { ListFilter } from './filter.ts';
import { idPath, isId, makeId } from './ids.ts';
import { appendToIndex, INDEX } from './index-file.ts';
import { findMeasurements, listMeasurements, type Listing } from './listing.ts';
import { HEARTBEAT_MS, Liveness, type Observer } from './liveness.ts';
import { fileProblems, readDatasetFile } from './member-files.ts';
import { drawClaim, type Owner, recordOf } from './new-entry.ts';
import {
  formatRecord,
  isOfOthers,
  readMembers,
  readRecord,
  recordProblems,
  type Stored,
} from './record-file.ts';
import type { MeasurementRecord, RecordDraft } from './record.ts';
import { alreadyComplete, beingMeasured, noSuchMeasurement } from './refusals.ts';
import { readReplies, type StoredReply, unlistedReplies } from './replies.ts';
import { DATASET_FILE, HEARTBEAT_FILE, RECORD_FILE, TABLE_FILE } from './stored.ts';
import { summarise, type MeasurementState } from './summary.ts';

export type { OpenEntry } from './entry.ts';
export type { ListFilter } from './filter.ts';
export type { Listing } from './listing.ts';
export type { RecordDraft } from './record.ts';
export type { MeasurementSummary } from './summary.ts';

export interface ArchiveOptions extends Observer, Owner {
  /** The data folder, absolute. Made when the first measurement is written. */
  folder: string;
  /** The file system, unless it is that of this computer. */
  disk?: Disk | undefined;
  /** Four random hexadecimal digits, which keep the ids of two servers apart. */
  suffix?: (() => string) | undefined;
  /** How often an entry shows that it is measured, ms. */
  heartbeatMs?: number | undefined;
  /** How long after a refusal of the disk the end of a measurement is tried again, ms. */
  retryMs?: number | undefined;
  logger?: Logger | undefined;
}

export interface StoredMeasurement {
  record: MeasurementRecord;
  /** State as the record says. If the record says `running`, the state follows from what is known of its process. */
  state: MeasurementState;
  /** Absolute. */
  folder: string;
  /** Damage, and what may be misunderstood, one sentence each. */
  problems: string[];
}

const MAX_READS = 3;
const RETRY_MS = 1000;
const LOOK_MS = 1000;
/** Longer than a heartbeat: a process that was asleep with this one shows itself. */
const WATCH_MS = 2 * HEARTBEAT_MS + 1000;
const OWN_NAMES = [RECORD_FILE, DATASET_FILE, TABLE_FILE, HEARTBEAT_FILE];

/**
 * The measurements of a data folder, one folder each, which several servers may write and read at once. Nothing is
 * deleted. Throws ArchiveError where the disk refuses or does not answer, and InputError for an id that is not there.
 */
export class Archive {
  readonly folder: string;
  readonly #options: ArchiveOptions;
  readonly #disk: Disk;
  readonly #liveness: Liveness;
  /** Entries that this process has not written to the end. */
  readonly #open = new Set<Entry>();
  /** Claims of the entries that this process began. */
  readonly #begun = new Set<string>();

  constructor(options: ArchiveOptions) {
    this.folder = path.resolve(options.folder);
    this.#options = options;
    this.#disk = options.disk ?? limitedDisk(systemDisk);
    this.#liveness = new Liveness(options);
  }

  /** An entry that is not on the disk yet: its first call puts it there. */
  open(draft: RecordDraft): OpenEntry {
    return this.#hold(recordOf(draft, this.#options));
  }

  /** Writes the entry, with state `running`, before the measurement starts. It appears whole or not at all. */
  async begin(draft: RecordDraft): Promise<OpenEntry> {
    const entry = this.#hold(recordOf(draft, this.#options));
    try {
      await entry.retry();
      return entry;
    } catch (error) {
      entry.giveUp();
      throw error;
    }
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
      tryWriting(this.#disk, path.dirname(this.#folderOf(id))),
    );
  }

  /**
   * Takes over an entry whose process is gone, or that ended without its data, to complete it: from then on it is
   * `running` in this process. Throws InputError `measurement_running` where somebody measures it, or may, and
   * `already_complete`.
   */
  async resume(id: string): Promise<OpenEntry> {
    return this.#at('taking over', id, async (folder) => {
      // Writes that this process still owes come first.
      const own = [...this.#open].find((entry) => entry.id === id);
      if (own?.isOpen === false) await own.retry();
      const stored = await readRecord(this.#disk, folder);
      const { record } = stored;
      const isWhole = record.state === 'complete' && record.unwritten.length === 0;
      if (isWhole || (own !== undefined && this.#open.has(own) && record.state === 'complete'))
        throw alreadyComplete(id);
      if (record.state === 'running' && this.#stateOf(id, stored) !== 'interrupted')
        throw beingMeasured(record);
      const { host, pid, machine } = this.#options;
      // A process may have been killed between writing a reply and listing it.
      const files = [...record.files, ...(await unlistedReplies(this.#disk, folder, record))];
      const process = { host, pid, machine, claim: drawClaim() };
      const taken: MeasurementRecord = { ...record, state: 'running', process, files, unwritten: [] };
      // Before anything else is written: whoever held it until now notices, and of two only one goes on.
      await writeWhole(this.#disk, path.join(folder, RECORD_FILE), formatRecord(taken));
      if (isOfOthers(await readMembers(this.#disk, folder), taken)) throw beingMeasured(record);
      await this.#index(taken);
      return this.#hold(taken, record);
    });
  }

  /**
   * Looks at an entry that another process began until it is known whether that lives: at once where the process is of
   * this computer and gone, otherwise for as long as its sign of life has to stand still.
   * @param pause between two looks, ms; may throw, to end the looking
   */
  async untilKnown(id: string, pause: (ms: number) => Promise<unknown> = delay): Promise<StoredMeasurement> {
    const began = this.#elapsedMs();
    for (;;) {
      const { record, state } = await this.#at('looking at', id, async (folder) => {
        const stored = await readRecord(this.#disk, folder);
        return { record: stored.record, state: this.#stateOf(id, stored) };
      });
      const isSure = state !== 'interrupted' || this.#liveness.isGone(record) || this.isOurs(record);
      const isLong = this.#elapsedMs() - began >= WATCH_MS;
      if (state !== 'perhaps_running' && (isSure || isLong)) return this.read(id);
      await pause(LOOK_MS);
    }
  }

  /**
   * Newest first. Reads the index, and the records that it does not know or knows as running. So damage done to a
   * measurement after it was indexed is not seen here, but by `read`. A measurement whose record is readable is
   * listed even if files of it are missing.
   */
  async list(filter: ListFilter = {}): Promise<Listing> {
    return this.#told('listing measurements', async () =>
      listMeasurements(
        {
          disk: this.#disk,
          dataFolder: this.folder,
          stateOf: (id, stored) => this.#stateOf(id, stored),
          elapsedMs: () => this.#elapsedMs(),
          logger: this.#options.logger,
        },
        filter,
      ),
    );
  }

  /** The record and what is wrong with it. Throws ArchiveError `damaged` where the record itself cannot be read. */
  async read(id: string): Promise<StoredMeasurement> {
    return this.#at('reading', id, async (folder) => {
      let stored = await readRecord(this.#disk, folder);
      let problems = await fileProblems(this.#disk, folder, stored.record);
      // A measurement that is being written may have changed between its record and its files.
      for (let reads = 1; problems.length > 0 && reads < MAX_READS; reads += 1) {
        const again = await readRecord(this.#disk, folder);
        if (again.bytes.equals(stored.bytes)) break;
        stored = again;
        problems = await fileProblems(this.#disk, folder, stored.record);
      }
      const { record } = stored;
      const own = this.#entryOf(record);
      return {
        record,
        state: this.#stateOf(id, stored),
        folder,
        problems: [
          ...recordProblems(id, record),
          ...problems,
          ...(own?.isOpen === false && own.problem !== undefined ? [own.problem] : []),
        ],
      };
    });
  }

  /** The data. Throws InputError where there is none, ArchiveError `damaged` where it cannot be read. */
  async dataset(id: string): Promise<Dataset> {
    return this.#at('reading', id, async (folder) => {
      const stored = await readRecord(this.#disk, folder).catch((error: unknown) => {
        // Data can be read without its record.
        if (error instanceof DiskStalled) throw error;
        return undefined;
      });
      if (stored?.record.unwritten.includes(DATASET_FILE) === true)
        throw damaged(
          folder,
          `${DATASET_FILE} could not be written: recover_measurement ${id} makes it anew of the replies`,
        );
      const bytes = await readDatasetFile(this.#disk, folder).catch((error: unknown) => {
        if (errorCode(error) !== 'ENOENT') throw error;
        throw new InputError(`the measurement ${id} has no data`, {
          code: 'no_data',
          hint: 'It is still running, or ended before there was any. Call list_measurements to see its state.',
        });
      });
      try {
        return readDataset(parseJson(bytes));
      } catch (error) {
        throw damaged(folder, `${DATASET_FILE} cannot be read: it was cut or overwritten`, error);
      }
    });
  }

  /** Whether this very process began it. */
  isOurs({ process: { claim } }: Pick<MeasurementRecord, 'process'>): boolean {
    return claim !== undefined && this.#begun.has(claim);
  }

  /** The replies as they came, oldest first. */
  async replies(id: string): Promise<StoredReply[]> {
    return this.#at('reading', id, (folder) => readReplies(this.#disk, folder));
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
      const there = await this.#disk.names(folder);
      const taken = new Set([...OWN_NAMES, ...there].map((known) => known.toLowerCase()));
      for (let n = 1; ; n += 1) {
        const candidate = numbered(name, n);
        const file = path.join(folder, candidate);
        if (taken.has(candidate.toLowerCase())) continue;
        if (await addWhole(this.#disk, file, bytes)) return file;
      }
    });
  }

  /** @param taken of an entry that was taken over: its record as it was before */
  #hold(record: MeasurementRecord, taken?: MeasurementRecord): Entry {
    const { suffix, now, heartbeatMs = HEARTBEAT_MS, retryMs = RETRY_MS } = this.#options;
    const context: EntryContext = {
      disk: this.#disk,
      dataFolder: this.folder,
      suffix,
      now,
      heartbeatMs,
      retryMs,
      onWritten: async (written) => {
        const { claim } = written.process;
        if (taken === undefined && claim !== undefined) this.#begun.add(claim);
        await this.#index(written);
      },
      onSettled: (settled) => this.#open.delete(settled),
    };
    const entry = new Entry(record, context, taken);
    this.#open.add(entry);
    return entry;
  }

  #entryOf({ process: { claim } }: MeasurementRecord): Entry | undefined {
    return claim === undefined ? undefined : [...this.#open].find((entry) => entry.claim === claim);
  }

  #stateOf(id: string, { record, sign }: Stored): MeasurementState {
    if (record.state !== 'running') {
      this.#liveness.forget(id);
      return record.state;
    }
    const own = this.#entryOf(record);
    if (own !== undefined) return own.isOpen ? 'running' : 'interrupted';
    return this.isOurs(record) ? 'interrupted' : this.#liveness.of(id, record, sign);
  }

  #elapsedMs(): number {
    return this.#options.elapsedMs?.() ?? performance.now();
  }

  /** The index is a convenience: a measurement does not fail for it. */
  async #index(record: MeasurementRecord): Promise<void> {
    await appendToIndex(this.#disk, path.join(this.folder, INDEX), [summarise(record)]).catch(
      (error: unknown) =>
        this.#options.logger?.warn({ err: error, id: record.id }, 'the index of the archive was not written'),
    );
  }

  #folderOf(id: string): string {
    return path.join(this.folder, idPath(id));
  }

  async #at<T>(doing: string, id: string, work: (folder: string) => Promise<T>): Promise<T> {
    return this.#told(`${doing} ${quote(id)}`, async () => {
      const folder = this.#folderOf(id);
      if (!isId(id) || !(await exists(this.#disk, folder))) {
        throw noSuchMeasurement(id, (await findMeasurements(this.#disk, this.folder)).ids);
      }
      try {
        for (const each of [path.dirname(folder), folder]) await requireFolder(this.#disk, each);
        return await work(folder);
      } catch (error) {
        if (error instanceof NotAMember) throw damaged(folder, `a file ${whyUnreadable(error)}`, error);
        throw error;
      }
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
