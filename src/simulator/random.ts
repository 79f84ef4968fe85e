/**
 * Seeded pseudo-random numbers (mulberry32).
 * A fork depends on the seed and its label, not on how much was drawn before: the noise of a measurement is the
 * same however often a client polled in the meantime.
 */
export class Random {
  readonly #seed: number;
  #state: number;

  constructor(seed: number) {
    this.#seed = seed >>> 0;
    this.#state = this.#seed;
  }

  /** Makes an independent stream, the same for the same seed and label. */
  fork(label: string): Random {
    let hash = this.#seed ^ 0x811c9dc5;
    for (const char of label) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
    return new Random(hash ^ (hash >>> 15));
  }

  /** A number that is uniform in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A number that is uniform in [from, to). */
  uniform(from: number, to: number): number {
    return from + (to - from) * this.next();
  }

  /** A number from the normal distribution with mean 0 and the given standard deviation (Box-Muller). */
  gaussian(sigma: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return sigma * radius * Math.cos(2 * Math.PI * this.next());
  }
}
