/**
 * The instrument's reaction to a request. `other_form` is the refusal of its parameters' form, which
 * StartRoutine has.
 */
export type Verdict = 'accepted' | 'refused' | 'other_form';

/**
 * The instrument's own record, written as requests arrive and before a fault changes a reply. The results that
 * callers see are compared with it.
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

  /** Notes the reaction to a request that carried the nonce of a call. */
  note(nonce: number, verdict: Verdict): void {
    const verdicts = this.#writes.get(nonce);
    if (verdicts === undefined) this.#writes.set(nonce, [verdict]);
    else verdicts.push(verdict);
  }

  received(command: string): number {
    return this.#received.get(command) ?? 0;
  }

  /** Reactions to each request that carried this nonce; empty if none arrived. */
  verdicts(nonce: number): readonly Verdict[] {
    return this.#writes.get(nonce) ?? [];
  }

  /** Nonces that arrived more than once without having been refused for their form in between. */
  get sentTwice(): number[] {
    return [...this.#writes].flatMap(([nonce, verdicts]) =>
      verdicts.slice(0, -1).every((verdict) => verdict === 'other_form') ? [] : [nonce],
    );
  }
}
