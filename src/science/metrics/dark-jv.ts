import { completeRows, type Dataset, type Scan } from '../dataset.ts';
import { largest } from '../extremes.ts';
import { fitLine, interpolate } from '../interpolate.ts';
import { thermalVoltage, ZERO_CELSIUS } from '../reference/constants.ts';
import { emission, spectraOf } from './dark-jv-emission.ts';
import { type DarkCurve, type DiodeFit, fitDiode } from './dark-jv-fit.ts';
import { type Analysis, type Metric, metricOf } from './metric.ts';

/** Acquisition conditions of the curves. Unknown members are undefined. */
export interface DarkJvConditions {
  areaCm2: number | undefined;
  /** °C; `USUAL_TEMPERATURE` is assumed if unknown. */
  temperatureC: number | undefined;
  /** A. */
  compliance: number | undefined;
}

/** °C, of a stage whose temperature nobody measured. */
export const USUAL_TEMPERATURE = 25;
/** V: range around zero in which the curve is a straight line, whatever the cell. */
const NEAR_ZERO = 0.055;
/** V: accuracy of a set voltage. An offset that this error could explain does not count. */
const VOLTAGE_ERROR = 2e-3;
/** Largest relative error of a parameter that counts as determined. */
const LARGEST_ERROR = 0.3;
const FEWEST_EXPONENTIAL = 4;
/**
 * Largest current at 0 V relative to the largest current; a larger one is photocurrent, for which a dark diode
 * is no model.
 */
const LARGEST_LEAK = 0.01;
/** Root mean square of ln(measured/fitted) that exceeds noise. */
const LARGEST_RESIDUAL = 0.1;

/** A sweep prepared for the analysis: forward current positive. */
interface Sweep {
  label: string;
  /**
   * V and A, by rising voltage, without the points at the compliance; the current at 0 V is subtracted if it is
   * significant.
   */
  curve: DarkCurve;
  clipped: number;
  /** Current at 0 V, A, and the scatter of a reading there. */
  offset: number;
  noise: number;
  leak: boolean;
  /** True if the current at 0 V is so large that subtracting it does not make a dark curve. */
  lit: boolean;
}

/**
 * Computes one-diode parameters of each sweep, the exponent of its ohmic part, electroluminescence, and the
 * objections of a specialist. With a known area the results are per area: mA/cm², Ω·cm²; otherwise A, Ω. The
 * sign of the current does not matter.
 */
export function analyseDarkJv(dataset: Dataset, conditions: DarkJvConditions): Analysis {
  const spectra = new Set(spectraOf(dataset));
  const kelvin = (conditions.temperatureC ?? USUAL_TEMPERATURE) + ZERO_CELSIUS;
  const sweeps = dataset.scans
    .filter((scan) => !spectra.has(scan))
    .map((scan) => ({ scan, sweep: sweepOf(scan, conditions.compliance) }));
  const fitted = sweeps.map(({ sweep }) => {
    const fit = sweep.lit ? undefined : fitDiode(sweep.curve, sweep.noise, thermalVoltage(kelvin));
    return { sweep, fit, metrics: figures(sweep, fit, conditions.areaCm2, kelvin) };
  });
  const lit = sweeps.some(({ sweep }) => sweep.lit);
  const light = emission(dataset, conditions.areaCm2, kelvin, lit);
  return {
    metrics: [...fitted.flatMap(({ metrics }) => metrics), ...light.metrics],
    warnings: [
      ...fitted.flatMap(({ sweep, fit, metrics }) =>
        doubts(sweep, fit, metrics).map((warning) => `${sweep.label}: ${warning}`),
      ),
      ...light.warnings,
    ],
  };
}

function sweepOf(scan: Scan, compliance: number | undefined): Sweep {
  const raw = completeRows(scan, ['Voltage', 'Current'])
    .map(([v = 0, i = 0]) => [v, i] as const)
    .toSorted((a, b) => a[0] - b[0]);
  // Photocurrent is positive on one instrument, forward current on another: the forward current rises with the
  // voltage.
  const sign = Math.sign((raw.at(-1)?.[1] ?? 0) - (raw[0]?.[1] ?? 0)) || 1;
  const curve = raw.map(([v, i]) => [v, sign * i] as const);
  const most = largestCurrent(curve);
  const free = curve.filter(([, i], k) => !isClipped(curve, k, i, compliance, most));
  const { offset, noise, leak } = around(free);
  return {
    label: scan.label,
    curve: leak ? free.map(([v, i]) => [v, i - offset] as const) : free,
    clipped: curve.length - free.length,
    offset,
    noise,
    leak,
    lit: leak && Math.abs(offset) > LARGEST_LEAK * largestCurrent(free),
  };
}

/**
 * True if the reading is at the compliance; if the compliance is unknown, true if it exactly equals a neighbour
 * and is the largest.
 */
function isClipped(
  curve: DarkCurve,
  k: number,
  amperes: number,
  compliance: number | undefined,
  most: number,
): boolean {
  if (compliance !== undefined) return Math.abs(amperes) >= 0.999 * compliance;
  const same = (other: number | undefined): boolean =>
    other !== undefined && Math.abs(other - amperes) <= 1e-6 * most;
  return Math.abs(amperes) >= (1 - 1e-6) * most && (same(curve[k - 1]?.[1]) || same(curve[k + 1]?.[1]));
}

function largestCurrent(curve: DarkCurve): number {
  return largest(curve.map(([, i]) => Math.abs(i)));
}

function around(curve: DarkCurve): Pick<Sweep, 'offset' | 'noise' | 'leak'> {
  const near = curve.filter(([v]) => Math.abs(v) <= NEAR_ZERO);
  const line = near.length >= 4 ? fitLine(near) : undefined;
  if (line === undefined) return { offset: interpolate(curve, 0) ?? 0, noise: 0, leak: false };
  const squares = near.reduce((sum, [v, i]) => sum + (i - line.intercept - line.slope * v) ** 2, 0);
  const noise = Math.sqrt(squares / (near.length - 2));
  const explained = Math.max(
    (6 * noise) / Math.sqrt(near.length),
    Math.abs(line.slope) * VOLTAGE_ERROR,
    1e-12,
  );
  return { offset: line.intercept, noise, leak: Math.abs(line.intercept) > explained };
}

function figures(
  { label, curve, noise, lit }: Sweep,
  fit: DiodeFit | undefined,
  area: number | undefined,
  kelvin: number,
): Metric[] {
  const method = 'one diode with Rs and Rsh, Levenberg-Marquardt on ln|I|';
  const make = metricOf(label);
  const metric = (
    name: string,
    value: number | undefined,
    unit: string,
    how: string,
    error?: number,
  ): Metric =>
    make(name, value, unit, how, {
      uncertainty: error === undefined || value === undefined ? undefined : error * value,
    });
  const diode = fit !== undefined && hasDiode(fit) ? fit : undefined;
  const series = diode !== undefined && diode.relativeError.series < LARGEST_ERROR ? diode : undefined;
  const line = lit ? undefined : ohmicLine(curve, noise);
  const shunt = shuntOf(fit, line, method);
  const perArea = area ?? 1;
  const ohms = area === undefined ? 'Ω' : 'Ω·cm²';
  const n = diode === undefined ? undefined : diode.slopeVoltage / thermalVoltage(kelvin);
  const current = diode === undefined ? undefined : diode.saturation;
  return [
    metric(
      'ideality',
      n,
      '',
      `${method}; at ${(kelvin - ZERO_CELSIUS).toFixed(1)} °C`,
      diode?.relativeError.slopeVoltage,
    ),
    area === undefined
      ? metric('i0', current, 'A', method, diode?.relativeError.saturation)
      : metric(
          'j0',
          current === undefined ? undefined : (1000 * current) / area,
          'mA/cm²',
          method,
          diode?.relativeError.saturation,
        ),
    metric('r_series', series && series.series * perArea, ohms, method, series?.relativeError.series),
    metric('r_shunt', shunt && shunt.ohms * perArea, ohms, shunt?.method ?? method, shunt?.relativeError),
    metric('ohmic_exponent', line?.exponent, '', 'd ln|I| / d ln V between 0.03 V and 0.3 V; 1 is ohmic'),
  ];
}

function hasDiode({ relativeError, exponentialPoints }: DiodeFit): boolean {
  return relativeError.slopeVoltage < LARGEST_ERROR && exponentialPoints >= FEWEST_EXPONENTIAL;
}

interface Shunt {
  ohms: number;
  relativeError?: number;
  method: string;
}

/**
 * Shunt resistance from the fit; if the curve shows only leakage, to which a fit of the diode is insensitive,
 * from its slope.
 */
function shuntOf(
  fit: DiodeFit | undefined,
  line: ReturnType<typeof ohmicLine>,
  method: string,
): Shunt | undefined {
  if (fit !== undefined && fit.relativeError.shunt < LARGEST_ERROR)
    return { ohms: fit.shunt, relativeError: fit.relativeError.shunt, method };
  if (line === undefined || Math.abs(line.exponent - 1) > 0.1) return undefined;
  return { ohms: line.ohms, method: 'V / I, the median between 0.03 V and 0.3 V' };
}

/** The curve between 0.03 V and 0.3 V: the exponent of its current over voltage, and its resistance in Ω. */
function ohmicLine(curve: DarkCurve, noise: number): { exponent: number; ohms: number } | undefined {
  const points = curve.filter(([v, i]) => v > 0.03 && v < 0.3 && i > 5 * noise && i > 0);
  const exponent = fitLine(points.map(([v, i]) => [Math.log(v), Math.log(i)] as const))?.slope;
  const ohms = points.map(([v, i]) => v / i).toSorted((a, b) => a - b)[Math.floor(points.length / 2)];
  return points.length < 5 || exponent === undefined || ohms === undefined ? undefined : { exponent, ohms };
}

function doubts(sweep: Sweep, fit: DiodeFit | undefined, metrics: readonly Metric[]): string[] {
  const { curve, clipped, offset, noise, leak, lit } = sweep;
  const warnings: string[] = [];
  const n = metrics.find(({ name }) => name === 'ideality')?.value ?? null;
  if (leak) {
    const what =
      offset < 0
        ? `a photocurrent of ${ampere(-offset)} flows at 0 V: light leaks in`
        : `${ampere(offset)} flow forward at 0 V: an offset of the ammeter or a drifting sample`;
    warnings.push(
      `${what}; ${lit ? 'this is not a dark curve, and no diode was fitted' : 'it was subtracted before the fit'}`,
    );
  }
  if (clipped >= 3)
    warnings.push(`${clipped} points lie at the compliance: the top is flat, and they are left out`);
  const above = curve.filter(([, i]) => Math.abs(i) > 3 * noise).length;
  if (noise > 0 && curve.length >= 8 && above < curve.length / 4) {
    warnings.push(
      `most of the curve lies in the noise of ${ampere(noise)}: no contact, or the current range is too coarse`,
    );
  } else if (
    noise > 0 &&
    curve.filter(([v]) => Math.abs(v) > NEAR_ZERO).some(([, i]) => Math.abs(i) < 3 * noise)
  ) {
    warnings.push(
      `the smallest currents lie in the noise of ${ampere(noise)}: use a finer range or autorange`,
    );
  }
  const top = curve.at(-1)?.[0];
  if (
    n === null &&
    !lit &&
    clipped < 3 &&
    above >= curve.length / 4 &&
    top !== undefined &&
    curve.length >= 8
  ) {
    warnings.push(
      `no exponential region up to ${top.toFixed(2)} V, only leakage: ideality needs a scan to about Voc`,
    );
  }
  if (n !== null && (n < 0.9 || n > 3)) {
    warnings.push(`an ideality of ${n.toFixed(2)} is not that of one diode at this temperature`);
  }
  if (n !== null && fit !== undefined && fit.residual > LARGEST_RESIDUAL) {
    warnings.push(
      `one diode does not describe the curve: ${(100 * fit.residual).toFixed(0)} % off on average (second diode, space charge, or drift)`,
    );
  }
  return warnings;
}

function ampere(value: number): string {
  const [factor, unit] =
    Math.abs(value) < 1e-6 ? [1e9, 'nA'] : Math.abs(value) < 1e-3 ? [1e6, 'µA'] : [1e3, 'mA'];
  return `${(value * factor).toPrecision(3)} ${unit}`;
}
