/** One light source as the spectrometer and the film see it. */
interface Source {
  /** nm. */
  readonly peak: number;
  /** nm, full width at half maximum. */
  readonly width: number;
  /** Spectral irradiance at the peak when fully on, µW/(cm² nm). */
  readonly irradiance: number;
  /** Excitation of the film by the source when fully on; 1 is the full laser. */
  readonly excitation: number;
}

/** The 12 channels of the LED board; white ones are their phosphor alone. */
const LEDS: readonly Source[] = [
  { peak: 600, width: 150, irradiance: 2, excitation: 0.05 },
  { peak: 550, width: 130, irradiance: 2, excitation: 0.06 },
  { peak: 365, width: 12, irradiance: 2, excitation: 0.15 },
  { peak: 385, width: 12, irradiance: 2, excitation: 0.2 },
  { peak: 455, width: 20, irradiance: 3, excitation: 0.4 },
  { peak: 510, width: 30, irradiance: 3, excitation: 0.2 },
  { peak: 590, width: 18, irradiance: 2, excitation: 0.05 },
  { peak: 625, width: 18, irradiance: 3, excitation: 0.08 },
  { peak: 660, width: 20, irradiance: 4, excitation: 0.08 },
  { peak: 730, width: 25, irradiance: 3, excitation: 0.03 },
  { peak: 860, width: 35, irradiance: 3, excitation: 0 },
  { peak: 940, width: 40, irradiance: 3, excitation: 0 },
];

/** nm: edge of the long-pass filter that keeps most of the exciting light out of the spectrometer. */
const FILTER_EDGE = 500;
const FILTER_LEAK = 0.02;

/**
 * Irradiance at the spectrometer from LEDs at these levels (0 to 1), µW/(cm² nm), with only the filter in
 * between.
 */
export function ledIrradiance(nm: number, levels: readonly number[]): number {
  const light = LEDS.reduce(
    (sum, led, i) => sum + (levels[i] ?? 0) * led.irradiance * line(nm, led.peak, led.width),
    0,
  );
  return light * longPass(nm);
}

/** Excitation of the film by LEDs at these levels (0 to 1); 1 is the full laser. */
export function ledExcitation(levels: readonly number[]): number {
  return LEDS.reduce((sum, { excitation }, i) => sum + (levels[i] ?? 0) * excitation, 0);
}

/** A Gaussian line, 1 at its peak. */
export function line(nm: number, peak: number, width: number): number {
  return 2 ** -(((nm - peak) / (width / 2)) ** 2);
}

/** Transmittance of the long-pass filter. */
export function longPass(nm: number): number {
  return FILTER_LEAK + (1 - FILTER_LEAK) / (1 + Math.exp((FILTER_EDGE - nm) / 4));
}
