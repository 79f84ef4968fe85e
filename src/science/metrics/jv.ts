import { completeRows, type Dataset, type Scan } from '../dataset.ts';
import { fitLine, interpolate, lastZero } from '../interpolate.ts';
import { AM15G } from '../reference/am15g.ts';
import { ELEMENTARY_CHARGE, thermalVoltage } from '../reference/constants.ts';
import { type Analysis, disagreements, type Metric } from './metric.ts';

type Curve = readonly (readonly [voltage: number, current: number])[];

/** What is known of how the curve was taken. Unknown stays undefined. */
export interface JvConditions {
  /** On the sample, mW/cm²; 0 in the dark. */
  irradiance: number | undefined;
  areaCm2: number | undefined;
  temperatureC: number | undefined;
  /** A. */
  compliance: number | undefined;
  /** Points per scan that the settings ask for. */
  pointsAsked: number | undefined;
  /** The scan may end early, where the current crosses zero. */
  autoVoc: boolean;
}

/** The slopes at Voc and Jsc are taken over this share of the scanned range. */
const SLOPE_WINDOW = 0.1;
/** The instrument interpolates differently: half a per cent is usual, more is worth a word. */
const AGREEMENT = 0.02;

/** Figures of merit of each scan, hysteresis of each pair, and what a specialist would doubt. V, mA/cm², Ω·cm², %. */
export function analyseJv(dataset: Dataset, conditions: JvConditions): Analysis {
  const curves = dataset.scans.map((scan) => ({ scan, curve: curveOf(scan) }));
  const perScan = curves.map(({ scan, curve }) => ({
    scan,
    curve,
    metrics: figures(scan, curve, conditions),
  }));
  const metrics = [...perScan.flatMap(({ metrics: own }) => own), ...hysteresis(perScan)];
  return {
    metrics,
    warnings: [
      ...disagreements(
        metrics.filter(({ name }) => !name.startsWith('r_')),
        AGREEMENT,
      ),
      ...perScan.flatMap(({ scan, curve, metrics: own }) => doubts(scan, curve, own, conditions)),
      ...(conditions.irradiance === 0
        ? ['the light source is None: this is a dark curve, and its efficiency means nothing']
        : []),
    ],
  };
}

function curveOf(scan: Scan): Curve {
  return completeRows(scan, ['Voltage', 'Current density'])
    .map(([v = 0, j = 0]) => [v, j] as const)
    .toSorted((a, b) => a[0] - b[0]);
}

function figures(scan: Scan, curve: Curve, { irradiance: light, areaCm2: area }: JvConditions): Metric[] {
  const jsc = interpolate(curve, 0);
  const voc = lastZero(curve);
  const mpp = maximumPower(curve);
  const reported = (name: string): number | undefined => scan.reported[name]?.value ?? undefined;
  // The instrument gives resistances in Ω; per area they compare with ours.
  const perArea = (name: string): number | undefined => {
    const ohm = reported(name);
    return ohm === undefined || area === undefined ? undefined : ohm * area;
  };
  const metric = (
    name: string,
    value: number | undefined,
    unit: string,
    method: string,
    theirs = reported(name),
  ): Metric => ({
    name,
    value: value !== undefined && Number.isFinite(value) ? value : null,
    unit,
    scan: scan.label,
    method,
    version: 1,
    ...(theirs === undefined ? {} : { reported: theirs }),
  });
  const { v, j, p } = mpp ?? {};
  const generates = jsc !== undefined && jsc > 0 && voc !== undefined && voc > 0 && p !== undefined;
  return [
    metric('voc', voc, 'V', 'linear interpolation at J = 0'),
    metric('jsc', jsc, 'mA/cm²', 'linear interpolation at V = 0'),
    metric('v_mpp', v, 'V', 'parabola through the three points around the largest V·J'),
    metric('j_mpp', j, 'mA/cm²', 'p_mpp / v_mpp'),
    metric('p_mpp', p, 'mW/cm²', 'parabola through the three points around the largest V·J'),
    metric('fill_factor', generates ? (100 * p) / (voc * jsc) : undefined, '%', 'p_mpp / (voc · jsc)'),
    metric(
      'efficiency',
      generates && light !== undefined && light > 0 ? (100 * p) / light : undefined,
      '%',
      'p_mpp / (Irradiance · Level)',
    ),
    metric(
      'r_series',
      slopeResistance(curve, voc),
      'Ω·cm²',
      '−dV/dJ at Voc, line over 10 % of the range',
      perArea('r_series'),
    ),
    metric(
      'r_shunt',
      slopeResistance(curve, 0),
      'Ω·cm²',
      '−dV/dJ at 0 V, line over 10 % of the range',
      perArea('r_shunt'),
    ),
  ];
}

function maximumPower(curve: Curve): { v: number; j: number; p: number } | undefined {
  const power = curve.map(([v, j]) => [v, v * j] as const);
  const best = power.reduce(
    (top, [, p], i) => (p > (power[top]?.[1] ?? Number.NEGATIVE_INFINITY) ? i : top),
    0,
  );
  const [a, b, c] = [power[best - 1], power[best], power[best + 1]];
  if (b === undefined || b[1] <= 0) return undefined;
  let [v, p] = b;
  if (a !== undefined && c !== undefined) {
    // Vertex of the parabola, by divided differences.
    const left = (b[1] - a[1]) / (b[0] - a[0]);
    const right = (c[1] - b[1]) / (c[0] - b[0]);
    const curvature = (right - left) / (c[0] - a[0]);
    const vertex = (a[0] + b[0]) / 2 - left / (2 * curvature);
    if (curvature < 0 && vertex > a[0] && vertex < c[0]) {
      v = vertex;
      p = a[1] + left * (v - a[0]) + curvature * (v - a[0]) * (v - b[0]);
    }
  }
  return { v, p, j: p / v };
}

/** Ω·cm² from a line through the points around `at`. */
function slopeResistance(curve: Curve, at: number | undefined): number | undefined {
  const [first, last] = [curve[0], curve.at(-1)];
  if (at === undefined || first === undefined || last === undefined) return undefined;
  const half = ((last[0] - first[0]) * SLOPE_WINDOW) / 2;
  const line = fitLine(curve.filter(([v]) => Math.abs(v - at) <= half));
  return line === undefined || line.slope >= 0 ? undefined : -1000 / line.slope;
}

/** (η reverse − η forward) / η reverse, by the power at the maximum, for each pair under the same conditions. */
function hysteresis(scans: readonly { scan: Scan; metrics: Metric[] }[]): Metric[] {
  const power = (metrics: Metric[]): number | null =>
    metrics.find(({ name }) => name === 'p_mpp')?.value ?? null;
  return scans.flatMap(({ scan, metrics }) => {
    if (scan.direction !== 'reverse') return [];
    const conditions = JSON.stringify(scan.conditions);
    const partner = scans.find(
      (other) => other.scan.direction === 'forward' && JSON.stringify(other.scan.conditions) === conditions,
    );
    if (partner === undefined) return [];
    const [reverse, forward] = [power(metrics), power(partner.metrics)];
    const value = reverse === null || forward === null ? null : (100 * (reverse - forward)) / reverse;
    return [
      {
        name: 'hysteresis_index',
        value,
        unit: '%',
        method: '(p_mpp reverse − p_mpp forward) / p_mpp reverse',
        version: 1,
      },
    ];
  });
}

function doubts(
  { label }: Scan,
  curve: Curve,
  metrics: readonly Metric[],
  { irradiance: light, areaCm2, temperatureC = 25, compliance, pointsAsked, autoVoc }: JvConditions,
): string[] {
  const value = (name: string): number | null =>
    metrics.find((metric) => metric.name === name)?.value ?? null;
  const warnings: string[] = [];
  if (autoVoc && curve.length <= 2) {
    warnings.push(
      'Auto Voc stopped at the first point: is the polarity inverted, or is there no light or contact?',
    );
  } else if (!autoVoc && pointsAsked !== undefined && curve.length < pointsAsked) {
    warnings.push(`${curve.length} points instead of ${pointsAsked}`);
  }
  if (compliance !== undefined && areaCm2 !== undefined) {
    const limit = (compliance * 1000) / areaCm2;
    const clipped = curve.filter(([, j]) => Math.abs(Math.abs(j) - limit) < 0.01 * limit).length;
    if (clipped >= 3)
      warnings.push(`${clipped} points lie at the compliance of ${compliance} A: the curve is cut off`);
  }
  const [voc, jsc, ff] = [value('voc'), value('jsc'), value('fill_factor')];
  if (voc === null && light !== 0)
    warnings.push('the curve does not cross zero current: Voc is outside the scan');
  if (voc !== null && ff !== null && voc > 0) {
    const normalised = voc / thermalVoltage(temperatureC + 273.15);
    const limit = (100 * (normalised - Math.log(normalised + 0.72))) / (normalised + 1);
    if (ff > limit)
      warnings.push(
        `a fill factor of ${ff.toFixed(1)} % is more than ${limit.toFixed(1)} %, which a Voc of ${voc.toFixed(3)} V allows`,
      );
  }
  if (voc !== null && jsc !== null && voc > 0 && light !== undefined && light > 0) {
    const limit = currentLimit(voc) * (light / 100);
    if (jsc > limit) {
      warnings.push(
        `a Jsc of ${jsc.toFixed(1)} mA/cm² is more than the ${limit.toFixed(1)} mA/cm² that the light holds above q·Voc: check area and irradiance`,
      );
    }
  }
  return warnings.map((warning) => `${label}: ${warning}`);
}

/** mA/cm² of all AM1.5G photons above an energy in eV; the spectrum ends at 1400 nm. */
function currentLimit(energy: number): number {
  const edge = 1239.84 / energy;
  const photons = AM15G.reduce((sum, [nm, , flux]) => (nm <= edge ? sum + flux * 5 : sum), 0);
  return photons * ELEMENTARY_CHARGE * 0.1;
}
