import { NO_CURRENT, SHORTED_VOC } from './jv-figures.ts';
import { AM15G } from '../reference/am15g.ts';
import {
  ELEMENTARY_CHARGE,
  PLANCK,
  SPEED_OF_LIGHT,
  thermalVoltage,
  ZERO_CELSIUS,
} from '../reference/constants.ts';
import type { JvCurve } from './jv-figures.ts';
import type { Metric } from './metric.ts';

/** What is known of how one curve was taken. Unknown stays undefined. */
export interface DoubtContext {
  irradiance: number | undefined;
  areaCm2: number | undefined;
  temperatureC: number | undefined;
  compliance: number | undefined;
  pointsAsked: number | undefined;
  autoVoc: boolean;
}

/** V: cells of a gap so small that the reference spectrum, which ends at 1400 nm, does not reach it. */
const SMALL_GAP_VOC = 0.55;

/** What a specialist would object to in one curve. One sentence each. */
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
  { irradiance: light, temperatureC = 25 }: DoubtContext,
): string[] {
  const value = (name: string): number | null =>
    metrics.find((metric) => metric.name === name)?.value ?? null;
  const [voc, jsc, ff] = [value('voc'), value('jsc'), value('fill_factor')];
  const warnings: string[] = [];
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
    warnings.push('the curve does not cross zero current: Voc is outside the scan');
  if (voc !== null && ff !== null && voc > 0) {
    const limit = fillFactorLimit(voc, temperatureC);
    if (ff > limit)
      warnings.push(
        `a fill factor of ${ff.toFixed(1)} % is more than ${limit.toFixed(1)} %, which a Voc of ${voc.toFixed(3)} V allows`,
      );
  }
  if (voc !== null && jsc !== null && voc >= SMALL_GAP_VOC && light !== undefined && light > 0) {
    const limit = currentLimit(voc) * (light / 100);
    if (jsc > limit) {
      warnings.push(
        `a Jsc of ${jsc.toFixed(1)} mA/cm² is more than the ${limit.toFixed(1)} mA/cm² that the light holds above q·Voc: check area and irradiance`,
      );
    }
  }
  return warnings;
}

/**
 * %, of an ideal diode without resistances: (v − ln(v + 0.72))/(v + 1), v = q·Voc/kT.
 * Source: M. A. Green, Solid-State Electron. 24 (1981) 788. It holds for v > 10.
 */
function fillFactorLimit(voc: number, celsius: number): number {
  const v = voc / thermalVoltage(celsius + ZERO_CELSIUS);
  return v > 10 ? (100 * (v - Math.log(v + 0.72))) / (v + 1) : 100;
}

/** mA/cm² of all AM1.5G photons above an energy in eV; the spectrum ends at 1400 nm. */
function currentLimit(energy: number): number {
  const edge = (PLANCK * SPEED_OF_LIGHT * 1e9) / ELEMENTARY_CHARGE / energy;
  const photons = AM15G.reduce((sum, [nm, , flux]) => (nm <= edge ? sum + flux * 5 : sum), 0);
  return photons * ELEMENTARY_CHARGE * 0.1;
}
