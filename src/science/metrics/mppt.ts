import { type Dataset, findColumn, type Scan } from '../dataset.ts';
import { largest, smallest } from '../extremes.ts';
import { fitLine } from '../interpolate.ts';
import { scaleBetween } from '../units.ts';
import { type Analysis, metricOf } from './metric.ts';

/** Conditions of the tracking. Unknown members are undefined. */
export interface TrackingConditions {
  /** Irradiance on the sample, mW/cm²; 0 in the dark. */
  irradiance: number | undefined;
  areaCm2: number | undefined;
}

/** The mean is taken over this fraction of the time, at its end, and at least so many points. */
const SHARE = 0.1;
const LEAST_POINTS = 5;
/** %, over the averaged part, and %/min: if the drift exceeds either, the power is not stabilised. */
const DRIFT = 1;
/** s: mobile ions take about as long to come to rest. */
const LEAST_TIME = 60;
/** Fraction of the best power below which the contact counts as lost. */
const LOST = 0.05;

interface Point {
  /** s. */
  readonly time: number;
  /** mW/cm². */
  readonly power: number;
  readonly voltage: number | undefined;
}

/**
 * Computes stabilised power in mW/cm², voltage in V and efficiency in %: means over the last tenth, with the
 * drift in % along a line through it; null for a single point. The data is the scan that has a time and a
 * power, or a current and a voltage.
 */
export function analyseTracking(dataset: Dataset, conditions: TrackingConditions): Analysis {
  const { irradiance } = conditions;
  const points = dataset.scans.map((scan) => pointsOf(scan, conditions)).find((found) => found.length > 0);
  if (points === undefined) {
    return {
      metrics: [],
      warnings:
        dataset.scans.length === 0
          ? []
          : ['no columns of time and power were recognised: nothing was computed'],
    };
  }
  // A single reading has no drift.
  const alone = points.length < 2;
  const end = alone ? [] : lastPart(points);
  const power = mean(end.map((point) => point.power));
  const line = fitLine(end.map((point) => [point.time, point.power] as const));
  const span = (end.at(-1)?.time ?? 0) - (end[0]?.time ?? 0);
  const drift = line === undefined || !power ? null : (100 * line.slope * span) / Math.abs(power);
  const voltage = mean(end.flatMap((point) => (point.voltage === undefined ? [] : [point.voltage])));
  const times = points.map((point) => point.time);
  const tracked = largest(times) - smallest(times);
  const best = largest(points.map((point) => point.power));
  const over = `mean of the last ${end.length} of ${points.length} points`;
  const metric = metricOf();
  const efficiency = power !== undefined && irradiance ? (100 * power) / irradiance : null;
  const uncertainty = deviation(end.map((point) => point.power));
  return {
    metrics: [
      metric('stabilised_power', power, 'mW/cm²', over, { uncertainty }),
      metric('stabilised_efficiency', efficiency, '%', 'stabilised_power / irradiance'),
      metric('stabilised_voltage', voltage, 'V', over),
      metric('drift', drift, '%', `change along a line through these points, over ${span.toPrecision(3)} s`),
      metric(
        'retained',
        power !== undefined && best > 0 ? (100 * power) / best : null,
        '%',
        'stabilised_power / largest power',
      ),
    ],
    warnings: [
      ...(alone ? ['only one point was tracked: that is no stabilised power; track longer'] : []),
      ...(!alone && end.length < LEAST_POINTS ? [`only ${end.length} points: track longer`] : []),
      ...(!alone && tracked < LEAST_TIME
        ? [
            `tracked for only ${tracked.toPrecision(2)} s: mobile ions have not come to rest; track for some minutes`,
          ]
        : []),
      ...(drift !== null && line !== undefined && !isStable(drift, span, line.r2, end.length)
        ? [
            `the power still changes by ${drift.toPrecision(2)} % over the averaged ${span.toPrecision(2)} s, ${((60 * drift) / span).toPrecision(2)} %/min: not stabilised`,
          ]
        : []),
      ...(power !== undefined && best > 0 && power < LOST * best
        ? ['the power has gone: contact or light lost?']
        : []),
      ...(best <= 0 && irradiance !== 0
        ? ['the cell gives no power: no light, no contact, or inverted polarity']
        : []),
      ...(irradiance === 0 ? ['the light source is None: this was tracked in the dark'] : []),
    ],
  };
}

/**
 * True if the power is stable. Over a short time noise alone makes a large rate: a rate counts if it is twice
 * its own standard deviation.
 */
function isStable(drift: number, span: number, r2: number, count: number): boolean {
  if (Math.abs(drift) > DRIFT) return false;
  const isSignificant = 4 * (1 - r2) < r2 * (count - 2);
  return !isSignificant || Math.abs((60 * drift) / span) <= DRIFT;
}

function pointsOf(scan: Scan, { areaCm2 }: TrackingConditions): Point[] {
  const time = findColumn(scan, 'Time');
  const perSecond = time === undefined ? undefined : secondsPer(time.unit);
  if (time === undefined || perSecond === undefined) return [];
  const voltage = findColumn(scan, 'Voltage');
  const power = powerOf(scan, areaCm2);
  if (power === undefined) return [];
  return power.flatMap((value, i) => {
    const at = time.values[i] ?? null;
    if (value === null || at === null) return [];
    return [{ time: at * perSecond, power: value, voltage: voltage?.values[i] ?? undefined }];
  });
}

/** Power of each row, mW/cm², from a power or from voltage and current; undefined if the scan has neither. */
function powerOf(scan: Scan, areaCm2: number | undefined): (number | null)[] | undefined {
  const scaled = (name: string, perArea: string, total: string): (number | null)[] | undefined => {
    const found = findColumn(scan, name);
    if (found === undefined) return undefined;
    const area = areaCm2 === undefined || areaCm2 <= 0 ? undefined : areaCm2;
    const whole = scaleBetween(found.unit, total);
    const factor =
      scaleBetween(found.unit, perArea) ??
      (whole === undefined || area === undefined ? undefined : whole / area);
    return factor === undefined
      ? undefined
      : found.values.map((value) => (value === null ? null : value * factor));
  };
  const power = scaled('Power density', 'mW/cm²', 'mW') ?? scaled('Power', 'mW/cm²', 'mW');
  if (power !== undefined) return power;
  const current = scaled('Current density', 'mA/cm²', 'mA') ?? scaled('Current', 'mA/cm²', 'mA');
  const voltage = findColumn(scan, 'Voltage');
  return current?.map((value, i) => {
    const volts = voltage?.values[i] ?? null;
    return value === null || volts === null ? null : value * volts;
  });
}

function secondsPer(unit: string): number | undefined {
  if (/^h(ours?)?$/i.test(unit)) return 3600;
  if (/^min(utes?)?$/i.test(unit)) return 60;
  return scaleBetween(unit, 's') ?? (/^sec(onds?)?$/i.test(unit) ? 1 : undefined);
}

/** The points of the last tenth of the time, and at least LEAST_POINTS of them if there are so many. */
function lastPart(points: readonly Point[]): readonly Point[] {
  const sorted = points.toSorted((a, b) => a.time - b.time);
  const [first, last] = [sorted[0]?.time ?? 0, sorted.at(-1)?.time ?? 0];
  // The small addition allows for rounding: hours that are multiples of seconds are not exact.
  const begin = last - SHARE * (last - first) * (1 + 1e-9);
  const from = sorted.findIndex(({ time }) => time >= begin);
  return sorted.slice(Math.max(0, Math.min(from, sorted.length - LEAST_POINTS)));
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation of the mean, for independent points. */
function deviation(values: readonly number[]): number | undefined {
  const centre = mean(values);
  if (centre === undefined || values.length < 2) return undefined;
  const sum = values.reduce((total, value) => total + (value - centre) ** 2, 0);
  return Math.sqrt(sum / (values.length - 1) / values.length);
}
