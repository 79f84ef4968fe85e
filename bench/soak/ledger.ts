/** What the instrument made of a request: `other_form` is the refusal of its parameters' form, which StartRoutine has. */
export type Verdict = 'accepted' | 'refused' | 'other_form';

/**
 * The instrument's own record, made as requests arrive and before anything goes wrong with a reply: what callers are
 * told is held against it.
 */
export class Ledger {
  #serial = 0;
  readonly #writes = new Map<number, Verdict[]>();
  readonly #received = new Map<string, number>();

  /** Requests received so far; the number of the last one. */
  get serial(): number {
    return this.#serial;
  }

  /** Notes one request and returns its number. */
  receive(command: string): number {
    this.#received.set(command, this.received(command) + 1);
    return ++this.#serial;
  }

  /** What became of a request that carried the nonce of a call. */
  note(nonce: number, verdict: Verdict): void {
    const verdicts = this.#writes.get(nonce);
    if (verdicts === undefined) this.#writes.set(nonce, [verdict]);
    else verdicts.push(verdict);
  }

  received(command: string): number {
    return this.#received.get(command) ?? 0;
  }

  /** What became of each request that carried this nonce; empty where none arrived. */
  verdicts(nonce: number): readonly Verdict[] {
    return this.#writes.get(nonce) ?? [];
  }

  /** Nonces that arrived more often than once without having been refused for their form in between. */
  get sentTwice(): number[] {
    return [...this.#writes].flatMap(([nonce, verdicts]) =>
      verdicts.slice(0, -1).every((verdict) => verdict === 'other_form') ? [] : [nonce],
    );
  }
}
