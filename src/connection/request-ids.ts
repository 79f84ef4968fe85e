/**
 * Numbers the requests of one connection manager. They count on from socket to socket: an instrument that writes a late
 * reply to whichever socket is open now is then known to answer an earlier request.
 */
export class RequestIds {
  readonly #first: number;
  #next: number;

  constructor(first: number) {
    this.#first = first;
    this.#next = first;
  }

  take(): number {
    return this.#next++;
  }

  /** Whether some request has or had it. */
  isTaken(id: number): boolean {
    return id >= this.#first && id < this.#next;
  }
}
