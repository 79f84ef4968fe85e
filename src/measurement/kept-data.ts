import { createHash } from 'node:crypto';

/** Which data this process has put into the archive last, so that the same data read again is not kept twice. */
export class KeptData {
  #last: { id: string; hash: string } | undefined;

  note(id: string, data: unknown): void {
    this.#last = { id, hash: hashOf(data) };
  }

  /** The measurement as which this data is kept, if it is the last one. */
  idOf(data: unknown): string | undefined {
    return this.#last?.hash === hashOf(data) ? this.#last.id : undefined;
  }
}

function hashOf(data: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(data) ?? '')
    .digest('hex');
}
