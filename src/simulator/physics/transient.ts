import type { Random } from '../random.ts';

/** A light pulse in the recorded window, s. */
export interface Pulse {
  readonly start: number;
  readonly end: number;
}

/** Parts of a signal with a time constant each, s; the weights add up to 1. */
export type Components = readonly { readonly weight: number; readonly tau: number }[];

/** Extraction at short circuit: most of the charge at once, some of it late. */
export const EXTRACTION: Components = [
  { weight: 0.85, tau: 0.6e-6 },
  { weight: 0.15, tau: 5e-6 },
];

/** Small-perturbation recombination lifetime in s: 5 µs at one sun, τ = 5 µs·suns^−0.6. */
export function recombinationTime(suns: number): number {
  return 5e-6 * suns ** -0.6;
}

/** The answer to a light pulse at a moment in s, 1 where a long pulse would end. */
export function pulseResponse(components: Components, { start, end }: Pulse, time: number): number {
  return components.reduce((sum, { weight, tau }) => {
    if (time <= start) return sum;
    const charged = -Math.expm1(-(Math.min(time, end) - start) / tau);
    return sum + weight * charged * Math.exp(-Math.max(0, time - end) / tau);
  }, 0);
}

/** Samples of `base + step·response` at 0, dt, 2·dt, …, each with noise. */
export function transient(
  { base, step, components, pulse }: { base: number; step: number; components: Components; pulse: Pulse },
  { points, dt, noise, random }: { points: number; dt: number; noise: number; random: Random },
): number[] {
  return Array.from(
    { length: points },
    (_, i) => base + step * pulseResponse(components, pulse, i * dt) + random.gaussian(noise),
  );
}
