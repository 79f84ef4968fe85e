import { type Dataset, findColumn, type Scan } from '../dataset.ts';
import { fitLine } from '../interpolate.ts';
import { ELEMENTARY_CHARGE } from '../reference/constants.ts';
import { delayOf } from './celiv-delays.ts';
import { celivDoubts } from './celiv-doubts.ts';
import { celivMobility } from './celiv-mobility.ts';
import type { CelivConditions, CelivResult } from './celiv-result.ts';
import { rampTimes, readTransient, type Transient, type TransientPoint } from './celiv-transient.ts';
import { type Analysis, type Metric, metricOf } from './metric.ts';

/**
 * Computes mobility and extracted charge of each delay, the recombination of the charge, and the objections of
 * a specialist.
 */
export function analyseCeliv(dataset: Dataset, conditions: CelivConditions): Analysis {
  const results = dataset.scans.map((scan) => analyseDelay(scan, conditions));
  return {
    metrics: [...results.flatMap(({ metrics }) => metrics), ...recombination(results)],
    warnings: celivDoubts(results, conditions),
  };
}

function analyseDelay(scan: Scan, conditions: CelivConditions): CelivResult {
  const rampRate = rateOf(scan, conditions);
  const points = pointsOf(scan, rampRate);
  const transient = readTransient(points);
  return {
    scan,
    transient,
    rampRate,
    duration: points.at(-1)?.[0],
    largest: points.reduce((most, [, j]) => Math.max(most, Math.abs(j)), 0),
    metrics: figures(scan, transient, rampRate, conditions),
  };
}

/** Ramp rate as the instrument reports it, or else as the settings give it. */
function rateOf(scan: Scan, { rampStart, rampEnd, rampDuration }: CelivConditions): number | undefined {
  const reported = scan.reported['ramp_rate']?.value;
  if (typeof reported === 'number' && reported !== 0) return Math.abs(reported);
  if (rampStart === undefined || rampEnd === undefined || rampDuration === undefined) return undefined;
  return rampStart === rampEnd || rampDuration <= 0
    ? undefined
    : Math.abs(rampEnd - rampStart) / rampDuration;
}

function pointsOf(scan: Scan, rate: number | undefined): TransientPoint[] {
  const current = findColumn(scan, 'Current')?.values ?? [];
  const sent = findColumn(scan, 'Time')?.values;
  const volts = findColumn(scan, 'Voltage')?.values ?? [];
  const times = sent ?? (rate === undefined ? undefined : rampTimes(volts, rate)) ?? [];
  return times.flatMap((t, i): TransientPoint[] => {
    const j = current[i];
    return t === null || typeof j !== 'number' ? [] : [[t, j]];
  });
}

function figures(
  scan: Scan,
  transient: Transient,
  rampRate: number | undefined,
  { thickness, areaCm2 }: CelivConditions,
): Metric[] {
  const { tMax, tMaxError, deltaJ, j0, riseTime, charge, sign } = transient;
  const reported = (name: string, factor = 1): number | undefined => {
    const value = scan.reported[name]?.value;
    return typeof value === 'number' ? factor * value : undefined;
  };
  const metric = metricOf(scan.label);
  const ratio = deltaJ === undefined || j0 === undefined ? undefined : deltaJ / j0;
  const mobility = mobilityOf(thickness, rampRate, tMax, ratio);
  // µ is proportional to 1/t².
  const spread =
    mobility === undefined || tMax === undefined || tMaxError === undefined
      ? undefined
      : (2 * mobility * tMaxError) / tMax;
  const theirs = reported('mobility');
  const [theirDelta, theirJ0] = [reported('delta_j'), reported('j0')];
  const theirRatio = theirDelta === undefined || theirJ0 === undefined ? undefined : theirDelta / theirJ0;
  const turned = 'extraction positive';
  return [
    metric('t_max', tMax, 's', 'maximum of a cubic through the top of the transient', {
      reported: reported('t_max'),
      uncertainty: tMaxError,
    }),
    metric('delta_j', deltaJ, 'A', `current at t_max − j0, ${turned}`, {
      reported: reported('delta_j', sign),
    }),
    metric(
      'j0',
      j0,
      'A',
      `plateau after the peak, or where that differs a parabola before the peak at t = 0, ${turned}`,
      { reported: reported('j0', sign) },
    ),
    metric('mobility', mobility, 'm²/Vs', '2d²/(3·A·t_max²·(1 + 0.36·Δj/j0)) from the curve', {
      reported: theirs,
      uncertainty: spread,
    }),
    metric(
      'mobility_cm2',
      mobility === undefined ? undefined : mobility * 1e4,
      'cm²/Vs',
      'mobility in the usual unit',
      { reported: theirs && theirs * 1e4, uncertainty: spread && spread * 1e4 },
    ),
    metric(
      'mobility_from_parameters',
      mobilityOf(thickness, rampRate, reported('t_max'), theirRatio),
      'm²/Vs',
      "the same formula with the instrument's t_max, ΔJ and J0 and the thickness in the settings",
      { reported: theirs },
    ),
    metric('rise_time', riseTime, 's', 'time to 63 % of j0'),
    metric('extracted_charge', charge, 'C', '∫(j − j0)dt, less a leakage that rises with the ramp'),
    ...(areaCm2 === undefined || thickness === undefined
      ? []
      : [
          metric(
            'carrier_density',
            charge === undefined ? undefined : charge / (ELEMENTARY_CHARGE * areaCm2 * thickness * 100),
            'cm⁻³',
            'extracted_charge / (q · area · thickness)',
          ),
        ]),
  ];
}

function mobilityOf(
  thickness: number | undefined,
  rampRate: number | undefined,
  tMax: number | undefined,
  ratio: number | undefined,
): number | undefined {
  if (thickness === undefined || rampRate === undefined || tMax === undefined || ratio === undefined)
    return undefined;
  return celivMobility(thickness, rampRate, tMax, ratio);
}

/**
 * Rate at which the charge recombines while the ramp waits: for bimolecular recombination 1/Q rises linearly
 * with the delay, and after intercept/slope half of the charge is left.
 */
function recombination(results: readonly CelivResult[]): Metric[] {
  const points = results.flatMap(({ scan, transient: { charge } }): [number, number][] => {
    const delay = delayOf(scan);
    return delay === undefined || charge === undefined || charge <= 0 ? [] : [[delay, 1 / charge]];
  });
  if (points.length < 3) return [];
  const line = fitLine(points);
  const determined = line !== undefined && line.slope > 0 && line.intercept > 0 && line.r2 > 0.8;
  return [
    metricOf()(
      'charge_half_life',
      determined ? line.intercept / line.slope : null,
      's',
      'line of 1/extracted_charge over the delay (bimolecular): intercept / slope',
    ),
  ];
}
