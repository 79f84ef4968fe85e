import type { Bench } from '../bench.ts';
import type { Random } from '../random.ts';
import type { Measurement, MeasurementStart } from './program.ts';

/**
 * Takes a reading. `elapsed` is the time since the last one, s; `random` is for the noise of this reading
 * alone.
 */
export type TakeReading = (elapsed: number, random: Random) => void;

/**
 * A measurement that reads at a steady rate until it is stopped, and keeps only the latest point.
 * After a long pause between requests only a few points are computed; the noise of each depends on its number
 * alone, not on earlier requests.
 */
export class LiveMeasurement implements Measurement {
  readonly #bench: Bench;
  readonly #start: MeasurementStart;
  readonly #period: number;
  readonly #read: TakeReading;
  #taken = -1;

  /** @param period s between readings */
  constructor(bench: Bench, start: MeasurementStart, period: number, read: TakeReading) {
    this.#bench = bench;
    this.#start = start;
    this.#period = period;
    this.#read = read;
  }

  readonly finishedAt = undefined;
  /** Always 0: a live measurement has no end. */
  readonly percent = 0;

  /** Progress. Undocumented for live measurements. */
  progress(): unknown {
    return null;
  }

  advanceTo(seconds: number): void {
    // The small addition keeps a time that is a sum of periods from falling short by rounding.
    const due = Math.floor((seconds - this.#start.time) / this.#period + 1e-9);
    // Everything since the last request happened right after that request: near that moment every reading
    // counts, later few do.
    for (let ahead = 1; this.#taken < due; ahead *= 2) {
      const next = this.#taken < 0 ? 0 : Math.min(due, this.#taken + ahead);
      const elapsed = this.#taken < 0 ? 0 : (next - this.#taken) * this.#period;
      this.#taken = next;
      this.#bench.advanceTo(this.#start.time + next * this.#period);
      this.#read(elapsed, this.#start.random.fork(`reading ${next}`));
    }
  }
}
