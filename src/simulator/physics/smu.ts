import type { Random } from '../random.ts';

/** Current ranges of the slow probes, A. */
const CURRENT_RANGES = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1] as const;
/** Resolution over range, the same in every range: 100 fA in 1 µA. */
const RESOLUTION = 1e-7;
const READING_NOISE = 5e-4;

/** The source-measure unit: a voltage source that is slightly off its set value, and a noisy ammeter. */
export class Smu {
  readonly #random: Random;
  readonly #compliance: number;
  readonly #resolution: number;

  /** @param compliance current limit in A; also selects the range */
  constructor(random: Random, compliance: number) {
    this.#random = random;
    this.#compliance = compliance;
    this.#resolution = RESOLUTION * (CURRENT_RANGES.find((range) => range >= compliance) ?? 1);
  }

  /** The voltage at the probes for a set value: 0.1 to 2 mV off, and measured exactly. */
  output(set: number): number {
    const deviation = this.#random.uniform(1e-4, 2e-3);
    return this.#random.next() < 0.5 ? set - deviation : set + deviation;
  }

  /** The reading of a current, A: noise of 0.05 % and one digit of the range, never beyond the compliance. */
  reading(amperes: number): number {
    const noise = this.#random.gaussian(READING_NOISE * Math.abs(amperes));
    const digit = this.#random.uniform(-this.#resolution, this.#resolution);
    return Math.min(this.#compliance, Math.max(-this.#compliance, amperes + noise + digit));
  }
}
