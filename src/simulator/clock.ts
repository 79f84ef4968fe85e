/**
 * The simulator's source of time. Nothing in the simulator waits: state is advanced to `seconds()` on demand.
 */
export interface Clock {
  /** Simulated seconds since the simulator started; never decreases. */
  seconds(): number;
  /** Real time, for the time stamps in replies. */
  wallTime(): Date;
}

/** A clock that starts at 0 with this call and runs `speed` times as fast as real time. */
export function systemClock(speed: number): Clock {
  const start = performance.now();
  return {
    seconds: () => ((performance.now() - start) / 1000) * speed,
    wallTime: () => new Date(),
  };
}
