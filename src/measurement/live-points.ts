import type { ProgressReading } from '../instrument/progress.ts';
import type { RunProgress } from './run/run-progress.ts';

/** One point of a curve, as the status showed it while it was measured. */
export interface LivePoint {
  /** Direction of its scan: "forward". */
  readonly scan: string | undefined;
  /** Combination of a sweep that it belongs to, from 1. */
  readonly run: number | undefined;
  /** How many points the instrument had done. */
  readonly done: number | undefined;
  /** The stepped value first, then what was read there. */
  readonly at: readonly ProgressReading[];
}

/**
 * Maximum number of kept points. Beyond it only every second, fourth … point is kept: the curve stays whole and even,
 * and memory flat.
 */
const MOST = 2000;

/**
 * The points of a running measurement, from the progress that its status shows. A status is asked for less often than
 * points are measured, so that these are some of them; the data has all.
 */
export class LivePoints {
  #points: LivePoint[] = [];
  /** Every so many points one is kept. */
  #stride = 1;
  #count = 0;
  #last: LivePoint | undefined;

  /** Oldest first; the newest is always among them. */
  get all(): readonly LivePoint[] {
    const last = this.#last;
    return last === undefined || this.#points.at(-1) === last ? this.#points : [...this.#points, last];
  }

  /** Adds the point that a progress shows, and returns it; undefined where it shows none, or the one that came last. */
  add({ routine }: RunProgress): LivePoint | undefined {
    // A single value only says where it is.
    if (routine === undefined || routine.at.length < 2) return undefined;
    const { scan, done, at } = routine;
    const point: LivePoint = { scan, run: routine.run?.number, done, at };
    const last = this.#last;
    if (last !== undefined && last.done === done && last.run === point.run && done !== undefined)
      return undefined;
    this.#last = point;
    if (this.#count++ % this.#stride === 0) this.#points.push(point);
    if (this.#points.length >= MOST) {
      this.#points = this.#points.filter((_, i) => i % 2 === 0);
      this.#stride *= 2;
    }
    return point;
  }
}
