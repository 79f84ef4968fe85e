import { setTimeout as sleep } from 'node:timers/promises';
import { ArkeoError } from '../../errors.ts';
import type { Dataset } from '../../science/dataset.ts';
import type { Archive, OpenEntry } from '../../archive/archive.ts';
import type { MeasurementRecord, RecordDraft, StartOutcome } from '../../archive/record.ts';

/** A disk that refused the end is asked once more: a scanner or a share may have been in the way. */
const LAST_TRY_MS = 500;

interface Work {
  what: 'begin' | 'start' | 'reply' | 'dataset' | 'end' | 'release';
  act: () => Promise<unknown>;
}

/**
 * Keeps a measurement in the archive. That something cannot be written must not cost the measurement: it is noted,
 * tried again with the next thing that is to be written and at the end, and the measurement goes on.
 */
export class Keeper {
  readonly #archive: Archive;
  #entry: OpenEntry | undefined;
  #problem: string | undefined;
  #last: Promise<void> = Promise.resolve();
  /** What is still to be written, oldest first: nothing overtakes what failed before it. */
  #pending: Work[] = [];
  /** What came before the entry was begun and belongs to it. */
  readonly #early: Work[] = [];

  /** @param entry one that was begun already */
  constructor(archive: Archive, entry?: OpenEntry) {
    this.#archive = archive;
    this.#entry = entry;
  }

  get id(): string | undefined {
    return this.#entry?.id;
  }

  /** Why the measurement, or a part of it, is not in the archive. */
  get problem(): string | undefined {
    return this.#pending.length === 0 ? undefined : this.#problem;
  }

  async begin(draft: RecordDraft): Promise<void> {
    const begin = async (): Promise<void> => {
      this.#entry = await this.#archive.begin(draft);
    };
    await this.#write({ what: 'begin', act: begin }, ...this.#early.splice(0));
  }

  /** Keeps a reply as it came; one that comes before the entry is begun goes into it then. */
  async reply(command: string, bytes: Uint8Array): Promise<void> {
    const work: Work = { what: 'reply', act: async () => this.#entry?.keepReply(command, bytes) };
    if (this.#entry === undefined && this.#pending.length === 0) this.#early.push(work);
    else await this.#write(work);
  }

  /** Does not wait for the disk: what measures by now may have to be looked at. */
  noteStart(outcome: StartOutcome): void {
    const act = async (): Promise<void> => this.#entry?.noteStart(outcome);
    this.#write({ what: 'start', act }).catch(() => undefined);
  }

  async dataset(dataset: Dataset): Promise<void> {
    await this.#replace(async () => this.#entry?.keepDataset(dataset));
  }

  /** What there is while it measures, and the reply that it was read from: the end is missing. */
  async partial(dataset: Dataset, reply?: Uint8Array): Promise<void> {
    await this.#replace(async () => this.#entry?.keepPartial(dataset, reply));
  }

  async #replace(act: Work['act']): Promise<void> {
    // One that could not be written is a part of this one.
    this.#pending = this.#pending.filter(({ what }) => what !== 'dataset');
    await this.#write({ what: 'dataset', act });
  }

  /** Gives an entry back that was taken over, as it was before. */
  async release(): Promise<void> {
    await this.#write({ what: 'release', act: async () => this.#entry?.release() });
  }

  async end(state: 'complete' | 'stopped' | 'failed', patch: Partial<MeasurementRecord>): Promise<void> {
    await this.#write({ what: 'end', act: async () => this.#entry?.end(state, patch) });
    if (this.#pending.length === 0) return;
    await sleep(LAST_TRY_MS);
    await this.#write();
  }

  /** One after the other, in the order of the calls. */
  #write(...more: readonly Work[]): Promise<void> {
    const written = this.#last.then(() => this.#work(more));
    this.#last = written.catch(() => undefined);
    return written;
  }

  async #work(more: readonly Work[]): Promise<void> {
    this.#pending.push(...more);
    for (let next = this.#pending[0]; next !== undefined; next = this.#pending[0]) {
      try {
        await next.act();
        this.#pending.shift();
      } catch (error) {
        if (!(error instanceof ArkeoError)) throw error;
        this.#problem = error.message;
        return;
      }
    }
  }
}
