import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { invert } from './linear-least-squares.ts';

export interface Problem {
  /** Target values, each divided by its uncertainty or multiplied by its weight. */
  observed: readonly number[];
  /** The same number of values, for parameters of order one: logarithms for positive quantities. */
  model: (parameters: readonly number[]) => readonly number[];
  start: readonly number[];
  min: readonly number[];
  max: readonly number[];
}

export interface NonlinearFit {
  parameters: number[];
  /**
   * One standard deviation of each parameter, from the scatter; undefined if the data does not determine it.
   */
  errors: (number | undefined)[];
  /** Sum of the squared residuals. */
  sse: number;
}

const DIFFERENCE = 1e-5;
const ROUNDS = 8;
const ITERATIONS = 25;

/** Least squares by Levenberg and Marquardt. Undefined if there are no more values than parameters. */
export function fitNonlinear({ observed, model, start, min, max }: Problem): NonlinearFit | undefined {
  if (observed.length <= start.length) return undefined;
  const x = observed.map((_, i) => i);
  const initial = start.map((value, i) => Math.min(max[i] ?? value, Math.max(min[i] ?? value, value)));
  let best = { parameters: initial, sse: sumOfSquares(observed, model(initial)) };
  // The library also takes steps that increase the residual: the loop continues from the best result so far,
  // with more damping.
  for (let round = 0; round < ROUNDS; round++) {
    const next = attempt(round % 2 === 0 ? 1e-3 : 1);
    const gain = best.sse - next.sse;
    if (gain > 0) best = next;
    if (round > 0 && !(gain > 1e-6 * best.sse)) break;
  }
  return { ...best, errors: standardErrors(model, best.parameters, best.sse, observed.length) };

  function attempt(damping: number): { parameters: number[]; sse: number } {
    try {
      const { parameterValues, parameterError } = levenbergMarquardt(
        { x, y: [...observed] },
        (trial) => {
          const values = model(trial);
          return (i) => values[i] ?? 0;
        },
        {
          initialValues: best.parameters,
          minValues: [...min],
          maxValues: [...max],
          damping,
          gradientDifference: DIFFERENCE,
          centralDifference: true,
          maxIterations: ITERATIONS,
          errorTolerance: 1e-28,
        },
      );
      return { parameters: parameterValues, sse: parameterError };
    } catch {
      // If the library cannot invert a matrix, this attempt found nothing.
      return { parameters: best.parameters, sse: Number.POSITIVE_INFINITY };
    }
  }
}

function sumOfSquares(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0);
}

function standardErrors(
  model: Problem['model'],
  parameters: readonly number[],
  sse: number,
  count: number,
): (number | undefined)[] {
  const slopes = parameters.map((value, k) => {
    const [up, down] = [DIFFERENCE, -DIFFERENCE].map((by) => model(parameters.with(k, value + by)));
    return (up ?? []).map((y, i) => (y - (down?.[i] ?? 0)) / (2 * DIFFERENCE));
  });
  const covariance = invert(
    slopes.map((a) => slopes.map((b) => a.reduce((sum, y, i) => sum + y * (b[i] ?? 0), 0))),
  );
  const variance = sse / (count - parameters.length);
  return parameters.map((_, k) => {
    const own = covariance?.[k]?.[k];
    return own === undefined || own < 0 ? undefined : Math.sqrt(own * variance);
  });
}
