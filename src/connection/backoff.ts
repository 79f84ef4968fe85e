export interface BackoffOptions {
  firstMs: number;
  maxMs: number;
  /** Returns a number that is uniform in [0, 1). */
  random: () => number;
  /** Returns monotonic milliseconds. */
  now: () => number;
}

/**
 * Delays between attempts to dial a dead address: doubling from `firstMs` to `maxMs`, each delay drawn between
 * half and the whole, so that several servers do not dial in step. Delays count from the failure: a later
 * caller does not wait.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;
  #notBefore = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  get waitMs(): number {
    return Math.max(0, this.#notBefore - this.#options.now());
  }

  failed(): void {
    const { firstMs, maxMs, random, now } = this.#options;
    const delay = Math.min(maxMs, firstMs * 2 ** this.#failures);
    this.#failures++;
    this.#notBefore = now() + delay * (0.5 + random() / 2);
  }

  succeeded(): void {
    this.#failures = 0;
    this.#notBefore = 0;
  }
}
