/** Probe spacing, mm. The real instrument does not report its own. */
const SPACING = 1;
const REFERENCE_CELSIUS = 25;
/** Ω/□ at 25 °C, and its relative change per K. */
const SHEET_RESISTANCE = 150;
const TEMPERATURE_COEFFICIENT = 1e-3;
/** V between the inner probes without current, a thermoelectric voltage. */
const OFFSET = 2e-6;
/** K per W: heating of the film under the probes by the current. */
const HEATING = 100;

/** Dimensions of a film under a four-point probe, named like its settings. */
export interface FilmDimensions {
  readonly thicknessUm: number;
  readonly lengthMm: number;
  readonly widthMm: number;
}

/** The film that lies under the probes, whatever dimensions the client states. */
export const FILM: FilmDimensions = { thicknessUm: 100, lengthMm: 100, widthMm: 25 };

/**
 * Sheet resistance over (π/ln2)·V/I for a probe in the centre of a rectangle, in line with its longer side;
 * NaN where the four probes do not fit on it. Exact, with Smits' series for the edges
 * (F. M. Smits, Bell Syst. Tech. J. 37 (1958) 711) and the thin-film form for the thickness:
 *
 *     F1 = ln2/ln[sinh(t/s)/sinh(t/2s)]
 *     F3 = ln2/{π/d + ln(1−e^(−4π/d)) − ln(1−e^(−2π/d))
 *          + Σ (1/m)·e^(−2π(a−2)m/d)·(1−e^(−6πm/d))·(1−e^(−2πm/d))/(1+e^(−2πam/d))}      d = width/s, a = length/s
 */
export function probeFactor({ thicknessUm, lengthMm, widthMm }: FilmDimensions): number {
  const d = Math.min(lengthMm, widthMm) / SPACING;
  const a = Math.max(lengthMm, widthMm) / SPACING;
  if (a < 3) return Number.NaN;
  const t = thicknessUm / 1000 / SPACING;
  const thickness = Math.LN2 / Math.log(2 * Math.cosh(Math.min(t / 2, 300)));
  let sum =
    Math.PI / d + Math.log1p(-Math.exp((-4 * Math.PI) / d)) - Math.log1p(-Math.exp((-2 * Math.PI) / d));
  for (let m = 1; m <= 200; m++) {
    const k = (2 * Math.PI * m) / d;
    sum +=
      (Math.exp(-(a - 2) * k) * (1 - Math.exp(-3 * k)) * (1 - Math.exp(-k))) / (m * (1 + Math.exp(-a * k)));
  }
  return (thickness * Math.LN2) / sum;
}

/** V between the inner probes at a current in A and a temperature in °C. */
export function probeVoltage(amperes: number, celsius: number): number {
  const heating = HEATING * amperes * amperes * SHEET_RESISTANCE;
  const sheet = SHEET_RESISTANCE * (1 + TEMPERATURE_COEFFICIENT * (celsius + heating - REFERENCE_CELSIUS));
  return (amperes * sheet * Math.LN2) / (Math.PI * probeFactor(FILM)) + OFFSET;
}
