import { polyline } from './quantum-efficiency.ts';

/** nm and µW/cm²: power of the xenon arc behind the monochromator, without its lines. */
const CONTINUUM: readonly (readonly [nm: number, microwatts: number])[] = [
  [250, 4],
  [300, 20],
  [350, 48],
  [400, 80],
  [430, 90],
  [500, 88],
  [600, 84],
  [700, 78],
  [800, 72],
  [900, 64],
  [1100, 50],
  [1800, 15],
];

/** nm and µW/cm²: the strongest xenon lines in the near infrared. */
const LINES: readonly (readonly [nm: number, microwatts: number])[] = [
  [823.2, 90],
  [828, 60],
  [834.7, 25],
  [840.9, 25],
  [881.9, 110],
  [895.2, 40],
];

/** nm: the half width at 1/√e of the monochromator's slit. */
const SLIT = 2.5;

/** Power of the monochromatic light on the sample, W/cm², at a wavelength in nm. */
export function lampPower(nm: number): number {
  const lines = LINES.reduce(
    (sum, [centre, height]) => sum + height * Math.exp(-0.5 * ((nm - centre) / SLIT) ** 2),
    0,
  );
  return (polyline(CONTINUUM, nm) + lines) * 1e-6;
}
