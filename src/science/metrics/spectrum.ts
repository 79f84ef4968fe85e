import { fitParabola } from '../fit-parabola.ts';
import { largest } from '../extremes.ts';
import { interpolate, trapezoid } from '../interpolate.ts';
import { median } from '../median.ts';

/** Wavelength in nm, rising, and the reading at that wavelength. */
export type Spectrum = readonly (readonly [nm: number, value: number])[];

export interface Baseline {
  level: number;
  /** Standard deviation of a single pixel around the baseline. */
  noise: number;
  /** Fraction of the pixels that are baseline, 0 to 1. */
  share: number;
}

/** A feature that rises above the baseline. */
export interface Band {
  /** nm. */
  peak: number;
  /** Height above the baseline. */
  height: number;
  /** nm, full width at half maximum; undefined if the spectrum ends within it. */
  fwhm: number | undefined;
  /** nm: positions at half the height, or the ends of the spectrum. */
  from: number;
  to: number;
  /** Area above the baseline within two widths of the peak, value·nm. */
  area: number;
}

/** nm: a narrower feature is the line of a laser or a lamp, not luminescence. */
export const LINE_WIDTH = 10;
/** nm. */
const SURROUNDINGS = 4;
/** Half the width, in pixels, of the moving average in which a peak is looked for. */
const REACH = 2;
/** Fraction of the height above which points enter the parabola for the vertex. */
const TOP = 0.9;

/** Determines the baseline of a spectrum: median and scatter after repeatedly leaving out values beyond 3 σ. */
export function baselineOf(values: readonly number[]): Baseline {
  if (values.length === 0) return { level: 0, noise: 0, share: 0 };
  let kept = values;
  let [level, noise] = [0, 0];
  for (let round = 0; round < 12; round++) {
    level = median(kept);
    // 1.4826: from the median deviation to the standard deviation of a normal distribution.
    noise = 1.4826 * median(kept.map((value) => Math.abs(value - level)));
    const next = kept.filter((value) => Math.abs(value - level) <= 3 * Math.max(noise, 1e-300));
    if (next.length === kept.length || next.length === 0) break;
    kept = next;
  }
  return { level, noise, share: kept.length / values.length };
}

/** The bands and lines above five times the noise and 2 % of the highest, highest first; at most eight. */
export function bandsOf(spectrum: Spectrum, { level, noise }: Baseline): Band[] {
  const smooth = smoothed(spectrum.map(([nm, value]) => [nm, value - level] as const));
  const tallest = Math.max(0, largest(smooth.map(([, value]) => value)));
  const least = Math.max((5 * noise) / Math.sqrt(2 * REACH + 1), 0.02 * tallest, Number.MIN_VALUE);
  const bands: Band[] = [];
  const taken = smooth.map((): 'free' | 'line' | 'band' => 'free');
  while (bands.length < 8) {
    const top = smooth.reduce(
      (best, [, value], i) => (taken[i] === 'free' && value > (smooth[best]?.[1] ?? -Infinity) ? i : best),
      -1,
    );
    const height = smooth[top]?.[1] ?? 0;
    if (top === -1 || height < least) break;
    const [first, last] = [edge(smooth, top, height, -1), edge(smooth, top, height, 1)];
    const half = Math.max(last.nm - first.nm, 1);
    const kind = half < LINE_WIDTH ? 'line' : 'band';
    // The margin of a band is two widths around its peak; a line falls off faster, and a neighbour may be close
    // to it.
    const margin = (kind === 'line' ? 0.75 : 1.5) * half;
    const [low, high] = [first.nm - margin, last.nm + margin];
    // A shoulder of a band already found is not a band of its own.
    if (taken[first.index] !== 'band' && taken[last.index] !== 'band') {
      const peak = vertex(smooth, first.index, last.index, height) ?? smooth[top]?.[0] ?? 0;
      bands.push({
        peak,
        height,
        fwhm: first.open || last.open ? undefined : last.nm - first.nm,
        from: first.nm,
        to: last.nm,
        area: trapezoid(
          spectrum
            .filter(([nm]) => nm >= low && nm <= high)
            .map(([nm, value]) => [nm, value - level] as const),
        ),
      });
    }
    for (const [i, [nm]] of smooth.entries()) if (nm >= low && nm <= high) taken[i] = kind;
    taken[top] = kind;
  }
  return bands;
}

/** Mean wavelength of the signal above the baseline within two widths of the band, nm. */
export function meanWavelength(spectrum: Spectrum, { level }: Baseline, band: Band): number {
  const reach = 1.5 * (band.to - band.from);
  const within = spectrum.filter(([nm]) => nm >= band.from - reach && nm <= band.to + reach);
  const weight = within.reduce((sum, [, value]) => sum + value - level, 0);
  return within.reduce((sum, [nm, value]) => sum + nm * (value - level), 0) / weight;
}

/**
 * Finds a narrow line on a band, or beside it within its width, nm: a value that rises above the mean of its
 * surroundings at ±4 nm by more than 10 % of the band and by more than the band's own curvature explains.
 */
export function lineOn(spectrum: Spectrum, { noise }: Baseline, band: Band): number | undefined {
  const width = band.to - band.from;
  const curvature = (8 * Math.LN2 * SURROUNDINGS ** 2) / (2 * Math.max(width, LINE_WIDTH) ** 2);
  const least = Math.max(6 * noise, (0.1 + 2 * curvature) * band.height);
  let highest: { nm: number; excess: number } | undefined;
  for (const [nm, value] of spectrum) {
    if (nm < band.from - width || nm > band.to + width) continue;
    const [left, right] = [
      interpolate(spectrum, nm - SURROUNDINGS),
      interpolate(spectrum, nm + SURROUNDINGS),
    ];
    if (left === undefined || right === undefined) continue;
    const excess = value - (left + right) / 2;
    if (excess > least && excess > (highest?.excess ?? 0)) highest = { nm, excess };
  }
  return highest?.nm;
}

/**
 * The top of a 14- or 16-bit converter, if at least three neighbouring readings stand at it; otherwise
 * undefined.
 *
 * @param scatter largest difference between readings at the top, if a dark was subtracted from them; 0 for raw
 * counts
 */
export function clippedAt(counts: readonly number[], scatter = 0): number | undefined {
  const top = largest(counts);
  const limit = [16_383, 65_535].find((full) => Math.abs(top - full) < (scatter > 0 ? 0.01 * full : 0.5));
  let run = 0;
  let longest = 0;
  for (const value of counts) {
    run = top - value < Math.max(0.5, scatter) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest >= 3 ? limit : undefined;
}

function edge(
  points: Spectrum,
  top: number,
  height: number,
  way: 1 | -1,
): { nm: number; index: number; open: boolean } {
  let i = top;
  while ((points[i + way]?.[1] ?? -Infinity) >= height / 2) i += way;
  const [inside, outside] = [points[i], points[i + way]];
  if (inside === undefined || outside === undefined) return { nm: inside?.[0] ?? 0, index: i, open: true };
  const share = (inside[1] - height / 2) / (inside[1] - outside[1]);
  return { nm: inside[0] + share * (outside[0] - inside[0]), index: i, open: false };
}

/** Vertex of the parabola through the top of a band; undefined if it lies outside. */
function vertex(points: Spectrum, first: number, last: number, height: number): number | undefined {
  const top = points.slice(first, last + 1).filter(([, value]) => value >= TOP * height);
  const parabola = fitParabola(top);
  if (parabola === undefined || parabola.c >= 0) return undefined;
  const at = parabola.centre - parabola.b / (2 * parabola.c);
  return at >= (top[0]?.[0] ?? at) && at <= (top.at(-1)?.[0] ?? at) ? at : undefined;
}

function smoothed(points: Spectrum): Spectrum {
  // With too few pixels, neighbours are not comparable.
  if (points.length < 25) return points;
  return points.map(([nm], i) => {
    const near = points.slice(Math.max(0, i - REACH), i + REACH + 1);
    return [nm, mean(near.map(([, value]) => value))] as const;
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
