/**
 * Runs a measurement that is written as a generator: `yield 0.1` lets 0.1 simulated seconds pass. The code
 * after the `yield` runs at that simulated moment, under the light and temperature of that moment, no matter
 * when a client asks.
 */
export class Timeline {
  readonly #steps: Iterator<number, void>;
  readonly #reach: (seconds: number) => void;
  #next: number;
  #finishedAt: number | undefined;

  /** @param reach advances the surroundings to a moment before a step looks at them */
  constructor(start: number, steps: Iterator<number, void>, reach: (seconds: number) => void) {
    this.#next = start;
    this.#steps = steps;
    this.#reach = reach;
  }

  get finishedAt(): number | undefined {
    return this.#finishedAt;
  }

  advanceTo(seconds: number): void {
    while (this.#finishedAt === undefined && this.#next <= seconds) {
      this.#reach(this.#next);
      const step = this.#steps.next();
      if (step.done === true) this.#finishedAt = this.#next;
      else this.#next += step.value;
    }
  }
}
