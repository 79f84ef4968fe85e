import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { invert } from '../linear-least-squares.ts';
import { convolvedDecays } from './tcspc-convolution.ts';
import { startingLifetimes } from './tcspc-start.ts';

/** Counts in evenly spaced bins. */
export interface Histogram {
  counts: readonly number[];
  /** Width of a bin, ns. */
  resolution: number;
}

/** Range of the fit. Times are in ns from the left edge of the first bin. */
export interface FitRange {
  /** The instrument response, on the same bins, any scale; undefined for a fit of the tail alone. */
  irf: readonly number[] | undefined;
  /** First bin of a tail fit. */
  from: number;
  /** The time to which the amplitudes refer, for a tail fit. */
  timeZero: number;
}

/** Background + Σ amplitude·e^(−t/lifetime), faster components first. */
export interface DecayFit {
  /** Counts per bin at time zero, for one pulse: the remainder of the pulses before is subtracted. */
  amplitudes: number[];
  /** ns. */
  lifetimes: number[];
  /** Counts per bin. */
  background: number;
  /** Shift of the response, ns; 0 for a tail fit. */
  shift: number;
  chiSquare: number;
  degreesOfFreedom: number;
  /** One standard deviation of a figure computed from amplitudes and lifetimes. */
  uncertaintyOf: (figure: (amplitudes: readonly number[], lifetimes: readonly number[]) => number) => number;
}

/** Number of iterations of the weights, which follow the model. */
const ROUNDS = 5;
const ITERATIONS = 8;
/** Counts: below it the weight of an empty bin would grow without limit. */
const LEAST_EXPECTED = 0.1;
/** Largest shift of the response, in bins. */
const LARGEST_SHIFT = 40;

/**
 * Fits one or two exponentials by least squares, each bin weighted by the variance that the model itself
 * predicts there (Pearson), iterated: that converges to the Poisson maximum likelihood, while weights from the
 * counts (Neyman) pull bins with few counts down. Without a response the tail alone is fitted; with one, the
 * response convolved with the decay, over the whole period, around which it is wrapped.
 * Undefined if there is nothing to fit.
 */
export function fitDecay(
  { counts, resolution }: Histogram,
  { irf, from, timeZero }: FitRange,
  components: 1 | 2,
): DecayFit | undefined {
  const bins = counts.length;
  const first = irf === undefined ? from : 0;
  const y = counts.slice(first);
  const scale = y.reduce((most, count) => Math.max(most, count), 0);
  const tail = counts.slice(from);
  const start = startingLifetimes(tail, resolution, components);
  if (start === undefined || scale === 0 || y.length <= 2 * components + 2) return undefined;

  // All parameters are of order one: background and amplitudes over the largest count, logarithms of the
  // lifetimes.
  const amplitudesAt = irf === undefined ? start.amplitudes : start.amplitudes.map((a) => a * 1.1);
  const initial = [
    start.background / scale,
    ...amplitudesAt.map((a) => a / scale),
    ...start.lifetimes.map((tau) => Math.log(tau)),
    ...(irf === undefined ? [] : [0]),
  ];
  const read = (p: readonly number[]) => ({
    background: (p[0] ?? 0) * scale,
    amplitudes: p.slice(1, 1 + components).map((a) => a * scale),
    lifetimes: p.slice(1 + components, 1 + 2 * components).map((logarithm) => Math.exp(logarithm)),
    shift: p[1 + 2 * components] ?? 0,
  });
  const curve = (p: readonly number[]): number[] => {
    const { background, amplitudes, lifetimes, shift } = read(p);
    if (irf !== undefined) {
      return convolvedDecays(irf, { amplitudes, lifetimes, shift, resolution }).map((v) => v + background);
    }
    return y.map((_, i) =>
      amplitudes.reduce(
        (sum, a, k) => sum + a * Math.exp((-i * resolution) / (lifetimes[k] ?? 1)),
        background,
      ),
    );
  };

  const logarithms = [Math.log(resolution / 2), Math.log(20 * bins * resolution)] as const;
  const bounds = (low: number, tau: number, move: number): number[] => [
    low,
    ...start.amplitudes.map(() => low),
    ...start.lifetimes.map(() => tau),
    ...(irf === undefined ? [] : [move]),
  ];
  const x = y.map((_, i) => i);
  const improved = (previous: readonly number[], means: readonly number[]): number[] | undefined => {
    // The weights are applied here: the fit's own `weights` option takes wrong steps unless all are the same.
    const sigma = means.map((mean) => Math.sqrt(Math.max(mean, LEAST_EXPECTED)));
    try {
      return levenbergMarquardt(
        { x, y: y.map((count, i) => count / (sigma[i] ?? 1)) },
        (p) => {
          const values = curve(p);
          return (i) => (values[i] ?? 0) / (sigma[i] ?? 1);
        },
        {
          initialValues: previous,
          minValues: bounds(0, logarithms[0], -LARGEST_SHIFT),
          maxValues: bounds(100, logarithms[1], LARGEST_SHIFT),
          maxIterations: ITERATIONS,
          gradientDifference: initial.map(() => 1e-4),
          centralDifference: true,
        },
      ).parameterValues;
    } catch {
      // If the matrix cannot be inverted, the data does not determine the parameters.
      return undefined;
    }
  };
  let parameters = initial;
  let expected = irf === undefined ? curve(initial) : y.map((count) => count + 1);
  for (let round = 0; round < ROUNDS; round++) {
    const next = improved(parameters, expected);
    if (next === undefined) return undefined;
    parameters = next;
    expected = curve(parameters);
  }
  if (parameters.some((value) => !Number.isFinite(value))) return undefined;

  const chiSquare = y.reduce((sum, count, i) => {
    const mean = Math.max(expected[i] ?? 0, LEAST_EXPECTED);
    return sum + (count - mean) ** 2 / mean;
  }, 0);
  const period = bins * resolution;
  // A tail contains the remainder of all pulses before; the convolution already accounts for that.
  const single = (a: number, tau: number): number =>
    irf === undefined ? a * Math.exp((from * resolution - timeZero) / tau) * -Math.expm1(-period / tau) : a;
  const figures = (p: readonly number[]) => {
    const { amplitudes, lifetimes, ...rest } = read(p);
    const sorted = amplitudes
      .map((a, i) => ({ a: single(a, lifetimes[i] ?? 1), tau: lifetimes[i] ?? 1 }))
      .toSorted((one, other) => one.tau - other.tau);
    return { ...rest, amplitudes: sorted.map(({ a }) => a), lifetimes: sorted.map(({ tau }) => tau) };
  };
  const covariance = covarianceOf(curve, parameters, expected);
  return {
    ...figures(parameters),
    shift: read(parameters).shift * resolution,
    chiSquare,
    degreesOfFreedom: y.length - parameters.length,
    uncertaintyOf: (figure) => {
      const at = (p: readonly number[]): number => {
        const { amplitudes, lifetimes } = figures(p);
        return figure(amplitudes, lifetimes);
      };
      return spread(at, parameters, covariance);
    },
  };
}

const STEP = 1e-4;

function moved(parameters: readonly number[], index: number, by: number): number[] {
  return parameters.map((value, i) => (i === index ? value + by : value));
}

/** Inverse of the Fisher information of counts with the expected means. */
function covarianceOf(
  curve: (p: readonly number[]) => number[],
  parameters: readonly number[],
  expected: readonly number[],
): number[][] | undefined {
  const slopes = parameters.map((_, k) => {
    const [above, below] = [curve(moved(parameters, k, STEP)), curve(moved(parameters, k, -STEP))];
    return above.map((value, i) => (value - (below[i] ?? 0)) / (2 * STEP));
  });
  return invert(
    slopes.map((a) =>
      slopes.map((b) =>
        a.reduce(
          (sum, value, i) => sum + (value * (b[i] ?? 0)) / Math.max(expected[i] ?? 0, LEAST_EXPECTED),
          0,
        ),
      ),
    ),
  );
}

function spread(
  at: (p: readonly number[]) => number,
  parameters: readonly number[],
  covariance: readonly (readonly number[])[] | undefined,
): number {
  if (covariance === undefined) return Number.NaN;
  const slopes = parameters.map(
    (_, k) => (at(moved(parameters, k, STEP)) - at(moved(parameters, k, -STEP))) / (2 * STEP),
  );
  const variance = covariance.reduce(
    (sum, row, i) =>
      sum + row.reduce((inner, value, k) => inner + (slopes[i] ?? 0) * value * (slopes[k] ?? 0), 0),
    0,
  );
  return Math.sqrt(variance);
}
