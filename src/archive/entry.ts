import path from 'node:path';
import { ArchiveError, ArkeoError } from '../errors.ts';
import type { Disk } from '../files/disk.ts';
import { asError, causeOf, fileError } from '../files/file-error.ts';
import { DiskStalled } from '../files/limited-disk.ts';
import { writeWhole } from '../files/whole-files.ts';
import type { Dataset } from '../science/dataset.ts';
import type { Applied } from './applied.ts';
import { toCsv } from './csv.ts';
import { writeDataset } from './dataset-json.ts';
import { EntryFiles } from './entry-files.ts';
import { Heartbeat } from './heartbeat.ts';
import { idPath } from './ids.ts';
import { drawClaim, placeEntry } from './new-entry.ts';
import { fitting } from './record-bounds.ts';
import { formatRecord, isOfOthers, readMembers } from './record-file.ts';
import type { MeasurementRecord, StartOutcome, StoredFile } from './record.ts';
import { DATASET_FILE, PARTIAL_REPLY, RECORD_FILE, TABLE_FILE } from './stored.ts';

/**
 * A measurement that is being written. It knows all that is to be kept, and each call brings the disk to it as far as
 * the disk takes it: nothing is written twice, and what was refused is tried again with the next call, with each
 * heartbeat, and after the end for as long as this process lives. A call throws ArchiveError where the record or a reply
 * is not on the disk; files that are derived from the replies decide nothing, see `notes`.
 */
export interface OpenEntry {
  /** Empty until it has its folder. Another one where somebody else took the entry over: see `notes`. */
  readonly id: string;
  /** Absolute. */
  readonly folder: string;
  /** Why the record or a reply is not on the disk, as a sentence without its end. */
  readonly problem: string | undefined;
  /** Further faults on the disk, one sentence each. */
  readonly notes: readonly string[];
  /** On the disk beside the record. */
  readonly files: readonly StoredFile[];
  /** Keeps the bytes of a reply as they came. */
  keepReply(command: string, bytes: Uint8Array): Promise<void>;
  /**
   * Writes `data.json` and `data.csv`, in place of what was there.
   * @param applied as it is known now, for the table; else as it was known when the entry began
   */
  keepDataset(dataset: Dataset, applied?: Applied): Promise<void>;
  /**
   * The same for what there is while it still measures, with the reply that it was read from: the record says that the
   * end is missing. Each replaces the one before, and the data replaces the last.
   */
  keepPartial(dataset: Dataset, reply?: Uint8Array): Promise<void>;
  /** Notes what became of the start. */
  noteStart(start: StartOutcome): Promise<void>;
  /**
   * The last call: members of the record are changed. Id, state, process and files are the archive's own and stay. The
   * heartbeat ends with it even where the disk refuses.
   */
  end(state: EndState, patch: Partial<MeasurementRecord>): Promise<MeasurementRecord>;
  /** In place of the end, for an entry that was taken over: it is again as it was before, with what was kept since. */
  release(): Promise<void>;
  /** Tries what the disk refused once more. */
  retry(): Promise<void>;
}

export type EndState = 'complete' | 'stopped' | 'failed';

export interface EntryContext {
  disk: Disk;
  /** Absolute. */
  dataFolder: string;
  suffix?: (() => string) | undefined;
  now: () => Date;
  /** How often it shows that it is measured. */
  heartbeatMs: number;
  /** How long after a refusal the end is tried again, ms; then ever longer. */
  retryMs: number;
  /** The record as it came to the disk: when it began, and when it ended. */
  onWritten: (record: MeasurementRecord) => Promise<void>;
  /** Nothing is left to be written. */
  onSettled: (entry: Entry) => void;
}

const MAX_RETRY_MS = 60_000;
/** The failure of a measurement whose replies are not on the disk. */
export const NOT_KEPT = 'not_kept';

/** The one kind of open entry. */
export class Entry implements OpenEntry {
  readonly #context: EntryContext;
  /** Record as it is to be on the disk, but for files. */
  #record: MeasurementRecord;
  /** Record as it was before the entry was taken over. */
  readonly #before: MeasurementRecord | undefined;
  #isPlaced: boolean;
  readonly #files: EntryFiles;
  readonly #heartbeat: Heartbeat;
  readonly #beating: NodeJS.Timeout;
  /** Sentences about what was too long for the record. */
  readonly #cut = new Set<string>();
  /** Entries that others took over. */
  readonly #left: string[] = [];
  /** Files that the record on the disk lists. */
  #listed: readonly string[] = [];
  #closing: 'end' | 'release' | undefined;
  /** Another process has it, and nothing of it is left to this one. */
  #isLost = false;
  /** The end is on the disk. */
  #isEnded = false;
  #isSettled = false;
  #problem: ArkeoError | undefined;
  #queued: Promise<void> | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #stalled: DiskStalled | undefined;
  #isBusy = false;
  #retryMs: number;
  #retrying: NodeJS.Timeout | undefined;

  /** @param taken of an entry that was taken over and is on the disk: its record as it was before */
  constructor(record: MeasurementRecord, context: EntryContext, taken?: MeasurementRecord) {
    this.#context = context;
    this.#record = this.#fit(record);
    this.#before = taken;
    this.#isPlaced = taken !== undefined;
    this.#files = new EntryFiles(context.disk, record.files);
    this.#listed = record.files.map(({ name }) => name);
    this.#heartbeat = new Heartbeat(context.disk);
    this.#retryMs = context.retryMs;
    this.#beating = setInterval(() => this.#beat(), context.heartbeatMs).unref();
  }

  get id(): string {
    return this.#isPlaced ? this.#record.id : '';
  }

  get folder(): string {
    return path.join(this.#context.dataFolder, idPath(this.#record.id));
  }

  /** Whose entry it is. */
  get claim(): string | undefined {
    return this.#record.process.claim;
  }

  /** It measures, as far as its owner says. */
  get isOpen(): boolean {
    return this.#closing === undefined && !this.#isLost;
  }

  get problem(): string | undefined {
    if (this.#problem === undefined || this.#closing === undefined || this.#isLost)
      return this.#problem?.message;
    return `${this.#problem.message}; it is tried again for as long as this server runs`;
  }

  get files(): readonly StoredFile[] {
    return this.#files.written;
  }

  get notes(): string[] {
    return [
      ...this.#moves,
      ...this.#files.refused.map(
        ({ name, refusal }) =>
          `${name} could not be written: ${causeOf(refusal)}; it is tried again for as long as this server runs`,
      ),
    ];
  }

  #fit(record: MeasurementRecord): MeasurementRecord {
    const fitted = fitting(record);
    for (const sentence of fitted.cut) this.#cut.add(sentence);
    return fitted.record;
  }

  get #moves(): string[] {
    return this.#left.map(
      (id) =>
        `another server took ${id} over while this one measured it: what this one measured is kept here, apart from it`,
    );
  }

  async keepReply(command: string, bytes: Uint8Array): Promise<void> {
    this.#requireOpen();
    this.#files.addReply(command, bytes);
    await this.#flush();
  }

  async keepDataset(dataset: Dataset, applied?: Applied): Promise<void> {
    if (applied !== undefined && !this.#isLost) this.#record = this.#fit({ ...this.#record, applied });
    await this.#keepData(dataset, false);
  }

  async keepPartial(dataset: Dataset, reply?: Uint8Array): Promise<void> {
    await this.#keepData(dataset, true, reply);
  }

  async #keepData(dataset: Dataset, partial: boolean, reply?: Uint8Array): Promise<void> {
    this.#requireOpen();
    const { simulated, applied } = this.#record;
    this.#files.setDerived(
      [
        ...(reply === undefined ? [] : [{ name: PARTIAL_REPLY, content: () => reply }]),
        { name: DATASET_FILE, content: () => writeDataset(dataset) },
        { name: TABLE_FILE, content: () => toCsv(dataset, { simulated, applied }) },
      ],
      partial,
    );
    this.#record = { ...this.#record, partial };
    await this.#flush();
  }

  async noteStart(start: StartOutcome): Promise<void> {
    this.#requireOpen();
    this.#record = { ...this.#record, start };
    await this.#flush();
  }

  async end(state: EndState, patch: Partial<MeasurementRecord>): Promise<MeasurementRecord> {
    this.#requireOpen();
    const { format, format_version, id, process, partial } = this.#record;
    const ended_at = this.#context.now().toISOString();
    const own = { format, format_version, id, process, partial, state };
    this.#record = this.#fit({ ...this.#record, ended_at, ...patch, ...own });
    await this.#close('end');
    return this.#written;
  }

  async release(): Promise<void> {
    this.#requireOpen();
    const { partial, process } = this.#record;
    const before = this.#before ?? this.#record;
    // With the claim it is held by, so that nobody else's hold is undone.
    this.#record = {
      ...before,
      partial,
      process: { ...before.process, claim: process.claim, gone: true },
    };
    await this.#close('release');
  }

  async #close(how: 'end' | 'release'): Promise<void> {
    this.#closing = how;
    clearInterval(this.#beating);
    await this.#flush();
  }

  async retry(): Promise<void> {
    if (!this.#isSettled) await this.#flush();
  }

  /** Nothing of it is written any more. */
  giveUp(): void {
    clearInterval(this.#beating);
    this.#isLost = true;
    this.#settle();
  }

  #requireOpen(): void {
    if (this.#isLost) throw takenOver(this.#record.id);
    if (this.#closing !== undefined)
      throw new Error(`${this.#record.id} has ended and is not written any more`);
  }

  /** Brings the disk to what is to be there, behind what is under way. Calls that wait are carried out together. */
  async #flush(): Promise<void> {
    if (this.#stalled !== undefined) throw this.#told(this.#stalled);
    if (this.#queued === undefined) {
      this.#queued = this.#next(() => {
        this.#queued = undefined;
        return this.#bring();
      });
      this.#last = this.#queued.catch(() => undefined);
    }
    await this.#queued;
  }

  async #next(work: () => Promise<void>): Promise<void> {
    await this.#last;
    this.#isBusy = true;
    try {
      await work();
      this.#problem = undefined;
    } catch (error) {
      const told = this.#told(error);
      if (!(told instanceof ArkeoError)) throw error;
      this.#problem = told;
      if (error instanceof DiskStalled) this.#waitFor(error);
      throw told;
    } finally {
      this.#isBusy = false;
      if (this.#closing !== undefined && !this.#isSettled) this.#retryLater();
    }
  }

  #told(error: unknown): unknown {
    return fileError(
      error,
      `keeping ${this.id === '' ? 'a new measurement' : this.id}`,
      this.#context.dataFolder,
    );
  }

  /**
   * Writes nothing until the stalled disk has ended: a write that it carries out late must not come after a newer one.
   */
  #waitFor(stalled: DiskStalled): void {
    this.#stalled = stalled;
    const goOn = async (): Promise<void> => {
      await stalled.ended;
      this.#stalled = undefined;
      await this.#flush();
    };
    goOn().catch(() => undefined);
  }

  #retryLater(): void {
    clearTimeout(this.#retrying);
    this.#retrying = setTimeout(() => void this.#flush().catch(() => undefined), this.#retryMs).unref();
    this.#retryMs = Math.min(MAX_RETRY_MS, 2 * this.#retryMs);
  }

  #beat(): void {
    if (this.#isBusy || this.#stalled !== undefined) return;
    const isBehind = this.#problem !== undefined || this.#files.unwrittenDerived.length > 0;
    const showLife = async (): Promise<void> => {
      if (isBehind || !this.#isPlaced || (await this.#isOfOthers())) await this.#bring();
      else await this.#heartbeat.beat(this.folder);
    };
    this.#last = this.#next(showLife).catch(() => undefined);
  }

  async #isOfOthers(): Promise<boolean> {
    return isOfOthers(await readMembers(this.#context.disk, this.folder), this.#record);
  }

  async #bring(): Promise<void> {
    if (this.#isSettled) return;
    if (this.#isPlaced && (await this.#isOfOthers())) await this.#giveWay();
    if (this.#isSettled) return;
    // An end that comes while this is under way is brought to the disk by the next one, with all that came before it.
    const closing = this.#closing;
    if (!this.#isPlaced) await this.#place();
    const lost = await this.#files.writeReplies(this.folder).catch((error: unknown) => {
      if (error instanceof DiskStalled) throw error;
      return asError(error);
    });
    if (this.#files.unwrittenDerived.length > 0) {
      // A process that is killed while replacing the data must not leave sums that do not match the data.
      const replaced = this.#files.unwrittenDerived.some(({ name }) => this.#listed.includes(name));
      if (replaced) await this.#save(closing);
      await this.#files.writeDerived(this.folder);
    }
    await this.#save(closing);
    const refusal = lost ?? this.#files.lostData?.refusal;
    if (refusal !== undefined) throw refusal;
    if (closing !== undefined) await this.#finish();
  }

  async #place(): Promise<void> {
    // The first record says only that the measurement began: its later contents are not there yet.
    const begun: MeasurementRecord = { ...this.#record, state: 'running', files: [], unwritten: [] };
    try {
      await placeEntry(begun, this.#context);
      this.#isPlaced = true;
    } finally {
      this.#record = { ...this.#record, id: begun.id };
    }
    await this.#context.onWritten(begun);
  }

  /** Another server has the entry now. What was measured here goes into an entry of its own. */
  async #giveWay(): Promise<void> {
    const { id } = this.#record;
    if (this.#isEnded || this.#before !== undefined) {
      this.giveUp();
      // An entry that was kept to its end belongs to the process that has it now.
      if (this.#isEnded) return;
      throw takenOver(id);
    }
    this.#left.push(id);
    this.#files.startAnew();
    this.#listed = [];
    this.#isPlaced = false;
    const process = { ...this.#record.process, claim: drawClaim() };
    this.#record = { ...this.#record, id: '', process };
  }

  /** The record as it is to be on the disk now. */
  get #written(): MeasurementRecord {
    const record: MeasurementRecord = {
      ...this.#record,
      files: this.#files.written,
      unwritten: this.#files.refused.map(({ name }) => name),
      warnings: [...this.#moves, ...this.#cut, ...this.#record.warnings],
    };
    const { lostReplies, lostData } = this.#files;
    if (this.#closing !== 'end' || (lostReplies === 0 && lostData === undefined)) return record;
    const message = 'what was measured is not on the disk, or not all of it';
    const failure = { step: 'keeping the data', code: NOT_KEPT, message, instrument_state: null };
    return { ...record, state: 'failed', failure };
  }

  /** @param closing as it was when this work began: before its end, the record on the disk says that it runs */
  async #save(closing: 'end' | 'release' | undefined): Promise<void> {
    const { disk } = this.#context;
    const found = await readMembers(disk, this.folder);
    if (isOfOthers(found, this.#record)) throw takenOver(this.#record.id);
    const written = this.#written;
    const isEarly = closing === undefined && this.#closing === 'end';
    const record: MeasurementRecord = isEarly ? { ...written, state: 'running', ended_at: null } : written;
    // Members that somebody else added to the file stay in it.
    await writeWhole(disk, path.join(this.folder, RECORD_FILE), formatRecord({ ...found, ...record }));
    this.#listed = record.files.map(({ name }) => name);
  }

  async #finish(): Promise<void> {
    if (!this.#isEnded) {
      this.#isEnded = true;
      await this.#heartbeat.end(this.folder);
      // All that it had is in the data that replaced it.
      if (!this.#record.partial)
        await this.#context.disk.remove(path.join(this.folder, PARTIAL_REPLY)).catch(() => undefined);
      await this.#context.onWritten(this.#written);
    }
    if (this.#files.unwrittenDerived.length === 0) this.#settle();
  }

  #settle(): void {
    this.#isSettled = true;
    clearTimeout(this.#retrying);
    this.#context.onSettled(this);
  }
}

function takenOver(id: string): ArchiveError {
  return new ArchiveError(`${id} was taken over by another server, which keeps its data now`, {
    code: 'taken_over',
    hint: 'get_measurement shows what is kept of it.',
  });
}
