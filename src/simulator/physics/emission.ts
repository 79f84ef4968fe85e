/** nm: peak of the emission of the 1.60 eV perovskite at 25 °C, by light or by current. */
const EMISSION_PEAK = 777;
/** nm: half widths at half maximum. The blue side falls faster, as few carriers are that hot. */
const BLUE_HALF_WIDTH = 17;
const RED_HALF_WIDTH = 21;
/** nm/K: the gap of a halide perovskite opens when it is heated. */
const PEAK_SHIFT = -0.25;
/** 1/K. */
const QUENCHING = -0.004;
const T0 = 25;

/**
 * Shape of the emission at a wavelength, 1 at its peak: a Gaussian of two widths,
 *
 *     exp[−ln2·((λ − λp)/w)²],  w = 17 nm below the peak and 21 nm above,  λp = 777 nm − 0.25 nm/K·(T − 25 °C)
 */
export function emissionShape(nm: number, celsius: number): number {
  const away = nm - EMISSION_PEAK - PEAK_SHIFT * (celsius - T0);
  return 2 ** -((away / (away < 0 ? BLUE_HALF_WIDTH : RED_HALF_WIDTH)) ** 2);
}

/** Factor by which temperature changes the photoluminescence, 1 at 25 °C. */
function quenching(celsius: number): number {
  return Math.max(0, 1 + QUENCHING * (celsius - T0));
}

/** Photoluminescence relative to that under a full laser: excitation (1 is the full laser) to the power of 1.2. */
export function photoluminescence(excitation: number, celsius: number): number {
  return excitation <= 0 ? 0 : excitation ** 1.2 * quenching(celsius);
}

/** EQE_EL of the cell at 22 mA/cm²; the value follows from a Voc of 1.10 V and a radiative limit of 1.307 V. */
const EL_EFFICIENCY = 3e-4;
const EL_REFERENCE = 22e-3;
const MOST_EL_EFFICIENCY = 1e-2;

/** Photons out per electron in, at an injected current density in A/cm²; 0 without injection. */
export function electroluminescence(density: number): number {
  if (density <= 0) return 0;
  return Math.min(MOST_EL_EFFICIENCY, EL_EFFICIENCY * Math.sqrt(density / EL_REFERENCE));
}

/** Optical density of the film: an absorption edge at the gap, on top of the reflection of its surfaces. */
export function filmAbsorbance(nm: number): number {
  return 0.07 + 1.1 / (1 + Math.exp((nm - 768) / 7));
}
