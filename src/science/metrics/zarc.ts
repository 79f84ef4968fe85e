import { largest, smallest } from '../extremes.ts';
import { fitLinear } from '../linear-least-squares.ts';
import { fitNonlinear } from '../nonlinear-least-squares.ts';

/** One point of a spectrum: Hz, Ω, Ω; `im` is negative for a capacitor. */
export interface ImpedancePoint {
  frequency: number;
  re: number;
  im: number;
}

/** A value and its relative standard deviation, undefined if the data does not determine it. */
export interface Estimate {
  value: number;
  relativeError: number | undefined;
}

/** R ∥ CPE: an arc of diameter R in Ω, centred τ in s, depressed by α < 1. */
interface Arc {
  resistance: Estimate;
  tau: Estimate;
  /** The error of α is absolute. */
  alpha: { value: number; error: number | undefined };
}

export interface ZarcFit {
  /** Ω, the intercept at high frequency. */
  seriesResistance: Estimate;
  /** Arcs from high to low frequency. */
  arcs: Arc[];
  /** Sum of the arcs' resistances and the series resistance, Ω. */
  total: Estimate;
  /** Root mean square of |Z − fit|/|Z|. */
  residual: number;
}

/**
 * Improvement of the residual that justifies a further arc, as an F value of 3 parameters (99.99 % and more).
 */
const F_LIMIT = 8;
/** Below this relative residual nothing is left to explain. */
const SMALL_RESIDUAL = 1e-4;
const STARTS = 3;
/**
 * If the peak of an arc lies outside the measured frequencies by more than this factor, its size is
 * undetermined.
 */
const REACH = 3;
const ALPHA = { min: 0.4, start: 0.92, max: 1 };

/**
 * Fits Z = Rs + Σ R/(1 + (jωτ)^α) with as few arcs as the data demands, two at most, by complex least squares
 * weighted with 1/|Z|². Undefined for fewer than 4 points.
 */
export function fitZarcs(points: readonly ImpedancePoint[]): ZarcFit | undefined {
  const usable = points.filter(
    ({ frequency, re, im }) =>
      frequency > 0 && Number.isFinite(re) && Number.isFinite(im) && re * re + im * im > 0,
  );
  if (usable.length < 4) return undefined;
  const spectrum = weigh(usable);
  let chosen = fitArcs(spectrum, 0);
  for (const count of [1, 2]) {
    const next = fitArcs(spectrum, count);
    if (chosen === undefined || next === undefined || !demanded(chosen, next, spectrum)) break;
    chosen = next;
  }
  return chosen === undefined ? undefined : describe(chosen, spectrum);
}

interface Spectrum {
  omega: number[];
  weights: number[];
  /** Re, then Im, each divided by |Z|. */
  observed: number[];
  scale: number;
}

interface Candidate {
  /** ln(Rs/scale), then ln(R/scale), ln τ and α of each arc. */
  parameters: number[];
  errors: (number | undefined)[];
  sse: number;
}

function weigh(points: readonly ImpedancePoint[]): Spectrum {
  const weights = points.map(({ re, im }) => 1 / Math.hypot(re, im));
  const weighted = (values: number[]): number[] => values.map((value, i) => value * (weights[i] ?? 0));
  return {
    omega: points.map(({ frequency }) => 2 * Math.PI * frequency),
    weights,
    observed: [...weighted(points.map(({ re }) => re)), ...weighted(points.map(({ im }) => im))],
    scale: 1 / smallest(weights),
  };
}

/** 1/(1 + (jωτ)^α), weighted: real parts, then imaginary parts. */
function arcShape({ omega, weights }: Spectrum, tau: number, alpha: number): number[] {
  const [cos, sin] = [Math.cos((alpha * Math.PI) / 2), Math.sin((alpha * Math.PI) / 2)];
  const sizes = omega.map((w) => (w * tau) ** alpha);
  const denominators = sizes.map((x) => 1 + 2 * x * cos + x * x);
  return [
    ...sizes.map((x, i) => ((weights[i] ?? 0) * (1 + x * cos)) / (denominators[i] ?? 1)),
    ...sizes.map((x, i) => (-(weights[i] ?? 0) * x * sin) / (denominators[i] ?? 1)),
  ];
}

function seriesShape({ weights }: Spectrum): number[] {
  return [...weights, ...weights.map(() => 0)];
}

function modelOf(spectrum: Spectrum): (parameters: readonly number[]) => number[] {
  const series = seriesShape(spectrum);
  return ([first = 0, ...rest]) => {
    const values = series.map((value) => value * spectrum.scale * Math.exp(first));
    for (let k = 0; k + 2 < rest.length; k += 3) {
      const [lnR = 0, lnTau = 0, alpha = 1] = rest.slice(k, k + 3);
      const resistance = spectrum.scale * Math.exp(lnR);
      for (const [i, value] of arcShape(spectrum, Math.exp(lnTau), alpha).entries())
        values[i] = (values[i] ?? 0) + resistance * value;
    }
    return values;
  };
}

function fitArcs(spectrum: Spectrum, count: number): Candidate | undefined {
  const [slow, fast] = [smallest(spectrum.omega), largest(spectrum.omega)];
  const [shortest, longest] = [Math.log(0.02 / fast), Math.log(50 / slow)];
  const least = Math.log(1e-8);
  const fits = startsFor(spectrum, count, [Math.log(0.3 / fast), Math.log(3 / slow)]).flatMap((start) => {
    const arcs = Array.from({ length: count });
    const fit = fitNonlinear({
      observed: spectrum.observed,
      model: modelOf(spectrum),
      start,
      min: [least, ...arcs.flatMap(() => [least, shortest, ALPHA.min])],
      max: [1, ...arcs.flatMap(() => [7, longest, ALPHA.max])],
    });
    return fit === undefined ? [] : [fit];
  });
  return fits.toSorted((a, b) => a.sse - b.sse)[0];
}

/**
 * Makes starting values. The resistances are linear once the time constants are given: the best points of a
 * grid of time constants are used.
 */
function startsFor(
  spectrum: Spectrum,
  count: number,
  [from, to]: readonly [lnTau: number, lnTau: number],
): number[][] {
  const grid = Array.from({ length: 9 }, (_, i) => from + ((to - from) * i) / 8);
  const choices =
    count === 0
      ? [[]]
      : count === 1
        ? grid.map((a) => [a])
        : grid.flatMap((a, i) => grid.slice(i + 1).map((b) => [a, b]));
  return choices
    .flatMap((taus) => {
      const basis = [
        seriesShape(spectrum),
        ...taus.map((lnTau) => arcShape(spectrum, Math.exp(lnTau), ALPHA.start)),
      ];
      const fit = fitLinear(basis, spectrum.observed);
      if (fit === undefined) return [];
      const ln = fit.coefficients.map((value) => Math.log(Math.max(value / spectrum.scale, 1e-4)));
      const start = [ln[0] ?? 0, ...taus.flatMap((lnTau, k) => [ln[k + 1] ?? 0, lnTau, ALPHA.start])];
      const values = modelOf(spectrum)(start);
      const sse = spectrum.observed.reduce((sum, y, i) => sum + (y - (values[i] ?? 0)) ** 2, 0);
      return [{ start, sse }];
    })
    .toSorted((a, b) => a.sse - b.sse)
    .slice(0, STARTS)
    .map(({ start }) => start);
}

function demanded(simple: Candidate, complex: Candidate, { observed }: Spectrum): boolean {
  const free = observed.length - complex.parameters.length;
  if (free < 3 || Math.sqrt(simple.sse / observed.length) < SMALL_RESIDUAL) return false;
  const f = (simple.sse - complex.sse) / 3 / (complex.sse / free);
  const taus = complex.parameters.filter((_, i) => i > 0 && i % 3 === 2);
  const apart = taus.length < 2 || Math.abs((taus[0] ?? 0) - (taus[1] ?? 0)) > Math.log(1.5);
  return f > F_LIMIT && apart;
}

function describe({ parameters, errors, sse }: Candidate, { omega, scale, observed }: Spectrum): ZarcFit {
  const [slowest, fastest] = [smallest(omega) / REACH, largest(omega) * REACH];
  const resistance = (i: number): Estimate => ({
    value: scale * Math.exp(parameters[i] ?? 0),
    relativeError: errors[i],
  });
  const unknown = (estimate: Estimate): Estimate => ({ ...estimate, relativeError: undefined });
  const arcs = Array.from({ length: (parameters.length - 1) / 3 }, (_, k): Arc => {
    const at = 1 + 3 * k;
    const tau = { value: Math.exp(parameters[at + 1] ?? 0), relativeError: errors[at + 1] };
    const seen = 1 / tau.value >= slowest && 1 / tau.value <= fastest;
    return {
      resistance: seen ? resistance(at) : unknown(resistance(at)),
      tau: seen ? tau : unknown(tau),
      alpha: { value: parameters[at + 2] ?? 1, error: errors[at + 2] },
    };
  }).toSorted((a, b) => a.tau.value - b.tau.value);
  const covered = arcs.some(({ tau }) => 1 / tau.value > fastest);
  const seriesResistance = covered ? unknown(resistance(0)) : resistance(0);
  return {
    seriesResistance,
    arcs,
    total: sumOf([seriesResistance, ...arcs.map((arc) => arc.resistance)]),
    residual: Math.sqrt((2 * sse) / observed.length),
  };
}

function sumOf(parts: readonly Estimate[]): Estimate {
  const value = parts.reduce((sum, part) => sum + part.value, 0);
  const error = Math.hypot(...parts.map((part) => part.value * (part.relativeError ?? Number.NaN)));
  return { value, relativeError: Number.isFinite(error) ? error / value : undefined };
}
