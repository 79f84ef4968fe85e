/** Physical constants, SI 2019 (exact), as CODATA lists them. */

/** Elementary charge, C. */
export const ELEMENTARY_CHARGE = 1.602176634e-19;
/** Boltzmann constant, J/K. */
export const BOLTZMANN = 1.380649e-23;
/** Planck constant, J·s. */
export const PLANCK = 6.62607015e-34;
/** Speed of light in vacuum, m/s. */
export const SPEED_OF_LIGHT = 299_792_458;
/** 0 °C in K. */
export const ZERO_CELSIUS = 273.15;

/** kT/q in V at a temperature in K: 25.69 mV at 298.15 K. */
export function thermalVoltage(kelvin: number): number {
  return (BOLTZMANN * kelvin) / ELEMENTARY_CHARGE;
}
