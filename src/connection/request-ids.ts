/**
 * Numbers the requests of one connection manager. The numbers continue from socket to socket: a late reply that
 * an instrument writes to the present socket can then be recognised as belonging to an earlier request.
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

  /** True if a request has or had this id. */
  isTaken(id: number): boolean {
    return id >= this.#first && id < this.#next;
  }
}
