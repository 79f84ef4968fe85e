import { completeRows, type Dataset, findColumn, type Scan } from '../dataset.ts';
import { smallest } from '../extremes.ts';
import { interpolate, trapezoid } from '../interpolate.ts';
import { AM15G } from '../reference/am15g.ts';
import { ELEMENTARY_CHARGE, PLANCK, SPEED_OF_LIGHT } from '../reference/constants.ts';
import { scaleBetween } from '../units.ts';
import { type EqeCurve, inflection, level } from './ipce-edge.ts';
import { scatterOf, uvScatter } from './ipce-noise.ts';
import { type Analysis, disagreements, type Metric, metricOf } from './metric.ts';

/** Acquisition conditions of the spectrum. Unknown members are undefined. */
export interface IpceConditions {
  /** Level of the bias light, 0 to 1. */
  biasLight: number | undefined;
  /** Hz; 0 means without chopper. */
  chopperHz: number | undefined;
  /** Duration of one acquisition, s. */
  acquisitionSeconds: number | undefined;
}

/**
 * Relative difference that is usual: the instrument's spectrum is another table of the same standard, which
 * alone accounts for up to 1.5 %.
 */
const AGREEMENT = 0.02;
/** mA/cm²: at a smaller current the relative difference means nothing, as for a spectrum that ended early. */
const NEGLIGIBLE = 0.05;
/** nm: below, AM1.5G holds hardly any light. */
const BLUE_END = 350;
/** The end of the range counts as beyond the edge if the EQE has fallen to this fraction of its level. */
const GONE = 0.1;
/** %: a smaller EQE is no response. */
const NO_RESPONSE = 1;
const ENOUGH_PERIODS = 10;
/** Significance of an EQE, in multiples of the scatter of its points. */
const SIGNIFICANT = 5;
/** Version 2: nothing is derived from noise any more. */
const VERSION = 2;

/** Photons of AM1.5G, 1/(m² s nm). */
const FLUX = AM15G.map(([nm, , photons]) => [nm, photons] as const);
/** h·c/q in eV·nm. */
const EV_NM = (PLANCK * SPEED_OF_LIGHT * 1e9) / ELEMENTARY_CHARGE;

/**
 * Computes integrated Jsc, band edge and peak of each EQE spectrum, and the objections of a specialist. mA/cm²,
 * nm, eV, %.
 */
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

/**
 * Current density under AM1.5G (ASTM G173), mA/cm². The reference spectrum here covers 280 to 1400 nm; light
 * outside does not count.
 */
export function integratedCurrent(curve: EqeCurve): number {
  const density = curve.map(
    ([nm, percent]) => [nm, (ELEMENTARY_CHARGE * percent * (interpolate(FLUX, nm) ?? 0)) / 100] as const,
  );
  // Converted from A/m² to mA/cm².
  return trapezoid(density) * 0.1;
}

function curveOf(scan: Scan): EqeCurve {
  if (findColumn(scan, 'Wavelength') === undefined || findColumn(scan, 'EQE') === undefined) return [];
  return completeRows(scan, ['Wavelength', 'EQE'])
    .map(([nm = 0, percent = 0]) => [nm, percent] as const)
    .toSorted((a, b) => a[0] - b[0]);
}

function figures(scan: Scan, curve: EqeCurve): Metric[] {
  const metric = metricOf(scan.label);
  const figure = (name: string, value: number | undefined, unit: string, method: string): Metric =>
    metric(name, value, unit, method, { version: VERSION });
  const theirs = reportedCurrent(scan);
  const noise = isNoise(curve);
  const responds = level(curve) >= NO_RESPONSE && !noise;
  const edge = responds ? inflection(curve) : undefined;
  const peak = responds ? curve.reduce((top, point) => (point[1] > top[1] ? point : top), [0, 0]) : undefined;
  return [
    metric(
      'jsc_integrated',
      curve.length < 2 || noise ? undefined : integratedCurrent(curve),
      'mA/cm²',
      'trapezoid of q·EQE·Φ on the measured wavelengths, Φ of AM1.5G (ASTM G173) in 5 nm bins, interpolated',
      { reported: theirs, version: VERSION },
    ),
    figure('band_edge', edge, 'nm', 'largest −dEQE/dλ, parabola through the slopes around it'),
    figure('band_gap', edge === undefined ? undefined : EV_NM / edge, 'eV', 'hc / band_edge'),
    figure(
      'edge_10_percent',
      responds && endsBeyondEdge(curve) ? curve.findLast(([, percent]) => percent > 10)?.[0] : undefined,
      'nm',
      'last wavelength with an EQE above 10 %, as the vendor’s tool takes the edge',
    ),
    figure('peak_eqe', peak?.[1], '%', 'largest value'),
    figure('peak_wavelength', peak?.[0], 'nm', 'where the largest value is'),
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

/** True if the EQE exceeds the scatter of its points neither upwards nor downwards. */
function isNoise(curve: EqeCurve): boolean {
  const scatter = scatterOf(curve);
  const strength = Math.max(level(curve), level(curve.map(([nm, percent]) => [nm, -percent])));
  return scatter !== undefined && strength < SIGNIFICANT * scatter;
}

function endsBeyondEdge(curve: EqeCurve): boolean {
  return (curve.at(-1)?.[1] ?? 0) <= GONE * level(curve);
}

function doubts(curve: EqeCurve, { biasLight, chopperHz }: IpceConditions): string[] {
  const warnings: string[] = [];
  const [first, last] = [curve[0], curve.at(-1)];
  const height = level(curve);
  if (isNoise(curve) && height >= NO_RESPONSE) {
    return [
      `the EQE does not stand out of its noise of about ${(scatterOf(curve) ?? 0).toPrecision(2)} %: no integrated current and no band edge are computed. A short (measure the JV curve), a poor contact, or too coarse a current range`,
    ];
  }
  const lowest = smallest(curve.map(([, percent]) => percent));
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
