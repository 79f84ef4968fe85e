import { lambertWOfExp } from './lambert-w.ts';

/** A single diode with series and shunt resistance, per area. Current is positive when generating. */
export interface Diode {
  /** Jph, A/cm². */
  photocurrent: number;
  /** J0, A/cm². */
  saturationCurrent: number;
  /** n·kT/q, V. */
  slopeVoltage: number;
  /** Rs, Ω·cm². */
  seriesResistance: number;
  /** Rsh, Ω·cm². */
  shuntResistance: number;
}

/**
 * J(V) in A/cm², the closed form of J = Jph − J0·(exp((V+J·Rs)/nVt) − 1) − (V+J·Rs)/Rsh:
 *
 *     J = (Rsh·(Jph+J0) − V)/(Rs+Rsh) − (nVt/Rs)·W(e^x)
 *     x = ln(Rs·J0·Rsh/(nVt·(Rs+Rsh))) + Rsh·(Rs·(Jph+J0)+V)/(nVt·(Rs+Rsh))
 *
 * Source: A. Jain, A. Kapoor, Sol. Energy Mater. Sol. Cells 81 (2004) 269.
 */
export function currentDensity(diode: Diode, volts: number): number {
  const { seriesResistance: rs, shuntResistance: rsh, slopeVoltage: nvt, saturationCurrent: j0 } = diode;
  const generated = diode.photocurrent + j0;
  const total = rs + rsh;
  const x = Math.log((rs * j0 * rsh) / (nvt * total)) + (rsh * (rs * generated + volts)) / (nvt * total);
  return (rsh * generated - volts) / total - (nvt / rs) * lambertWOfExp(x);
}
