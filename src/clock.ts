import { setTimeout as sleep } from 'node:timers/promises';

/** Time that is passed in: what waits, and what has a time limit, reads this clock and no other. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Resolves after that time, or as soon as the signal aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  // The only thing it rejects for is the signal, and whoever waits looks at that.
  pause: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
};
