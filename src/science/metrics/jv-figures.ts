import { completeRows, findColumn, type Scan } from '../dataset.ts';
import { fitParabola } from '../fit-parabola.ts';
import { fitLine, interpolate } from '../interpolate.ts';
import { type JvCurve, NO_CURRENT, openCircuit } from './jv-open-circuit.ts';
import { type Metric, metricOf } from './metric.ts';

/** V: a photocurrent with a smaller open-circuit voltage flows through a short. */
export const SHORTED_VOC = 0.02;

/** Fraction of the scanned range over which the slopes at Voc and Jsc are taken. */
const SLOPE_WINDOW = 0.1;

/**
 * If a neighbour has less than this fraction of the largest power, a parabola would overshoot: then the point
 * itself counts.
 */
const NEAR = 0.7;
/**
 * Version of the figures that rest on the maximum power: 2 since the parabola is not trusted at a sharp corner,
 * 3 since the maximum counts without Voc.
 */
const MPP_VERSION = 3;
/** Version 2: a scan that ends just short of zero current is extrapolated. */
const VOC_VERSION = 2;
/**
 * If the scan does not reach zero current, the power at its end has to be below this fraction of the maximum: a
 * smaller fall may be noise.
 */
const FALLEN = 0.99;

/** The curve of a scan; empty if the scan has no voltages or current densities. */
export function curveOf(scan: Scan): JvCurve {
  if (findColumn(scan, 'Voltage') === undefined || findColumn(scan, 'Current density') === undefined)
    return [];
  return completeRows(scan, ['Voltage', 'Current density'])
    .map(([v = 0, j = 0]) => [v, j] as const)
    .toSorted((a, b) => a[0] - b[0]);
}

/** Name of a scan and its acquisition conditions. */
export interface FigureContext {
  /** The scan's name in the metrics. */
  name: string;
  /** Irradiance on the sample, mW/cm²; 0 in the dark. */
  irradiance: number | undefined;
  areaCm2: number | undefined;
}

/** Computes the figures of merit of one curve: V, mA/cm², mW/cm², %, Ω·cm². */
export function figures(
  { reported: theirs }: Scan,
  curve: JvCurve,
  { name: scan, irradiance: light, areaCm2: area }: FigureContext,
): Metric[] {
  const jsc = interpolate(curve, 0);
  // If the scan begins above 0 V, its first current is the largest.
  const generates = (jsc ?? curve[0]?.[1] ?? 0) > NO_CURRENT;
  const open = openCircuit(curve, jsc);
  const voc = open?.volts;
  const mpp = generates && (voc === undefined || voc > SHORTED_VOC) ? maximumPower(curve) : undefined;
  const { v, j, p } = mpp ?? {};
  const fillFactor =
    jsc !== undefined && voc !== undefined && p !== undefined ? (100 * p) / (voc * jsc) : undefined;
  const reported = (name: string): number | undefined => theirs[name]?.value ?? undefined;
  const make = metricOf(scan);
  const metric = (
    name: string,
    value: number | undefined,
    unit: string,
    method: string,
    version = 1,
    uncertainty?: number,
  ): Metric => make(name, value, unit, method, { version, uncertainty, reported: reported(name) });
  const resistance = (
    name: string,
    found: Resistance | undefined,
    version: number,
    method: string,
  ): Metric => {
    // The instrument gives resistances in Ω; multiplied by the area they compare with ours.
    const ohm = reported(name);
    const own = ohm === undefined || area === undefined ? undefined : ohm * area;
    return make(name, found?.value, 'Ω·cm²', method, {
      version,
      uncertainty: found?.sigma === 0 ? undefined : found?.sigma,
      reported: own,
    });
  };
  return [
    metric(
      'voc',
      voc,
      'V',
      open?.beyond === undefined
        ? 'linear interpolation at J = 0'
        : 'linear extrapolation to J = 0, by the slope at the last point',
      VOC_VERSION,
      open?.beyond?.uncertainty,
    ),
    metric('jsc', jsc, 'mA/cm²', 'linear interpolation at V = 0'),
    metric('v_mpp', v, 'V', 'parabola through the three points around the largest V·J', MPP_VERSION),
    metric('j_mpp', j, 'mA/cm²', 'p_mpp / v_mpp', MPP_VERSION),
    metric('p_mpp', p, 'mW/cm²', 'parabola through the three points around the largest V·J', MPP_VERSION),
    metric(
      'fill_factor',
      fillFactor,
      '%',
      'p_mpp / (voc · jsc)',
      MPP_VERSION,
      open?.beyond && fillFactor && (fillFactor * open.beyond.uncertainty) / open.volts,
    ),
    metric(
      'efficiency',
      p !== undefined && light !== undefined && light > 0 ? (100 * p) / light : undefined,
      '%',
      'p_mpp / (Irradiance · Level)',
      MPP_VERSION,
    ),
    resistance(
      'r_series',
      seriesResistance(curve, voc),
      2,
      '−dV/dJ at Voc, parabola over 10 % of the range; contains nkT/qJ',
    ),
    resistance('r_shunt', shuntResistance(curve), 1, '−dV/dJ at 0 V, line over 10 % of the range'),
  ];
}

function maximumPower(curve: JvCurve): { v: number; j: number; p: number } | undefined {
  const power = curve.map(([v, j]) => [v, v * j] as const);
  const best = power.reduce(
    (top, [, p], i) => (p > (power[top]?.[1] ?? Number.NEGATIVE_INFINITY) ? i : top),
    0,
  );
  const [a, b, c] = [power[best - 1], power[best], power[best + 1]];
  const end = power.at(-1)?.[1] ?? Number.POSITIVE_INFINITY;
  if (b !== undefined && end > FALLEN * b[1]) return undefined;
  // At an end of the scan the power may still rise: that is no maximum. In reverse bias it is none of the
  // cell's.
  if (a === undefined || b === undefined || c === undefined || b[0] <= 0 || b[1] <= 0) return undefined;
  let [v, p] = b;
  if (Math.min(a[1], c[1]) > NEAR * b[1]) {
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

interface Resistance {
  /** Ω·cm². */
  value: number;
  /** One standard deviation, by the scatter of the points; 0 if there are too few points. */
  sigma: number;
}

/**
 * Series resistance from the slope at Voc. The current bends around Voc, and a scan often ends there: the slope
 * of a line would depend on the end of the scan.
 */
function seriesResistance(curve: JvCurve, voc: number | undefined): Resistance | undefined {
  if (voc === undefined) return undefined;
  const near = around(curve, voc);
  const bent = near.length > 3 ? fitParabola(near) : undefined;
  return bent === undefined ? resistanceOf(lineSlope(near)) : resistanceOf(bent.slopeAt(voc));
}

function shuntResistance(curve: JvCurve): Resistance | undefined {
  return resistanceOf(lineSlope(around(curve, 0)));
}

function around(curve: JvCurve, at: number): JvCurve {
  const half = (((curve.at(-1)?.[0] ?? 0) - (curve[0]?.[0] ?? 0)) * SLOPE_WINDOW) / 2;
  return curve.filter(([v]) => Math.abs(v - at) <= half);
}

function lineSlope(points: JvCurve): { value: number; sigma: number } | undefined {
  const line = fitLine(points);
  if (line === undefined) return undefined;
  const n = points.length;
  // The variance of a slope follows from how well the line explains the points.
  const relative = n > 2 && line.r2 > 0 ? Math.sqrt((1 / line.r2 - 1) / (n - 2)) : 0;
  return { value: line.slope, sigma: Math.abs(line.slope) * relative };
}

/** Converts a slope dJ/dV in mA/(cm² V) to a resistance. */
function resistanceOf(slope: { value: number; sigma: number } | undefined): Resistance | undefined {
  if (slope === undefined || slope.value >= 0) return undefined;
  return { value: -1000 / slope.value, sigma: (1000 * slope.sigma) / slope.value ** 2 };
}
