import { setImmediate as turn } from 'node:timers/promises';
import { type Clock, systemClock } from '../../src/clock.ts';

/** Nobody polls so seldom: such a pause limits how long something real is waited for, as the disk. */
const LIMIT_MS = 10_000;

/** A clock on which waiting takes no time: each pause moves it on, after what the sockets have brought by then. */
export class WarpClock implements Clock {
  #now = 0;

  now(): number {
    return this.#now;
  }

  async pause(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms > LIMIT_MS) return systemClock.pause(ms, signal);
    await turn();
    this.#now += ms;
  }
}
