import { createHash } from 'node:crypto';

/** Remembers which data this process put into the archive last, so that the same data read again is not kept twice. */
export class KeptData {
  #last: { id: string; hash: string } | undefined;
  #run: { id: string; number: number } | undefined;

  note(id: string, data: unknown): void {
    this.#last = { id, hash: hashOf(data) };
  }

  /** All of a run is kept, whatever the instrument shows of it later: live readings are replaced all the time. */
  noteRun(id: string, number: number | undefined): void {
    this.#run = number === undefined ? undefined : { id, number };
  }

  /** All of that run is in the archive. */
  holdsRun(run: number | undefined): boolean {
    return run !== undefined && this.#run?.number === run;
  }

  /** The measurement as which this data of that run is kept, if it is the last one. */
  idOf(data: unknown, run: number | undefined): string | undefined {
    if (this.#last?.hash === hashOf(data)) return this.#last.id;
    return run !== undefined && this.#run?.number === run ? this.#run.id : undefined;
  }
}

function hashOf(data: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(data) ?? '')
    .digest('hex');
}
