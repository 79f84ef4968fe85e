import { completeRows, type Dataset, type Scan } from '../dataset.ts';
import { ELEMENTARY_CHARGE, PLANCK, SPEED_OF_LIGHT, thermalVoltage } from '../reference/constants.ts';
import { type Metric, metricOf } from './metric.ts';
import {
  type Band,
  type Baseline,
  bandsOf,
  baselineOf,
  clippedAt,
  LINE_WIDTH,
  meanWavelength,
  type Spectrum,
} from './spectrum.ts';

interface Judged {
  scan: Scan;
  amperes: number;
  spectrum: Spectrum;
  baseline: Baseline;
  band: Band | undefined;
  /** Reason why the irradiance is worthless. */
  fault: 'raw' | 'saturated' | undefined;
}

/** Largest baseline relative to the peak; a spectrum above it had no dark subtracted. */
const LARGEST_BASELINE = 0.1;

/** The scans that hold a spectrum each. */
export function spectraOf({ scans }: Dataset): Scan[] {
  return scans.filter(({ columns }) => columns.some(({ name }) => name === 'Wavelength'));
}

/**
 * Computes the electroluminescence from the brightest usable spectrum, that of the largest current:
 *
 *     EQE_EL = [E·⟨λ⟩/(h·c)] / [|I|/(q·A)]        ΔV_nr = −(kT/q)·ln EQE_EL
 *
 * with E the integrated irradiance in W/cm², taken as the emission of the device, and ⟨λ⟩ from the spectrum.
 *
 * @param lit true if other light was there: then the spectrum is not the cell's alone
 */
export function emission(
  dataset: Dataset,
  areaCm2: number | undefined,
  kelvin: number,
  lit: boolean,
): { metrics: Metric[]; warnings: string[] } {
  const spectra = spectraOf(dataset);
  if (spectra.length === 0) return { metrics: [], warnings: [] };
  const judged = spectra.flatMap(judge);
  const usable = judged.filter(({ fault, band }) => fault === undefined && band !== undefined);
  const best = usable.toSorted((a, b) => Math.abs(b.amperes) - Math.abs(a.amperes))[0];
  const efficiency = best === undefined ? undefined : efficiencyOf(best, areaCm2);
  const plausible =
    !lit && efficiency !== undefined && efficiency > 0 && efficiency < 1 ? efficiency : undefined;
  const metric = metricOf(best?.scan.label);
  return {
    metrics: [
      metric(
        'el_peak',
        lit ? undefined : best?.band?.peak,
        'nm',
        'parabola through the top 10 % of the band',
      ),
      metric(
        'eqe_el',
        plausible === undefined ? undefined : 100 * plausible,
        '%',
        areaCm2 === undefined
          ? 'photons out per electron in; needs the device area'
          : 'integrated irradiance · ⟨λ⟩/(hc) / (|I|/(q·area)), at the largest current',
      ),
      metric(
        'delta_v_nr',
        plausible === undefined ? undefined : -thermalVoltage(kelvin) * Math.log(plausible),
        'V',
        '−(kT/q)·ln EQE_EL',
      ),
    ],
    warnings: [
      ...doubts(judged, efficiency, areaCm2),
      ...(lit
        ? ['light from elsewhere reached the spectrometer: what it saw is not the emission of the cell']
        : []),
    ],
  };
}

function judge(scan: Scan): Judged[] {
  const spectrum = completeRows(scan, ['Wavelength', 'Spectrum'])
    .map(([nm = 0, value = 0]) => [nm, value] as const)
    .toSorted((a, b) => a[0] - b[0]);
  const amperes = scan.conditions['current']?.value ?? 0;
  if (spectrum.length === 0) return [];
  const values = spectrum.map(([, value]) => value);
  const baseline = baselineOf(values);
  const { level, noise } = baseline;
  // Among so many pixels of so many spectra some noise stands out, but never as wide as luminescence.
  const band = bandsOf(spectrum, baseline).find(({ from, to }) => to - from >= LINE_WIDTH);
  // A band that fills the whole spectrum leaves no baseline for this judgement.
  const raw =
    baseline.share > 0.3 &&
    Math.abs(level) > Math.max(noise, LARGEST_BASELINE * (band?.height ?? 0)) &&
    Math.abs(level) * Math.sqrt(values.length) > 6 * noise;
  const fault = clippedAt(values, 6 * noise) !== undefined ? 'saturated' : raw ? 'raw' : undefined;
  return [{ scan, amperes, spectrum, baseline, band, fault }];
}

function efficiencyOf(
  { scan, amperes, spectrum, baseline, band }: Judged,
  areaCm2: number | undefined,
): number | undefined {
  const irradiance = scan.reported['integrated_irradiance'];
  if (irradiance?.unit !== 'W/cm²' || typeof irradiance.value !== 'number') return undefined;
  if (areaCm2 === undefined || amperes === 0 || band === undefined) return undefined;
  const metres = 1e-9 * meanWavelength(spectrum, baseline, band);
  const photons = (irradiance.value * metres) / (PLANCK * SPEED_OF_LIGHT);
  return photons / (Math.abs(amperes) / (ELEMENTARY_CHARGE * areaCm2));
}

function doubts(
  judged: readonly Judged[],
  efficiency: number | undefined,
  areaCm2: number | undefined,
): string[] {
  const count = (fault: Judged['fault']): number =>
    judged.filter((spectrum) => spectrum.fault === fault).length;
  const [raw, saturated] = [count('raw'), count('saturated')];
  const of = (n: number): string => `${n} of ${judged.length} spectra`;
  const warnings: string[] = [];
  if (raw > 0) {
    warnings.push(
      `${of(raw)} stand on a baseline that is not zero: raw counts or stray light, uncalibrated, and their integrated irradiance means nothing`,
    );
  }
  if (saturated > 0) warnings.push(`${of(saturated)} are saturated: shorten the integration time`);
  if (
    raw + saturated < judged.length &&
    judged.every(({ band, fault }) => band === undefined || fault !== undefined)
  ) {
    warnings.push('no electroluminescence above the noise: go to a higher voltage or integrate longer');
  }
  if (efficiency !== undefined && (efficiency <= 0 || efficiency >= 1)) {
    warnings.push(
      `an EQE_EL of ${(100 * efficiency).toPrecision(3)} % is not possible: the irradiance calibration or the area is wrong`,
    );
  }
  const emits = judged.some(({ band, fault }) => band !== undefined && fault === undefined);
  if (emits && areaCm2 === undefined) warnings.push('EQE_EL needs the device area');
  return warnings;
}
