import { thermalVoltage, ZERO_CELSIUS } from '../../science/reference/constants.ts';
import { currentDensity, type Diode } from './diode.ts';
import { fallingZero } from './root.ts';

/** A solar cell, described by its behaviour at 25 °C under one sun. */
export interface Cell {
  /** cm². */
  readonly area: number;
  /** Photocurrent density under one sun at 25 °C, A/cm². */
  readonly jsc: number;
  /** Open-circuit voltage under one sun at 25 °C, V; fixes the saturation current. */
  readonly voc: number;
  /** Band gap, eV. */
  readonly bandGap: number;
  readonly ideality: number;
  /** Ω·cm². */
  readonly seriesResistance: number;
  /** Ω·cm². */
  readonly darkShunt: number;
  /** Ω·cm²·sun: the shunt that light adds. A constant shunt alone would kill the voltage at low light. */
  readonly photoShunt: number;
  /** Relative change of the photocurrent, 1/K. */
  readonly jscSlope: number;
  /** κ: the largest fraction of the photocurrent that displaced ions can cost. */
  readonly ionicLoss: number;
}

/** Light and temperature around the cell at a moment. */
export interface Conditions {
  /** Light in units of AM1.5G, 100 mW/cm². */
  suns: number;
  /** °C. */
  celsius: number;
}

/** A metal-halide perovskite cell of 1.60 eV: 1.100 V, 21.97 mA/cm², FF 76.8 %, 18.6 % at 25 °C and one sun. */
export const REFERENCE_CELL: Cell = {
  area: 0.1,
  jsc: 22e-3,
  voc: 1.1,
  bandGap: 1.6,
  ideality: 1.5,
  seriesResistance: 4,
  darkShunt: 5e4,
  photoShunt: 3000,
  jscSlope: 5e-4,
  ionicLoss: 0.25,
};

const T0 = 25 + ZERO_CELSIUS;

/**
 * Returns the diode that represents the cell under given conditions.
 *
 *     Jph   = Jsc·suns·(1 + a·(T−T0))·(1 − loss)
 *     J0(T) = J00·(T/T0)^(3/n)·exp[(Eg/n)·(1/Vt0 − 1/Vt)]
 *     1/Rsh = 1/Rsh_dark + suns/Rph
 *
 * @param loss fraction of the photocurrent lost to displaced ions, 0 to 1
 */
export function diodeOf(cell: Cell, { suns, celsius }: Conditions, loss = 0): Diode {
  const kelvin = celsius + ZERO_CELSIUS;
  const [vt, vt0] = [thermalVoltage(kelvin), thermalVoltage(T0)];
  const arrhenius = (cell.bandGap / cell.ideality) * (1 / vt0 - 1 / vt);
  return {
    photocurrent: cell.jsc * suns * (1 + cell.jscSlope * (kelvin - T0)) * (1 - loss),
    saturationCurrent: referenceSaturation(cell) * (kelvin / T0) ** (3 / cell.ideality) * Math.exp(arrhenius),
    slopeVoltage: cell.ideality * vt,
    seriesResistance: cell.seriesResistance,
    shuntResistance: shuntResistance(cell, suns),
  };
}

/** Open-circuit voltage in V without ionic loss; 0 in the dark. */
export function openCircuitVoltage(cell: Cell, conditions: Conditions): number {
  const diode = diodeOf(cell, conditions);
  return fallingZero((volts) => currentDensity(diode, volts), 0, 3) ?? 0;
}

/** J00 in A/cm², chosen so that the current is zero at `voc` under one sun and 25 °C. */
function referenceSaturation(cell: Cell): number {
  const recombined = cell.jsc - cell.voc / shuntResistance(cell, 1);
  return recombined / Math.expm1(cell.voc / (cell.ideality * thermalVoltage(T0)));
}

function shuntResistance(cell: Cell, suns: number): number {
  return 1 / (1 / cell.darkShunt + suns / cell.photoShunt);
}
