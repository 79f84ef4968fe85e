/**
 * Mobility in m²/Vs from the time of the extraction maximum of a low-conductivity film:
 *
 *     µ = 2d² / (3·A·t_max²·[1 + 0.36·Δj/j0])
 *
 * with the signed ratio Δj/j0, as ARKEO computes it (its manual prints the correction as a product). After G.
 * Juška et al., Phys. Rev. Lett. 84 (2000) 4946. Infinite for t_max = 0.
 *
 * @param thickness d in m
 * @param rampRate A in V/s
 * @param tMax s
 * @param ratio Δj/j0
 */
export function celivMobility(thickness: number, rampRate: number, tMax: number, ratio: number): number {
  return (2 * thickness ** 2) / (3 * rampRate * tMax ** 2 * (1 + 0.36 * ratio));
}

/** The thickness in m for which `celivMobility` gives that mobility. */
export function celivThickness(mobility: number, rampRate: number, tMax: number, ratio: number): number {
  return Math.sqrt(mobility / celivMobility(1, rampRate, tMax, ratio));
}
