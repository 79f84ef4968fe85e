import { fitLinear } from '../linear-least-squares.ts';

export interface StartingValues {
  background: number;
  amplitudes: number[];
  lifetimes: number[];
}

/** Number of bins that shows two lifetimes and still allows many trials. */
const COARSE_BINS = 250;
const LIFETIMES = 16;

/**
 * Starting values for a fit of a decaying tail: from a grid of lifetimes, those for which background and
 * amplitudes, which are linear, fit best without being negative. Undefined if none does, as for a histogram
 * that does not decay.
 */
export function startingLifetimes(
  tail: readonly number[],
  resolution: number,
  components: 1 | 2,
): StartingValues | undefined {
  const size = Math.max(1, Math.floor(tail.length / COARSE_BINS));
  const coarse = Array.from({ length: Math.floor(tail.length / size) }, (_, i) =>
    tail.slice(i * size, (i + 1) * size).reduce((sum, count) => sum + count, 0),
  );
  if (coarse.length < 8) return undefined;
  const width = size * resolution;
  const weights = coarse.map((count) => 1 / (count + 1));
  const span = coarse.length * width;
  const grid = Array.from(
    { length: LIFETIMES },
    (_, i) => 2 * resolution * (span / (2 * resolution)) ** (i / (LIFETIMES - 1)),
  );
  // Mean of the exponential over a coarse bin.
  const decay = (tau: number): number[] =>
    coarse.map((_, i) => ((Math.exp((-i * width) / tau) * tau) / width) * -Math.expm1(-width / tau));
  const candidates =
    components === 1
      ? grid.map((tau) => [tau])
      : grid.flatMap((fast, i) => grid.slice(i + 1).map((slow) => [fast, slow]));
  const flat = coarse.map(() => 1);

  let best: StartingValues | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const lifetimes of candidates) {
    const basis = [flat, ...lifetimes.map(decay)];
    const coefficients = fitLinear(basis, coarse, weights)?.coefficients;
    if (coefficients === undefined) continue;
    const [background = 0, ...amplitudes] = coefficients.map((value) => value / size);
    if (amplitudes.some((a) => a <= 0)) continue;
    const misfit = coarse.reduce((sum, count, i) => {
      const model = coefficients.reduce((total, c, k) => total + c * (basis[k]?.[i] ?? 0), 0);
      return sum + (count - model) ** 2 * (weights[i] ?? 0);
    }, 0);
    if (misfit >= least) continue;
    least = misfit;
    best = { background: Math.max(0, background), amplitudes, lifetimes };
  }
  return best;
}
