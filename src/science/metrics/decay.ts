import { fitLine } from '../interpolate.ts';
import { median } from '../median.ts';
import { fitNonlinear } from '../nonlinear-least-squares.ts';
import { thinned } from '../thinned.ts';

/** The falling part of a response to a pulse. */
export interface Decay {
  /** Final level: the median of the last tenth. */
  base: number;
  /** Initial level minus base; negative for a dip. */
  step: number;
  /** Standard deviation of a sample, from the last tenth. */
  noise: number;
  /** The samples from the last one near the top on, minus base and divided by step: from about 1 to 0. */
  samples: number[];
  /** Number of samples between the top and samples[0]. */
  lead: number;
}

/** Least step, in standard deviations. */
const LEAST_STEP = 5;
const NEAR_TOP = 0.9;
const EARLY = 0.6;
const FEWEST = 20;
/** Largest number of samples that are fitted; more take time and change nothing. */
const MOST_SAMPLES = 10_000;

/** Finds the decay in a trace; undefined if nothing stands out of the noise. */
export function findDecay(trace: readonly number[]): Decay | undefined {
  if (trace.length < FEWEST) return undefined;
  const tail = trace.slice(-Math.max(5, Math.floor(trace.length / 10)));
  const base = median(tail);
  const noise = 1.4826 * median(tail.map((value) => Math.abs(value - base)));
  const rest = trace.map((value) => value - base);
  const ordered = rest.toSorted((a, b) => a - b);
  const edge = Math.floor(trace.length / 100);
  const [lowest, highest] = [ordered[edge] ?? 0, ordered.at(-1 - edge) ?? 0];
  const step = highest > -lowest ? highest : lowest;
  if (!(Math.abs(step) > LEAST_STEP * noise) || step === 0) return undefined;
  const shares = rest.map((value) => value / step);
  const samples = shares.slice(shares.findLastIndex((share) => share >= NEAR_TOP));
  return { base, step, noise, samples, lead: leadOf(samples) };
}

/** Extrapolates the first part of the decay exponentially back to 1; 0 if too few samples show it. */
function leadOf(samples: readonly number[]): number {
  const end = samples.findIndex((share) => share < EARLY);
  const line = end < 2 ? undefined : fitLine(samples.slice(0, end).map((share, i) => [i, Math.log(share)]));
  return line === undefined || line.slope >= 0 ? 0 : Math.max(0, line.intercept / line.slope);
}

/** Time in which the decay falls to 1/e, by interpolation; undefined if it does not fall so far. */
export function timeToOneOverE({ samples, lead }: Decay, dt: number): number | undefined {
  const goal = 1 / Math.E;
  const i = samples.findIndex((value) => value < goal);
  const [before, after] = [samples[i - 1], samples[i]];
  if (before === undefined || after === undefined) return undefined;
  return dt * (lead + i - 1 + (before - goal) / (before - after));
}

/** τ of base + step·exp(−t/τ), in the unit of `dt`, with its standard deviation. */
export function fitExponential(decay: Decay, dt: number): { tau: number; error: number } | undefined {
  const guess = timeToOneOverE(decay, dt);
  if (guess === undefined || decay.samples.length < FEWEST) return undefined;
  // After that time only the base is left, and leaving it out makes the fit faster.
  const shown = decay.samples.slice(0, Math.max(100, Math.ceil((30 * guess) / dt)));
  const points = thinned([...shown.entries()], MOST_SAMPLES);
  const lnGuess = Math.log(guess / dt);
  const fit = fitNonlinear({
    observed: points.map(([, share]) => share),
    model: ([top = 1, lnTau = 0, rest = 0]) =>
      points.map(([i]) => rest + top * Math.exp(-i / Math.exp(lnTau))),
    start: [1, lnGuess, 0],
    min: [0, lnGuess - 3, -1],
    max: [3, lnGuess + 3, 1],
  });
  const [, lnTau] = fit?.parameters ?? [];
  const relative = fit?.errors[1];
  if (lnTau === undefined || relative === undefined) return undefined;
  const tau = dt * Math.exp(lnTau);
  return { tau, error: relative * tau };
}
