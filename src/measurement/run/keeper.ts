import type { Clock } from '../../clock.ts';
import { ArkeoError } from '../../errors.ts';
import { asError } from '../../files/file-error.ts';
import type { Dataset } from '../../science/dataset.ts';
import type { Applied } from '../../archive/applied.ts';
import type { Archive, OpenEntry } from '../../archive/archive.ts';
import { TABLE_FILE } from '../../archive/stored.ts';
import type { EndState } from '../../archive/entry.ts';
import type { MeasurementRecord, RecordDraft, StartOutcome } from '../../archive/record.ts';

/** A disk that refused the end is asked once more: a scanner or a share may have been in the way. */
const LAST_TRY_MS = 500;
/** So long a measurement waits for the disk before its start and after its end, and never in between. */
const PATIENCE_MS = 15_000;

/**
 * Keeps a measurement in the archive. That something cannot be written must not cost the measurement: it is noted, tried
 * again with the next thing that is to be written and after the end, and the measurement goes on. What is under bias
 * does not wait for the disk: only `begin`, `settled`, `release` and `end` do, and not for long.
 */
export class Keeper {
  readonly #archive: Archive;
  readonly #clock: Clock;
  #entry: OpenEntry | undefined;
  /** Replies that came before the entry was begun and belong to it. */
  readonly #early: { command: string; bytes: Uint8Array }[] = [];
  #isLate = false;
  /** The write under way; resolves with an error that is no refusal of the disk. */
  #writing: Promise<Error | undefined> = Promise.resolve(undefined);

  /** @param entry one that was begun already */
  constructor({ archive, clock }: { archive: Archive; clock: Clock }, entry?: OpenEntry) {
    this.#archive = archive;
    this.#clock = clock;
    this.#entry = entry;
  }

  get id(): string | undefined {
    const id = this.#entry?.id ?? '';
    return id === '' ? undefined : id;
  }

  /** Why the measurement, or a part of it, is not in the archive. */
  get problem(): string | undefined {
    return this.#entry?.problem ?? (this.#isLate ? LATE : undefined);
  }

  /** Further faults of the entry in the archive, one sentence each. */
  get notes(): readonly string[] {
    return this.#entry?.notes ?? [];
  }

  /** Size of the table, bytes; undefined until the table is on the disk. */
  get tableBytes(): number | undefined {
    return this.#entry?.files.find(({ name }) => name === TABLE_FILE)?.bytes;
  }

  async begin(draft: RecordDraft): Promise<void> {
    const entry = this.#archive.open(draft);
    this.#entry = entry;
    for (const { command, bytes } of this.#early.splice(0)) this.#write(entry.keepReply(command, bytes));
    this.#write(entry.retry());
    await this.settled();
  }

  /** Keeps a reply as it came; one that comes before the entry is begun goes into it then. Does not wait for the disk. */
  reply(command: string, bytes: Uint8Array): void {
    if (this.#entry === undefined) this.#early.push({ command, bytes });
    else this.#write(this.#entry.keepReply(command, bytes));
  }

  /** Does not wait for the disk: what measures by now may have to be looked at. */
  noteStart(outcome: StartOutcome): void {
    this.#write(this.#entry?.noteStart(outcome));
  }

  /** Does not wait for the disk. */
  dataset(dataset: Dataset, applied?: Applied): void {
    this.#write(this.#entry?.keepDataset(dataset, applied));
  }

  /**
   * Keeps the data that there is while it measures, and the reply that it was read from: the end is missing. Does not
   * wait for the disk.
   */
  partial(dataset: Dataset, reply?: Uint8Array): void {
    this.#write(this.#entry?.keepPartial(dataset, reply));
  }

  /** Resolves when all of it so far is on the disk, or was refused, or the disk has been waited for long enough. */
  async settled(): Promise<void> {
    const late = new AbortController();
    const result = await Promise.race([
      this.#writing.then((error) => ({ error })),
      this.#clock.pause(PATIENCE_MS, late.signal).then(() => 'late' as const),
    ]);
    late.abort();
    this.#isLate = result === 'late';
    if (result === 'late' || result.error === undefined) return;
    this.#writing = Promise.resolve(undefined);
    throw result.error;
  }

  /** Gives an entry back that was taken over, as it was before. */
  async release(): Promise<void> {
    this.#write(this.#entry?.release());
    await this.settled();
  }

  async end(state: EndState, patch: Partial<MeasurementRecord>): Promise<void> {
    this.#write(this.#entry?.end(state, patch));
    await this.settled();
    if (this.#entry?.problem === undefined || this.#isLate) return;
    await this.#clock.pause(LAST_TRY_MS);
    this.#write(this.#entry.retry());
    await this.settled();
  }

  #write(work: Promise<unknown> | undefined): void {
    const written = work?.then(
      () => undefined,
      (error: unknown) => (error instanceof ArkeoError ? undefined : asError(error)),
    );
    const before = this.#writing;
    this.#writing = before.then(async (error) => error ?? (await written));
  }
}

const LATE = `the disk has not answered for ${PATIENCE_MS / 1000} s; what it does not take now is tried again for as long as this server runs`;
