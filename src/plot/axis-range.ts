export interface Range {
  min: number;
  max: number;
  /** Distance of the labelled ticks. */
  interval: number;
}

const NICE = [1, 2, 2.5, 5, 10];

/** Rounds up to the next of 1, 2, 2.5 and 5 times a power of ten. */
export function niceInterval(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = NICE.find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10;
  return clean(factor * power);
}

/**
 * Range that ends close to the data, so that little of the axis is empty, unless ticks at both ends are
 * requested.
 */
export function linearRange(low: number, high: number, ticks: number, wholeTicks = false): Range {
  const span = high - low;
  if (!(span > 0)) {
    const around = low === 0 ? 1 : Math.abs(low) / 10;
    return linearRange(low - around, high + around, ticks, wholeTicks);
  }
  const interval = niceInterval(span / ticks);
  const unit = wholeTicks ? interval : interval / 10;
  return {
    min: clean(Math.floor(low / unit + 1e-6) * unit),
    max: clean(Math.ceil(high / unit - 1e-6) * unit),
    interval,
  };
}

/** Range around positive values, to whole decades or to the next 1, 2 or 5. The interval is in decades. */
export function logRange(low: number, high: number, ticks: number, wholeTicks = false): Range {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(Math.log10(high) - 1e-9));
  const interval = Math.ceil((last - first) / ticks);
  const steps = wholeTicks || last - first < 2 ? [1] : [1, 2, 5];
  const from = steps.findLast((step) => step * 10 ** first <= low * (1 + 1e-9)) ?? 1;
  const to = steps.find((step) => step * 10 ** (last - 1) >= high * (1 - 1e-9));
  return { min: from * 10 ** first, max: to === undefined ? 10 ** last : to * 10 ** (last - 1), interval };
}

/** Multiples of the interval within the range. */
export function ticksOf({ min, max, interval }: Range): number[] {
  const first = Math.ceil(min / interval - 1e-6);
  const last = Math.floor(max / interval + 1e-6);
  return Array.from({ length: last - first + 1 }, (_, i) => clean((first + i) * interval));
}

/** Powers of ten within the range, `interval` decades apart. */
export function decadesOf({ min, max, interval }: Range): number[] {
  const [first, last] = [Math.ceil(Math.log10(min) - 1e-9), Math.floor(Math.log10(max) + 1e-9)];
  return Array.from(
    { length: Math.floor((last - first) / interval) + 1 },
    (_, i) => 10 ** (first + i * interval),
  );
}

function clean(value: number): number {
  return Number(value.toPrecision(12));
}
