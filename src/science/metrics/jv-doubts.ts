import { type JvCurve, NO_CURRENT, openCircuit } from './jv-open-circuit.ts';
import { SHORTED_VOC } from './jv-figures.ts';
import { AM15G } from '../reference/am15g.ts';
import {
  ELEMENTARY_CHARGE,
  PLANCK,
  SPEED_OF_LIGHT,
  thermalVoltage,
  ZERO_CELSIUS,
} from '../reference/constants.ts';
import type { Metric } from './metric.ts';

/** Acquisition conditions of one curve. Unknown members are undefined. */
export interface DoubtContext {
  irradiance: number | undefined;
  areaCm2: number | undefined;
  temperatureC: number | undefined;
  compliance: number | undefined;
  pointsAsked: number | undefined;
  autoVoc: boolean;
}

/**
 * V: a smaller Voc means a gap so small that the reference spectrum, which ends at 1400 nm, does not reach it.
 */
const SMALL_GAP_VOC = 0.55;

/** Fraction of the photons above q·Voc that any useful device converts. */
const LITTLE = 0.02;
/** Deviation from a straight line, relative to Jsc: a diode of fill factor 40 % deviates by 0.15 and more. */
const STRAIGHT = 0.06;
/** Least number of points for a line. */
const FEWEST = 5;

/**
 * cm². A mask of less than 0.3 mm by 0.3 mm is not known to a few per cent, and scattered light decides; a
 * one-sun device from 200 cm² on is a submodule by the efficiency tables (M. A. Green et al., Prog. Photovolt.:
 * "Solar cell efficiency tables", areas of device types), and no single cell on this kind of rack.
 */
const USUAL_AREA = { min: 1e-3, max: 200 };

/** Objections to the area on which the densities rest. */
export function areaDoubts(areaCm2: number | undefined): string[] {
  if (areaCm2 === undefined || (areaCm2 >= USUAL_AREA.min && areaCm2 < USUAL_AREA.max)) return [];
  const why = areaCm2 < USUAL_AREA.min ? 'smaller than a mask of 0.3 mm by 0.3 mm' : 'as large as a module';
  return [`an area of ${areaCm2} cm² is ${why}: is it in cm²? Current densities and efficiency go with it`];
}

/** Objections that a specialist would raise to one curve, one sentence each. */
export function doubts(curve: JvCurve, metrics: readonly Metric[], context: DoubtContext): string[] {
  return [
    ...lengthDoubts(curve, context),
    ...complianceDoubts(curve, context),
    ...figureDoubts(metrics, curve, context),
  ];
}

function lengthDoubts(curve: JvCurve, { autoVoc, pointsAsked }: DoubtContext): string[] {
  if (autoVoc && curve.length <= 2) {
    return [
      'Auto Voc stopped at the first point: is the polarity inverted, or is there no light or contact?',
    ];
  }
  return !autoVoc && pointsAsked !== undefined && curve.length < pointsAsked
    ? [`${curve.length} points instead of ${pointsAsked}`]
    : [];
}

function complianceDoubts(curve: JvCurve, { compliance, areaCm2 }: DoubtContext): string[] {
  if (compliance === undefined || areaCm2 === undefined) return [];
  const limit = (compliance * 1000) / areaCm2;
  const clipped = curve.filter(([, j]) => Math.abs(Math.abs(j) - limit) < 0.01 * limit).length;
  return clipped < 3
    ? []
    : [`${clipped} points lie at the compliance of ${compliance} A: the curve is cut off`];
}

function figureDoubts(
  metrics: readonly Metric[],
  curve: JvCurve,
  { irradiance: light, temperatureC = 25, autoVoc, pointsAsked }: DoubtContext,
): string[] {
  const value = (name: string): number | null =>
    metrics.find((metric) => metric.name === name)?.value ?? null;
  const [voc, jsc, ff] = [value('voc'), value('jsc'), value('fill_factor')];
  const warnings: string[] = [];
  const wasCut = autoVoc && (pointsAsked === undefined || curve.length < pointsAsked);
  if (light !== 0 && jsc !== null && jsc < -NO_CURRENT) {
    warnings.push(`the current at 0 V is negative, ${jsc.toPrecision(3)} mA/cm²: the polarity is inverted`);
  }
  if (light !== 0 && jsc !== null && Math.abs(jsc) <= NO_CURRENT) {
    warnings.push('hardly any current at 0 V: no contact, another relay closed, or no light');
  }
  if (voc !== null && jsc !== null && voc <= SHORTED_VOC && jsc > NO_CURRENT) {
    warnings.push(
      `${jsc.toPrecision(3)} mA/cm² flow at 0 V, but Voc is only ${(1000 * voc).toFixed(1)} mV: the pixel is shorted`,
    );
  }
  if (voc === null && jsc !== null && jsc > NO_CURRENT && light !== 0 && curve.length > 2)
    warnings.push(
      `Voc is outside the scan, which does not cross zero current: measure again with ${wasCut ? 'auto_voc false, or end_v higher' : 'end_v higher'}`,
    );
  const { beyond } = openCircuit(curve, jsc ?? undefined) ?? {};
  if (beyond !== undefined && light !== 0)
    warnings.push(
      `the scan ends short of zero current: Voc is extrapolated by ${millivolts(beyond.distance)} ± ${millivolts(beyond.uncertainty)} mV, and the fill factor rests on it`,
    );
  if (voc !== null && ff !== null && voc > 0) {
    const limit = fillFactorLimit(voc, temperatureC);
    if (ff > limit)
      warnings.push(
        `a fill factor of ${ff.toFixed(1)} % is more than ${limit.toFixed(1)} %, which a Voc of ${voc.toFixed(3)} V allows`,
      );
  }
  if (light !== 0 && voc !== null && jsc !== null && voc > SHORTED_VOC && isStraight(curve, voc, jsc))
    warnings.push(
      `between 0 V and Voc the curve is a straight line (fill factor ${ff?.toFixed(1) ?? 'about 25'} %): a resistance in series, as of a bad contact, or beside the cell, as of a leak, decides, and not the cell: check_contact`,
    );
  if (voc !== null && jsc !== null && voc >= SMALL_GAP_VOC && light !== undefined && light > 0) {
    const limit = currentLimit(voc) * (light / 100);
    if (jsc > limit) {
      warnings.push(
        `a Jsc of ${jsc.toFixed(1)} mA/cm² is more than the ${limit.toFixed(1)} mA/cm² that the light holds above q·Voc: check area and irradiance`,
      );
    }
    if (jsc > NO_CURRENT && jsc < LITTLE * limit)
      warnings.push(
        `a Jsc of ${jsc.toPrecision(2)} mA/cm² is less than ${100 * LITTLE} % of the ${limit.toFixed(1)} mA/cm² that the light holds above q·Voc: check the area (in cm²), the light and the contact`,
      );
  }
  return warnings;
}

function millivolts(volts: number): string {
  return (1000 * volts).toFixed(2);
}

/**
 * True if the curve is a line from (0, Jsc) to (Voc, 0), as through a resistor: a fill factor of 25 %, whatever
 * its slope.
 */
function isStraight(curve: JvCurve, voc: number, jsc: number): boolean {
  const between = curve.filter(([v]) => v >= 0 && v <= voc);
  return (
    jsc > NO_CURRENT &&
    between.length >= FEWEST &&
    between.every(([v, j]) => Math.abs(j - jsc * (1 - v / voc)) < STRAIGHT * jsc)
  );
}

/**
 * Fill factor of an ideal diode without resistances, %: (v − ln(v + 0.72))/(v + 1), v = q·Voc/kT.
 * Source: M. A. Green, Solid-State Electron. 24 (1981) 788. It holds for v > 10.
 */
function fillFactorLimit(voc: number, celsius: number): number {
  const v = voc / thermalVoltage(celsius + ZERO_CELSIUS);
  return v > 10 ? (100 * (v - Math.log(v + 0.72))) / (v + 1) : 100;
}

/** Current density of all AM1.5G photons above an energy in eV, mA/cm²; the spectrum ends at 1400 nm. */
function currentLimit(energy: number): number {
  const edge = (PLANCK * SPEED_OF_LIGHT * 1e9) / ELEMENTARY_CHARGE / energy;
  const photons = AM15G.reduce((sum, [nm, , flux]) => (nm <= edge ? sum + flux * 5 : sum), 0);
  return photons * ELEMENTARY_CHARGE * 0.1;
}
