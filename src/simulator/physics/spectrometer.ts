import type { Random } from '../random.ts';

const PIXELS = 1280;
const FIRST = 336.2;
const PITCH = 0.597;
/** Full scale of the 16-bit converter, counts. */
const FULL_SCALE = 65_535;
const OFFSET = 80;
/** Counts per ms. */
const DARK_RATE = 0.05;
/** Counts per ms and µW/(cm² nm): the calibration, the same at all wavelengths. */
const SENSITIVITY = 115;
/** Electrons per count, for the shot noise. */
const GAIN = 4;
/** Counts. */
const READ_NOISE = 2;

/** Wavelengths of the pixels, nm: 336.2 to 1099.8. */
export const WAVELENGTHS: readonly number[] = Array.from({ length: PIXELS }, (_, i) =>
  Number((FIRST + PITCH * i).toFixed(4)),
);

/** Acquisition parameters of a spectrum. */
export interface Exposure {
  /** Integration time, ms. */
  readonly milliseconds: number;
  readonly averages: number;
  /** Number of neighbouring pixels that are averaged; 1 means no smoothing. */
  readonly smoothing: number;
}

/** Spectral irradiance in µW/(cm² nm) at a wavelength in nm. */
export type Light = (nm: number) => number;

/**
 * Reads the raw counts of every pixel:
 *
 *     80 + 0.05/ms·t + S·E(λ)·t,  noise √(counts/4 + 2²) per exposure,  cut off at 65535
 */
export function readSpectrum(light: Light, exposure: Exposure, random: Random): number[] {
  const { milliseconds, averages, smoothing } = exposure;
  const counts = WAVELENGTHS.map((nm) => {
    const mean = expected(light(nm), milliseconds);
    const noise = random.gaussian(Math.sqrt((mean / GAIN + READ_NOISE ** 2) / averages));
    // The average of several exposures is a sum of whole counts, divided.
    return Math.min(FULL_SCALE, Math.max(0, Math.round((mean + noise) * averages) / averages));
  });
  return smoothing > 1 ? smoothed(counts, Math.floor(smoothing / 2)) : counts;
}

/** Irradiance in µW/(cm² nm) from counts, after the dark spectrum was subtracted. */
export function irradianceOf(counts: number, milliseconds: number): number {
  return counts / (SENSITIVITY * milliseconds);
}

/** Integrates values given at the pixels over the wavelength. */
export function overWavelength(values: readonly number[]): number {
  return PITCH * values.reduce((sum, value) => sum + value, 0);
}

/** Integration times that AutoExposure chooses from, ms. */
const TIMES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] as const;

/**
 * Returns the longest time that keeps the brightest pixel below a fraction of full scale, with averages for
 * about half a second.
 */
export function autoExposure(light: Light, share: number): { milliseconds: number; averages: number } {
  const brightest = Math.max(...WAVELENGTHS.map(light));
  const milliseconds = TIMES.findLast((time) => expected(brightest, time) <= share * FULL_SCALE) ?? TIMES[0];
  return { milliseconds, averages: Math.min(10, Math.max(1, Math.round(500 / milliseconds))) };
}

function expected(irradiance: number, milliseconds: number): number {
  return OFFSET + DARK_RATE * milliseconds + SENSITIVITY * irradiance * milliseconds;
}

function smoothed(values: readonly number[], reach: number): number[] {
  return values.map((_, i) => {
    const near = values.slice(Math.max(0, i - reach), i + reach + 1);
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  });
}
