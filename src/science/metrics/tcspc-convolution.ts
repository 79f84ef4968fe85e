export interface Decays {
  /** Counts per bin at the beginning of a decay. */
  amplitudes: readonly number[];
  /** ns. */
  lifetimes: readonly number[];
  /** Number of bins by which the response comes later than it was measured. */
  shift: number;
  /** ns. */
  resolution: number;
}

/**
 * Convolves exponential decays with the instrument response, wrapped around a period of as many bins as the
 * response has: the remainder of one pulse at the end of the period is still present at the next one. The
 * result is exact for a decay sampled at the bins, and takes time linear in their number: each bin is the one
 * before it, decayed, plus the response.
 */
export function convolvedDecays(
  irf: readonly number[],
  { amplitudes, lifetimes, shift, resolution }: Decays,
): number[] {
  const bins = irf.length;
  const response = shifted(irf, shift);
  const total = response.reduce((sum, value) => sum + value, 0);
  const curve = Array.from({ length: bins }, () => 0);
  if (total <= 0) return curve;
  for (const [k, amplitude] of amplitudes.entries()) {
    const kept = Math.exp(-resolution / (lifetimes[k] ?? 1));
    let value = response.reduce((left, now) => left * kept + now, 0) / (1 - kept ** bins);
    for (let i = 0; i < bins; i++) {
      value = value * kept + (response[i] ?? 0);
      curve[i] = (curve[i] ?? 0) + (amplitude * value) / total;
    }
  }
  return curve;
}

/** Shifts values by a fraction of bins, around the period, interpolated linearly. */
function shifted(values: readonly number[], by: number): number[] {
  const bins = values.length;
  const whole = Math.floor(by);
  const part = by - whole;
  const at = (i: number): number => values[((i % bins) + bins) % bins] ?? 0;
  return values.map((_, i) => (1 - part) * at(i - whole) + part * at(i - whole - 1));
}
