import { completeRows, type Dataset, findColumn, type Scan } from '../dataset.ts';
import { largest, smallest } from '../extremes.ts';
import { fitLine } from '../interpolate.ts';
import { circleFactor, edgeFactor, rectangleFactor, thicknessFactor } from './four-point.ts';
import { type Analysis, disagreements, type MakeMetric, type Metric, metricOf } from './metric.ts';

/** Properties of the film and the probe. Unknown members are undefined. */
export interface ResistivityConditions {
  thicknessUm: number | undefined;
  lengthMm: number | undefined;
  widthMm: number | undefined;
  /** The largest voltage that the source may give, V. */
  voltageLimit: number | undefined;
  /** Spacing of the probe, mm. The instrument does not report this property of the probe. */
  probeSpacingMm?: number | undefined;
  /** Diameter of a round sample, in place of length and width. */
  diameterMm?: number | undefined;
  /**
   * Position of a probe that stands off centre: its distance from the nearest edge, and the direction of its
   * line.
   */
  edge?: { distanceMm: number; line: 'perpendicular' | 'parallel' } | undefined;
}

/** π/ln2 = 4.532: factor from V/I of a probe in line on an infinite thin sheet to the sheet resistance. */
const SHEET = Math.PI / Math.LN2;
/** mm, of the probes: no setting of the instrument holds it. */
export const ASSUMED_SPACING = 1;
/** The smallest current that the source can be asked for is 1 nA. */
const NO_CURRENT = 5e-10;
/** V: thermoelectric voltages at the contacts are of the order of µV. */
const SMALL_VOLTAGE = 5e-5;
/** W between the inner probes; the film takes several times more. */
const HEATING_POWER = 5e-3;
const LARGE_CORRECTION = 0.9;
/** Relative difference of V/I between currents that counts as a change. */
const OHMIC = 0.02;

/**
 * Computes sheet resistance in Ω/□, resistivity in Ω·cm and conductivity in S/cm from the last row; with
 * several currents also without offset.
 */
export function analyseResistivity(dataset: Dataset, conditions: ResistivityConditions): Analysis {
  const scan = dataset.scans.find((candidate) => completeRowsOf(candidate).length > 0);
  const points = scan === undefined ? [] : completeRowsOf(scan);
  const [volts, amperes] = points.at(-1) ?? [];
  const reported = (name: string): number | undefined => {
    const values = scan === undefined ? undefined : findColumn(scan, name)?.values;
    return values?.at(-1) ?? undefined;
  };
  const flows = amperes !== undefined && Math.abs(amperes) > NO_CURRENT;
  const sheet = volts === undefined || !flows ? null : (SHEET * volts) / amperes;
  const { factor, method } = correction(conditions);
  const corrected = sheet === null || factor === null ? null : sheet * factor;
  const thicknessCm = positive(conditions.thicknessUm) && conditions.thicknessUm * 1e-4;
  const resistivity = corrected === null || !thicknessCm ? null : corrected * thicknessCm;
  const metric = metricOf();
  const metrics = [
    metric('sheet_resistance', sheet, 'Ω/□', '(π/ln2)·V/I, last row', {
      reported: reported('Sheet resistance'),
    }),
    metric('correction_factor', factor, '', method),
    metric('sheet_resistance_corrected', corrected, 'Ω/□', 'sheet_resistance · correction_factor', {
      reported: reported('Corrected sheet resistance'),
    }),
    metric('resistivity', resistivity, 'Ω·cm', 'sheet_resistance_corrected · thickness'),
    metric('conductivity', resistivity === null ? null : 1 / resistivity, 'S/cm', '1 / resistivity'),
    ...slope(points, metric),
  ];
  return {
    metrics,
    warnings: [
      // Without the probe spacing the corrections cannot agree to better than a few per cent.
      ...disagreements(metrics.slice(0, 1), 0.001),
      ...disagreements(metrics.slice(2, 3), 0.02),
      ...doubts(points, sheet, conditions),
      ...(factor !== null && factor < LARGE_CORRECTION
        ? [
            `the geometry corrects by ${factor.toFixed(3)}: the result rests on probe spacing (${method}), dimensions and a centred probe`,
          ]
        : []),
    ],
  };
}

function completeRowsOf(scan: Scan): [volts: number, amperes: number][] {
  if (findColumn(scan, 'Voltage') === undefined || findColumn(scan, 'Current') === undefined) return [];
  return completeRows(scan, ['Voltage', 'Current']).map(([volts = 0, amperes = 0]) => [volts, amperes]);
}

function correction(conditions: ResistivityConditions): { factor: number | null; method: string } {
  const { thicknessUm, lengthMm, widthMm, diameterMm, probeSpacingMm, edge } = conditions;
  const s = probeSpacingMm ?? ASSUMED_SPACING;
  const spacing = `s = ${s} mm${probeSpacingMm === undefined ? ' assumed' : ''}`;
  const round = positive(diameterMm);
  if (!round && !(positive(lengthMm) && positive(widthMm)))
    return { factor: null, method: 'length and width of the film are not known' };
  const shape = round
    ? circleFactor(diameterMm / s)
    : rectangleFactor((lengthMm ?? 0) / s, (widthMm ?? 0) / s);
  if (shape === undefined)
    return { factor: null, method: `four probes with ${spacing} do not fit on the film` };
  const thin = positive(thicknessUm);
  const factors = [
    thin
      ? { value: thicknessFactor(thicknessUm / 1000 / s), says: 'F1(thickness)' }
      : { value: 1, says: 'F1 = 1 (thickness not known)' },
    edge === undefined
      ? { value: 1, says: 'F2 = 1 (probe centred)' }
      : { value: edgeFactor(edge.distanceMm / s, edge.line), says: 'F2(edge)' },
    { value: shape, says: round ? 'F3(circle)' : 'F3(rectangle, probe along the longer side)' },
  ];
  return {
    factor: factors.reduce((product, { value }) => product * value, 1),
    method: `${factors.map(({ says }) => says).join(' · ')}, ${spacing}`,
  };
}

function slope(points: readonly [number, number][], metric: MakeMetric): Metric[] {
  const line = fitLine(points.map(([volts, amperes]) => [amperes, volts] as const));
  if (points.length < 3 || line === undefined) return [];
  return [
    metric('sheet_resistance_slope', SHEET * line.slope, 'Ω/□', '(π/ln2)·dV/dI, line through all rows'),
    metric('offset_voltage', line.intercept, 'V', 'V at I = 0 of that line'),
  ];
}

function doubts(
  points: readonly [number, number][],
  sheet: number | null,
  { voltageLimit }: ResistivityConditions,
): string[] {
  const last = points.at(-1);
  if (last === undefined) return ['there is no voltage and current yet'];
  const [volts, amperes] = last;
  if (sheet === null) return ['no current flows: none was applied, or the probe has no contact'];
  const warnings: string[] = [];
  if (voltageLimit !== undefined && Math.abs(volts) >= 0.99 * voltageLimit)
    warnings.push(
      `the voltage is at its limit of ${voltageLimit} V: less current flows than was asked for; probe contact, or too much current for this film`,
    );
  if (sheet < 0) warnings.push('voltage and current have opposite signs: an offset, noise or swapped leads');
  if (Math.abs(volts) < SMALL_VOLTAGE)
    warnings.push(
      `only ${(volts * 1e6).toPrecision(3)} µV: thermoelectric voltages of some µV falsify the result; raise the current`,
    );
  if (Math.abs(volts * amperes) > HEATING_POWER)
    warnings.push(
      `${(Math.abs(volts * amperes) * 1000).toPrecision(2)} mW may heat the film; lower the current`,
    );
  // At smaller voltages thermoelectric ones alone change the ratio.
  const ratios = points
    .filter(([v, i]) => Math.abs(i) > NO_CURRENT && Math.abs(v) > 2 * SMALL_VOLTAGE)
    .map(([v, i]) => v / i);
  const spread = (largest(ratios) - smallest(ratios)) / Math.abs(ratios.at(-1) ?? 1);
  if (spread > OHMIC)
    warnings.push(
      `V/I changes by ${(100 * spread).toPrecision(2)} % between the currents: contacts that are not ohmic, or heating at the high end`,
    );
  return warnings;
}

function positive(value: number | undefined): value is number {
  return value !== undefined && value > 0;
}
