import { ArkeoError } from '../../errors.ts';
import type { Dataset } from '../../science/dataset.ts';
import type { Archive, OpenEntry } from '../archive/archive.ts';
import type { MeasurementRecord, RecordDraft } from '../archive/record.ts';

/**
 * Keeps a measurement in the archive. That something cannot be written must not cost the measurement: it is
 * noted, and the measurement goes on.
 */
export class Keeper {
  readonly #archive: Archive;
  #entry: OpenEntry | undefined;
  #problem: string | undefined;
  /** What came before the entry was begun and belongs to it. */
  readonly #early: { command: string; bytes: Uint8Array }[] = [];

  constructor(archive: Archive) {
    this.#archive = archive;
  }

  get id(): string | undefined {
    return this.#entry?.id;
  }

  /** Why the measurement, or a part of it, is not in the archive. */
  get problem(): string | undefined {
    return this.#problem;
  }

  async begin(draft: RecordDraft): Promise<void> {
    await this.#try(async () => {
      this.#entry = await this.#archive.begin(draft);
    });
    for (const { command, bytes } of this.#early.splice(0)) await this.reply(command, bytes);
  }

  /** Keeps a reply as it came; one that comes before the entry is begun goes into it then. */
  async reply(command: string, bytes: Uint8Array): Promise<void> {
    if (this.#entry === undefined) this.#early.push({ command, bytes });
    else await this.#try(() => this.#entry?.keepReply(command, bytes));
  }

  async dataset(dataset: Dataset): Promise<void> {
    await this.#try(() => this.#entry?.keepDataset(dataset));
  }

  async update(patch: Partial<MeasurementRecord>): Promise<void> {
    await this.#try(() => this.#entry?.update(patch));
  }

  async end(
    state: 'complete' | 'stopped' | 'failed',
    patch: Partial<MeasurementRecord>,
  ): Promise<MeasurementRecord | undefined> {
    let record: MeasurementRecord | undefined;
    await this.#try(async () => {
      record = await this.#entry?.end(state, patch);
    });
    return record;
  }

  async #try(act: () => Promise<unknown> | undefined): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ArkeoError)) throw error;
      this.#problem ??= error.message;
    }
  }
}
