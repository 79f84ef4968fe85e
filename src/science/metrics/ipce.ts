import { completeRows, type Dataset, findColumn, type Scan } from '../dataset.ts';
import { interpolate, trapezoid } from '../interpolate.ts';
import { AM15G } from '../reference/am15g.ts';
import { ELEMENTARY_CHARGE, PLANCK, SPEED_OF_LIGHT } from '../reference/constants.ts';
import { scaleBetween } from '../units.ts';
import { type EqeCurve, inflection, level } from './ipce-edge.ts';
import { type Analysis, disagreements, type Metric } from './metric.ts';

/** What is known of how the spectrum was taken. Unknown stays undefined. */
export interface IpceConditions {
  /** Level of the bias light, 0 to 1. */
  biasLight: number | undefined;
  /** Hz; 0 is without chopper. */
  chopperHz: number | undefined;
  /** s, of one acquisition. */
  acquisitionSeconds: number | undefined;
}

/** The instrument's spectrum is another table of the same standard: that alone is up to 1.5 %. */
const AGREEMENT = 0.02;
/** mA/cm²: of a spectrum that was cut short, the share says nothing. */
const NEGLIGIBLE = 0.05;
/** nm: below, AM1.5G holds hardly any light. */
const BLUE_END = 350;
/** The end of the range counts as beyond the edge when the EQE has come down to this share of its level. */
const GONE = 0.1;
/** %: less is no response. */
const NO_RESPONSE = 1;
const ENOUGH_PERIODS = 10;
/** nm. */
const UV_END = 400;

/** Photons of AM1.5G, 1/(m² s nm). */
const FLUX = AM15G.map(([nm, , photons]) => [nm, photons] as const);
/** h·c/q in eV·nm. */
const EV_NM = (PLANCK * SPEED_OF_LIGHT * 1e9) / ELEMENTARY_CHARGE;

/** Integrated Jsc, band edge and peak of each EQE spectrum, and what a specialist would doubt. mA/cm², nm, eV, %. */
export function analyseIpce(dataset: Dataset, conditions: IpceConditions): Analysis {
  const spectra = dataset.scans.map((scan) => {
    const curve = curveOf(scan);
    return { scan, curve, metrics: figures(scan, curve) };
  });
  return {
    metrics: spectra.flatMap(({ metrics }) => metrics),
    warnings: spectra.flatMap(({ scan, curve, metrics }) =>
      curve.length === 0
        ? []
        : [
            ...integralDoubts(metrics),
            ...[...doubts(curve, conditions), ...measuringDoubts(conditions)].map(
              (warning) => `${scan.label}: ${warning}`,
            ),
          ],
    ),
  };
}

/** mA/cm² under AM1.5G (ASTM G173), which is known here from 280 to 1400 nm; light outside does not count. */
export function integratedCurrent(curve: EqeCurve): number {
  const density = curve.map(
    ([nm, percent]) => [nm, (ELEMENTARY_CHARGE * percent * (interpolate(FLUX, nm) ?? 0)) / 100] as const,
  );
  // A/m² to mA/cm².
  return trapezoid(density) * 0.1;
}

function curveOf(scan: Scan): EqeCurve {
  if (findColumn(scan, 'Wavelength') === undefined || findColumn(scan, 'EQE') === undefined) return [];
  return completeRows(scan, ['Wavelength', 'EQE'])
    .map(([nm = 0, percent = 0]) => [nm, percent] as const)
    .toSorted((a, b) => a[0] - b[0]);
}

function figures(scan: Scan, curve: EqeCurve): Metric[] {
  const metric = (name: string, value: number | undefined, unit: string, method: string): Metric => ({
    name,
    value: value !== undefined && Number.isFinite(value) ? value : null,
    unit,
    scan: scan.label,
    method,
    version: 1,
  });
  const theirs = reportedCurrent(scan);
  const responds = level(curve) >= NO_RESPONSE;
  const edge = responds ? inflection(curve) : undefined;
  const peak = responds ? curve.reduce((top, point) => (point[1] > top[1] ? point : top), [0, 0]) : undefined;
  return [
    {
      ...metric(
        'jsc_integrated',
        curve.length < 2 ? undefined : integratedCurrent(curve),
        'mA/cm²',
        'trapezoid of q·EQE·Φ on the measured wavelengths, Φ of AM1.5G (ASTM G173) in 5 nm bins, interpolated',
      ),
      ...(theirs === undefined ? {} : { reported: theirs }),
    },
    metric('band_edge', edge, 'nm', 'largest −dEQE/dλ, parabola through the slopes around it'),
    metric('band_gap', edge === undefined ? undefined : EV_NM / edge, 'eV', 'hc / band_edge'),
    metric(
      'edge_10_percent',
      responds && endsBeyondEdge(curve) ? curve.findLast(([, percent]) => percent > 10)?.[0] : undefined,
      'nm',
      'last wavelength with an EQE above 10 %, as the vendor’s tool takes the edge',
    ),
    metric('peak_eqe', peak?.[1], '%', 'largest value'),
    metric('peak_wavelength', peak?.[0], 'nm', 'where the largest value is'),
  ];
}

/** The instrument's own integral, mA/cm²: the last value of its cumulative sum. */
function reportedCurrent(scan: Scan): number | undefined {
  const sum = findColumn(scan, 'J_int');
  const last = sum?.values.findLast((value) => value !== null);
  const scale = scaleBetween(sum?.unit ?? '', 'mA/cm²');
  return last === undefined || last === null || scale === undefined ? undefined : last * scale;
}

function integralDoubts(metrics: readonly Metric[]): string[] {
  const worthAWord = metrics.filter(
    ({ value, reported }) => Math.abs((value ?? 0) - (reported ?? value ?? 0)) > NEGLIGIBLE,
  );
  return disagreements(worthAWord, AGREEMENT);
}

function endsBeyondEdge(curve: EqeCurve): boolean {
  return (curve.at(-1)?.[1] ?? 0) <= GONE * level(curve);
}

function doubts(curve: EqeCurve, { biasLight, chopperHz }: IpceConditions): string[] {
  const warnings: string[] = [];
  const [first, last] = [curve[0], curve.at(-1)];
  const height = level(curve);
  const lowest = Math.min(...curve.map(([, percent]) => percent));
  if (lowest < -10 && -lowest > height)
    warnings.push('the EQE is negative: the polarity is inverted, or the contact is poor');
  if (first === undefined || last === undefined) return warnings;
  if (height < NO_RESPONSE) {
    warnings.push(
      'hardly any response: is the shutter open, the lamp on, the pixel contacted and the right relay closed?',
    );
    return warnings;
  }
  const impossible = curve.filter(([, percent]) => percent > 100);
  const [worst] = impossible.toSorted((a, b) => b[1] - a[1]);
  if (worst !== undefined) {
    const biased = chopperHz === 0 && biasLight !== 0 ? ', stray or bias light without the chopper' : '';
    warnings.push(
      `EQE above 100 % at ${impossible.length} of ${curve.length} wavelengths, ${worst[1].toPrecision(3)} % at ${worst[0]} nm: check lamp calibration, area${biased}`,
    );
  }
  if (!endsBeyondEdge(curve)) {
    warnings.push(
      `the EQE is still ${last[1].toPrecision(2)} % at ${last[0]} nm, where the range ends: the band edge is not within it, and the integrated Jsc is a lower bound`,
    );
  }
  if (first[0] > BLUE_END && first[1] > GONE * height) {
    warnings.push(
      `the range begins at ${first[0]} nm with an EQE of ${first[1].toPrecision(2)} %: light below is not counted, and the integrated Jsc is a lower bound`,
    );
  }
  const scatter = uvScatter(curve);
  if (scatter !== undefined) {
    warnings.push(
      `noise of about ${(100 * scatter).toFixed(0)} % at the ultraviolet end, where the lamp is weak: average more or start at a longer wavelength`,
    );
  }
  return warnings;
}

function measuringDoubts({ biasLight, chopperHz, acquisitionSeconds }: IpceConditions): string[] {
  const warnings: string[] = [];
  if (chopperHz === 0 && biasLight !== undefined && biasLight > 0) {
    warnings.push('bias light without the chopper: its current is taken for that of the lamp');
  }
  const periods = (chopperHz ?? 0) * (acquisitionSeconds ?? 0);
  if (periods > 0 && periods < ENOUGH_PERIODS) {
    warnings.push(
      `an acquisition holds ${periods.toPrecision(2)} chopper periods; fewer than ${ENOUGH_PERIODS} are too few`,
    );
  }
  return warnings;
}

/**
 * Relative scatter below 400 nm, or undefined where it is small. Points are compared with the middle of their
 * neighbours: noise deviates to alternating sides, the curvature of a steep but smooth flank to the same.
 */
function uvScatter(curve: EqeCurve): number | undefined {
  const end = curve.filter(([nm]) => nm < UV_END);
  const deviations = end
    .slice(1, -1)
    .map(([, y], i) => y - ((end[i]?.[1] ?? y) + (end[i + 2]?.[1] ?? y)) / 2);
  if (deviations.length < 4) return undefined;
  const turns = deviations.slice(1).filter((d, i) => d * (deviations[i] ?? 0) < 0).length;
  const mean = end.reduce((sum, [, y]) => sum + Math.abs(y), 0) / end.length;
  // The deviation of a point from the middle of two as noisy ones has 1.5 times its variance.
  const sigma = Math.sqrt(deviations.reduce((sum, d) => sum + d * d, 0) / deviations.length / 1.5);
  const relative = sigma / mean;
  return turns >= 0.55 * (deviations.length - 1) && relative > 0.05 ? relative : undefined;
}
