import type { Dataset } from '../dataset.ts';
import { largest } from '../extremes.ts';
import { luminescenceDoubts } from './luminescence-doubts.ts';
import { type Evaluated, evaluate } from './luminescence-evaluate.ts';
import { type Analysis, type Metric, metricOf } from './metric.ts';

/** Full scale of a 16-bit converter; a 14-bit one shows itself only when it is saturated. */
const FULL_SCALE = 65_535;

/**
 * Evaluates the strongest band of each spectrum (column `Spectrum`, dark-subtracted, or `Counts`, raw): peak in
 * nm and eV, full width at half maximum, area, and the used fraction of the converter's range. Laser lines are
 * distinguished from luminescence by their width and are no bands.
 */
export function analyseLuminescence(dataset: Dataset): Analysis {
  const evaluated = dataset.scans.flatMap(evaluate);
  return {
    metrics: evaluated.flatMap(figures),
    warnings: evaluated.flatMap((one) =>
      luminescenceDoubts(one).map((warning) =>
        evaluated.length > 1 ? `${one.scan.label}: ${warning}` : warning,
      ),
    ),
  };
}

function figures({ scan, bands, raw, clipped }: Evaluated): Metric[] {
  const [band] = bands;
  const top = largest(raw);
  const metric = metricOf(scan.label);
  return [
    metric('peak_wavelength', band?.peak, 'nm', 'parabola through the top 10 % of the strongest band'),
    metric('peak_energy', band && 1239.84 / band.peak, 'eV', '1239.84 / peak_wavelength'),
    metric('fwhm', band?.fwhm, 'nm', 'linear interpolation at half height above the baseline'),
    metric('integral', band?.area, 'a.u.·nm', 'trapezoid above the baseline, two widths around the peak'),
    metric(
      'saturation',
      clipped === undefined ? (100 * top) / FULL_SCALE : 100,
      '%',
      `highest raw reading of ${clipped ?? FULL_SCALE} counts`,
    ),
  ];
}
