import type { Random } from '../random.ts';
import { GEOMETRIC_CAPACITANCE } from './impedance.ts';
import { SHORT_RESISTANCE } from './probe.ts';
import type { Pixel } from './sample.ts';

/** A light pulse in the recorded window, s. */
export interface Pulse {
  readonly start: number;
  readonly end: number;
}

/** Exponential components of a signal, each with its time constant in s; the weights add up to 1. */
export type Components = readonly { readonly weight: number; readonly tau: number }[];

/** Extraction at short circuit: most of the charge at once, some of it late. */
export const EXTRACTION: Components = [
  { weight: 0.85, tau: 0.6e-6 },
  { weight: 0.15, tau: 5e-6 },
];

/** Small-perturbation recombination lifetime in s: 5 µs at one sun, τ = 5 µs·suns^−0.6. */
function recombinationTime(suns: number): number {
  return 5e-6 * suns ** -0.6;
}

/**
 * Lifetime in s of the photovoltage at the terminals. A short discharges the electrodes before anything
 * recombines: 2 Ω and a few nF make about 10 ns.
 */
export function photovoltageTime(pixels: readonly Pixel[], suns: number): number {
  const recombination = recombinationTime(suns);
  if (!pixels.some(({ contact }) => contact === 'shorted')) return recombination;
  const area = pixels.reduce((sum, { cell }) => sum + cell.area, 0);
  return 1 / (1 / recombination + 1 / (SHORT_RESISTANCE * GEOMETRIC_CAPACITANCE * area));
}

/** The response to a light pulse at a moment in s, normalised to 1 at the end of a long pulse. */
function pulseResponse(components: Components, { start, end }: Pulse, time: number): number {
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
