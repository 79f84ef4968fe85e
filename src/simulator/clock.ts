/** Where the simulator gets its time from. Nothing in it waits: state is advanced to `seconds()` on demand. */
export interface Clock {
  /** Simulated seconds since the simulator started; never decreases. */
  seconds(): number;
  /** Real time, for the time stamps in replies. */
  wallTime(): Date;
}

/** Real time since this call, `speed` times as fast. */
export function systemClock(speed: number): Clock {
  const start = performance.now();
  return {
    seconds: () => ((performance.now() - start) / 1000) * speed,
    wallTime: () => new Date(),
  };
}
