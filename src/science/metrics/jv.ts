import type { Dataset, Scan } from '../dataset.ts';
import { areaDoubts, doubts } from './jv-doubts.ts';
import { curveOf, figures } from './jv-figures.ts';
import { scanNames } from '../scan-names.ts';
import { type Analysis, disagreements, type Metric } from './metric.ts';

/** Acquisition conditions of the curves. Unknown members are undefined. */
export interface JvConditions {
  /** Irradiance on the sample during a scan, mW/cm²; 0 in the dark. Undefined if unknown. */
  irradiance: (scan: Scan) => number | undefined;
  areaCm2: number | undefined;
  temperatureC: number | undefined;
  /** A. */
  compliance: number | undefined;
  /** Points per scan that the settings ask for. */
  pointsAsked: number | undefined;
  /** True if the scan may end early, at the first crossing of zero current. */
  autoVoc: boolean;
}

/**
 * Largest usual relative difference: the instrument interpolates differently, which accounts for half a per
 * cent.
 */
const AGREEMENT = 0.02;
/** mA/cm²: a larger current is photocurrent. */
const PHOTOCURRENT = 0.1;

interface Evaluated {
  scan: Scan;
  /** Unique among the scans, unlike the label. */
  name: string;
  metrics: Metric[];
}

/**
 * Computes the figures of merit of each scan, the hysteresis of each pair, and the objections of a specialist.
 * V, mA/cm², Ω·cm², %.
 */
export function analyseJv(dataset: Dataset, conditions: JvConditions): Analysis {
  const names = scanNames(dataset);
  const evaluated = dataset.scans.map((scan, i) => {
    const name = names[i] ?? scan.label;
    const curve = curveOf(scan);
    const irradiance = conditions.irradiance(scan);
    const metrics = figures(scan, curve, { name, irradiance, areaCm2: conditions.areaCm2 });
    const warnings = doubts(curve, metrics, { ...conditions, irradiance });
    return { scan, name, metrics, warnings: warnings.map((warning) => `${name}: ${warning}`) };
  });
  const metrics = [...evaluated.flatMap(({ metrics: own }) => own), ...hysteresis(evaluated)];
  return {
    metrics,
    warnings: [
      ...disagreements(
        metrics.filter(({ name }) => !name.startsWith('r_')),
        AGREEMENT,
      ),
      ...(dataset.scans.length > 0 ? areaDoubts(conditions.areaCm2) : []),
      ...evaluated.flatMap(({ warnings }) => warnings),
      ...lightDoubts(evaluated, conditions),
    ],
  };
}

/**
 * (p_mpp reverse − p_mpp forward) / p_mpp reverse. Scans pair under the same conditions; if several have the
 * same conditions, the first reverse pairs with the first forward, and so on, in the order measured.
 */
function hysteresis(scans: readonly Evaluated[]): Metric[] {
  const alike = ({ scan }: Evaluated, direction: Scan['direction']): Evaluated[] =>
    scans.filter(
      (other) =>
        other.scan.direction === direction &&
        JSON.stringify(other.scan.conditions) === JSON.stringify(scan.conditions),
    );
  const pairs = scans.flatMap((reverse) => {
    if (reverse.scan.direction !== 'reverse') return [];
    const forward = alike(reverse, 'forward')[alike(reverse, 'reverse').indexOf(reverse)];
    return forward === undefined ? [] : [{ forward, reverse }];
  });
  const power = ({ metrics }: Evaluated): number | null =>
    metrics.find(({ name }) => name === 'p_mpp')?.value ?? null;
  return pairs.map(({ forward, reverse }) => {
    const [up, down] = [power(forward), power(reverse)];
    return {
      name: 'hysteresis_index',
      value: up === null || down === null ? null : (100 * (down - up)) / down,
      unit: '%',
      ...(pairs.length > 1 ? { scan: reverse.name } : {}),
      method: '(p_mpp reverse − p_mpp forward) / p_mpp reverse',
      version: 1,
    };
  });
}

function lightDoubts(evaluated: readonly Evaluated[], { irradiance }: JvConditions): string[] {
  const lights = evaluated.map(({ scan }) => irradiance(scan));
  const jsc = ({ metrics }: Evaluated): number => metrics.find(({ name }) => name === 'jsc')?.value ?? 0;
  const warnings: string[] = [];
  if (lights.includes(0)) {
    const lit = evaluated.some((one, i) => lights[i] === 0 && Math.abs(jsc(one)) > PHOTOCURRENT);
    warnings.push(
      lit
        ? 'the routine drives no light, but there is photocurrent: other light is on, of an irradiance that is not known here, and an efficiency means nothing'
        : 'the light is off: this is a dark curve, and its efficiency means nothing',
    );
  }
  if (evaluated.length > 0 && lights.includes(undefined)) {
    warnings.push('the irradiance of a scan is not known, so that no efficiency is computed');
  }
  return warnings;
}
