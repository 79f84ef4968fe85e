import { type Cell, type Conditions, diodeOf } from './device.ts';
import { currentDensity } from './diode.ts';

export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** F/cm²: capacitance of the electrodes and the film between them. */
export const GEOMETRIC_CAPACITANCE = 4.5e-8;
/** Exponent of the fast arc; 1 would be an ideal capacitor. */
const DISPERSION = 0.92;
/** Fraction of the recombination resistance that belongs to the slow, ionic arc. */
const IONIC_SHARE = 0.3;
/** s: time constant of the slow arc. */
const IONIC_TIME = 1;

/** The small-signal response of a cell at a bias: Ω and s of the whole cell. */
export interface SmallSignal {
  readonly seriesResistance: number;
  readonly arcs: readonly { readonly resistance: number; readonly tau: number; readonly alpha: number }[];
}

/**
 * Computes the response of the cell at a bias in V, with ions that cost no photocurrent. With g = J_rec/(nVt) +
 * 1/Rsh, where J_rec is the diode current at the junction, R = 1/(g·A): the two arcs and the series resistance
 * add up to −dV/dI of the JV.
 * A sine that is not small against nVt averages over the exponential: its fundamental current is that of a
 * conductance 2·I1(u)/u times as large, where u = amplitude/nVt and I1 is the modified Bessel function.
 *
 * @param amplitude of the sine, V
 */
export function smallSignal(
  cell: Cell,
  conditions: Conditions,
  volts: number,
  amplitude: number,
): SmallSignal {
  const diode = diodeOf(cell, conditions);
  const junction = volts + currentDensity(diode, volts) * diode.seriesResistance;
  const exponential =
    (diode.saturationCurrent * Math.exp(junction / diode.slopeVoltage)) / diode.slopeVoltage;
  const small = 1 / (exponential + 1 / diode.shuntResistance);
  const share = small / (small + diode.seriesResistance);
  const gain = harmonicGain((amplitude * share) / diode.slopeVoltage);
  const resistance = 1 / (exponential * gain + 1 / diode.shuntResistance) / cell.area;
  const fast = (1 - IONIC_SHARE) * resistance;
  return {
    seriesResistance: diode.seriesResistance / cell.area,
    arcs: [
      { resistance: fast, tau: fast * GEOMETRIC_CAPACITANCE * cell.area, alpha: DISPERSION },
      { resistance: IONIC_SHARE * resistance, tau: IONIC_TIME, alpha: 1 },
    ],
  };
}

/** Z(f) = Rs + Σ R/(1 + (jωτ)^α) in Ω; the imaginary part of a capacitor is negative. */
export function impedanceAt({ seriesResistance, arcs }: SmallSignal, hertz: number): Complex {
  return arcs.reduce<Complex>(
    (sum, { resistance, tau, alpha }) => {
      const size = (2 * Math.PI * hertz * tau) ** alpha;
      const angle = (alpha * Math.PI) / 2;
      const { re, im } = inverse({ re: 1 + size * Math.cos(angle), im: size * Math.sin(angle) });
      return { re: sum.re + resistance * re, im: sum.im + resistance * im };
    },
    { re: seriesResistance, im: 0 },
  );
}

/** Impedance of branches in parallel. */
export function inParallel(branches: readonly Complex[]): Complex {
  return inverse(
    branches.map(inverse).reduce((sum, { re, im }) => ({ re: sum.re + re, im: sum.im + im }), {
      re: 0,
      im: 0,
    }),
  );
}

function inverse({ re, im }: Complex): Complex {
  const square = re * re + im * im;
  return { re: re / square, im: -im / square };
}

/** 2·I1(u)/u as its power series: 1 + u²/8 + … */
function harmonicGain(u: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (u / 2) ** 2 / (k * (k + 1));
    sum += term;
  }
  return sum;
}
