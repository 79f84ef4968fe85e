/** Vacuum permittivity, F/m. */
const EPSILON_0 = 8.8541878128e-12;

/** The absorber between its electrodes, described for charge extraction. */
export interface Film {
  /** m. */
  readonly thickness: number;
  /** Relative permittivity. */
  readonly permittivity: number;
  /** Mobility of the faster carrier, m²/Vs. */
  readonly mobility: number;
  /** Time in which half of the photogenerated charge recombines, s. */
  readonly recombination: number;
  /** RC of electrodes and probes, s. */
  readonly riseTime: number;
}

/** The film of the reference cell: 500 nm, 1e-7 m²/Vs = 1e-3 cm²/Vs. */
export const REFERENCE_FILM: Film = {
  thickness: 500e-9,
  permittivity: 25,
  mobility: 1e-7,
  recombination: 20e-6,
  riseTime: 0.3e-6,
};

/** Additional displacement current due to the light pulse, relative to j0, without a delay. */
const PHOTO_RATIO = 0.5;

/** The current that one ramp extracts from a film, described by magnitudes. */
export interface Extraction {
  /** Displacement current, A. */
  readonly j0: number;
  /** Height of the extraction peak above j0, A. */
  readonly deltaJ: number;
  /** Time of the peak, s. */
  readonly tMax: number;
}

/**
 * Computes the extraction by a reverse ramp:
 *
 *     j0    = A·ε0·εr·area/d
 *     Δj    = 0.5·j0/(1 + delay/τr)
 *     t_max = d·√(2/(3µA(1 + 0.36·Δj/j0)))        (G. Juška et al., Phys. Rev. Lett. 84 (2000) 4946)
 *
 * @param ramp A, V/s
 * @param area cm²
 * @param delay between light pulse and ramp, s; undefined without a light pulse
 */
export function extractionOf(film: Film, area: number, ramp: number, delay: number | undefined): Extraction {
  const j0 = (ramp * EPSILON_0 * film.permittivity * area * 1e-4) / film.thickness;
  const ratio = delay === undefined ? 0 : PHOTO_RATIO / (1 + delay / film.recombination);
  const tMax = film.thickness * Math.sqrt(2 / (3 * film.mobility * ramp * (1 + 0.36 * ratio)));
  return { j0, deltaJ: ratio * j0, tMax };
}

/** The current at a time since the ramp began, A: `(j0 + Δj·(t/t_max)·e^(1−t/t_max))·(1 − e^(−t/RC))`. */
export function extractionCurrent({ j0, deltaJ, tMax }: Extraction, riseTime: number, time: number): number {
  const x = time / tMax;
  return (j0 + deltaJ * x * Math.exp(1 - x)) * -Math.expm1(-time / riseTime);
}
