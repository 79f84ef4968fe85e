import { type Clock, systemClock } from '../clock.ts';

/** One look at the stage while control is on for a target. */
export interface Look {
  /** Monotonic milliseconds. */
  at: number;
  /** Undefined where the sensor gave no number. */
  celsius: number | undefined;
}

/** Facts that must be the same for one look to go on from another. */
export interface Held {
  address: number;
  channel: number;
  /** °C. */
  target: number;
}

/** Longer than the longest time for which a temperature may be asked to be stable. */
const KEPT_MS = 15 * 60_000;

/**
 * Remembers what calls that wait for a temperature have seen, so that one can go on where another ended. One per
 * process. Another target for a controller makes it forget what was seen of the last.
 */
export class StageWatch {
  readonly clock: Clock;
  readonly #seen = new Map<string, { target: number; looks: readonly Look[] }>();

  constructor(clock: Clock = systemClock) {
    this.clock = clock;
  }

  /** Adds a look made now. Returns all for that target, oldest first. */
  note(held: Held, celsius: number | undefined): readonly Look[] {
    const at = this.clock.now();
    const looks = [...this.looks(held).filter((look) => at - look.at <= KEPT_MS), { at, celsius }];
    this.#seen.set(keyOf(held), { target: held.target, looks });
    return looks;
  }

  /** Lists the looks so far, oldest first. */
  looks(held: Held): readonly Look[] {
    const seen = this.#seen.get(keyOf(held));
    return seen?.target === held.target ? seen.looks : [];
  }

  /** Control was off, or the target another: what was seen before says nothing about what comes. */
  forget(held: Omit<Held, 'target'>): void {
    this.#seen.delete(keyOf(held));
  }
}

function keyOf({ address, channel }: Omit<Held, 'target'>): string {
  return `${address}/${channel}`;
}
