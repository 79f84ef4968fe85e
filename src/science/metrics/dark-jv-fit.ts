import { fitNonlinear } from '../nonlinear-least-squares.ts';
import { thinned } from '../thinned.ts';

/** A diode with series and shunt resistance in the dark. V, A and Ω, or per area. */
interface DiodeParameters {
  /** Saturation current I0. */
  saturation: number;
  /** n·kT/q, V. */
  slopeVoltage: number;
  series: number;
  shunt: number;
}

export interface DiodeFit extends DiodeParameters {
  /** One standard deviation relative to the value; Infinity if the data does not determine it. */
  relativeError: DiodeParameters;
  /**
   * Number of points at which the diode carries most of the current, before the series resistance takes over.
   */
  exponentialPoints: number;
  /** Root mean square of ln(measured/fitted). */
  residual: number;
}

/** V and A; the current is positive in the forward direction. */
export type DarkCurve = readonly (readonly [volts: number, amperes: number])[];

/** Relative accuracy of a reading, at best. */
const ACCURACY = 2e-3;
const FEWEST_POINTS = 8;
/** Corresponds to a staircase of 1 mV over more than a volt; more points take time and change nothing. */
const MOST_POINTS = 2000;
/** Starting values of the fit; the best result counts. */
const IDEALITIES = [1.2, 1.8, 2.6] as const;

/**
 * Fits I = I0·(exp((V − I·Rs)/nVt) − 1) + (V − I·Rs)/Rsh to ln|I| by Levenberg-Marquardt, with ln I0, ln nVt,
 * ln Rs and ln Rsh as parameters, so that all stay positive, and each point weighted by its accuracy: 0.2 % and
 * the noise. Undefined if there is too little data.
 *
 * @param noise A, standard deviation of a reading of zero
 */
export function fitDiode(curve: DarkCurve, noise: number, thermal: number): DiodeFit | undefined {
  // A logarithm needs a sign, and noise must not decide that sign.
  const points = thinned(
    curve.filter(([v, i]) => v * i > 0 && Math.abs(i) > 3 * noise),
    MOST_POINTS,
  );
  if (points.length < FEWEST_POINTS) return undefined;
  const sigma = points.map(([, i]) => Math.hypot(ACCURACY, noise / i));
  const weighted = (values: readonly number[]): number[] => values.map((value, k) => value / (sigma[k] ?? 1));
  const fits = IDEALITIES.flatMap((ideality) => {
    const start = firstGuess(points, ideality * thermal);
    const fit =
      start &&
      fitNonlinear({
        observed: weighted(points.map(([, i]) => Math.log(Math.abs(i)))),
        model: (p) => {
          const diode = fromLogarithms(p);
          return weighted(points.map(([v]) => Math.log(Math.abs(darkCurrent(diode, v).current))));
        },
        start: toLogarithms(start),
        min: [-120, Math.log(0.3 * thermal), Math.log(1e-4), Math.log(1e-2)],
        max: [5, Math.log(20 * thermal), Math.log(1e8), Math.log(1e15)],
      });
    return fit === undefined ? [] : [fit];
  });
  const [best] = fits.toSorted((a, b) => a.sse - b.sse);
  if (best === undefined || !Number.isFinite(best.sse)) return undefined;
  const diode = fromLogarithms(best.parameters);
  const squares = points.map(([v, i]) => Math.log(Math.abs(i / darkCurrent(diode, v).current)) ** 2);
  const error = (k: number): number => best.errors[k] ?? Number.POSITIVE_INFINITY;
  return {
    ...diode,
    relativeError: { saturation: error(0), slopeVoltage: error(1), series: error(2), shunt: error(3) },
    exponentialPoints: points.filter(([v, i]) => {
      const { junction } = darkCurrent(diode, v);
      const throughDiode = i - junction / diode.shunt;
      return throughDiode > i / 2 && i * diode.series < 3 * diode.slopeVoltage;
    }).length,
    residual: Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length),
  };
}

/**
 * Computes the current at a voltage, and the voltage of the junction behind the series resistance, by Newton's
 * method.
 */
function darkCurrent(diode: DiodeParameters, volts: number): { current: number; junction: number } {
  const { saturation, slopeVoltage, series, shunt } = diode;
  const flow = (junction: number): number =>
    saturation * Math.expm1(Math.min(junction / slopeVoltage, 600)) + junction / shunt;
  let junction = volts;
  // The function is convex, and its zero lies between 0 and the terminal voltage: a start from above always
  // converges.
  for (let i = 0; i < 200; i++) {
    const slope =
      1 +
      series * ((saturation / slopeVoltage) * Math.exp(Math.min(junction / slopeVoltage, 600)) + 1 / shunt);
    const step = (junction + series * flow(junction) - volts) / slope;
    junction -= step;
    if (Math.abs(step) < 1e-13) break;
  }
  return { current: flow(junction), junction };
}

/**
 * Estimates the shunt from the points nearest to 0 V, the diode from the point at which it takes over, and the
 * series resistance from the last point.
 */
function firstGuess(points: DarkCurve, slopeVoltage: number): DiodeParameters | undefined {
  const near = points.toSorted((a, b) => Math.abs(a[0]) - Math.abs(b[0])).slice(0, 5);
  const conductances = near.map(([v, i]) => i / v).toSorted((a, b) => a - b);
  const conductance = conductances[Math.floor(conductances.length / 2)];
  const top = points.filter(([v]) => v > 0).at(-1);
  if (conductance === undefined || conductance <= 0 || top === undefined) return undefined;
  // The first point at which the diode carries ten times the shunt's current; without such a point, the last
  // one.
  const [v, i] = points.find(([volts, amps]) => volts > 0 && amps > 10 * volts * conductance) ?? top;
  const saturation = Math.max(1e-45, i * Math.exp(-v / slopeVoltage));
  const excess = top[0] - slopeVoltage * Math.log(top[1] / saturation + 1);
  const series = Math.max(0.01 * (slopeVoltage / top[1]), excess / top[1]);
  return { saturation, slopeVoltage, series, shunt: 1 / conductance };
}

function toLogarithms({ saturation, slopeVoltage, series, shunt }: DiodeParameters): number[] {
  return [saturation, slopeVoltage, series, shunt].map(Math.log);
}

function fromLogarithms(p: readonly number[]): DiodeParameters {
  const [saturation = 0, slopeVoltage = 0, series = 0, shunt = 0] = p.map(Math.exp);
  return { saturation, slopeVoltage, series, shunt };
}
