/** Fractions of the step, %, between which the instrument takes its times. */
export interface Thresholds {
  readonly high: number;
  readonly low: number;
}

/** The instrument's readings from a trace, to whole samples. */
export interface Edges {
  /** s between the thresholds; 0 if the edge is faster than a sample. */
  readonly rise: number;
  readonly fall: number;
  /** Level before the pulse. */
  readonly base: number;
  /** Integral above the base from the end of the pulse on, per s. */
  readonly area: number;
}

/** @param samples indices of the pulse's begin and end */
export function evaluateTrace(
  trace: readonly number[],
  { begin, end }: { begin: number; end: number },
  dt: number,
  { high, low }: Thresholds,
): Edges {
  const base = mean(trace.slice(0, Math.max(1, begin)));
  const top = mean(trace.slice(Math.max(begin, end - 10), Math.max(end, begin + 1)));
  const share = (value: number): number => (100 * (value - base)) / (top - base);
  const after = (from: number, test: (percent: number) => boolean): number => {
    const found = trace.findIndex((value, i) => i >= from && test(share(value)));
    return found < 0 ? trace.length : found;
  };
  const rising = [after(begin, (percent) => percent >= low), after(begin, (percent) => percent >= high)];
  const falling = [after(end, (percent) => percent <= high), after(end, (percent) => percent <= low)];
  const time = ([from = 0, to = 0]: number[]): number => Math.max(0, to - from) * dt;
  return {
    rise: time(rising),
    fall: time(falling),
    base,
    area: trace.slice(end).reduce((sum, value) => sum + (value - base) * dt, 0),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
