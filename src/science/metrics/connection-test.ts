import { completeRows, type Dataset, findColumn, type Scan } from '../dataset.ts';
import { smallest } from '../extremes.ts';
import { type Analysis, metricOf } from './metric.ts';

/** Acquisition conditions of the points. Unknown members are undefined. */
export interface ContactConditions {
  /** A. */
  currentLimit: number | undefined;
  /** V. */
  voltageLimit: number | undefined;
}

export interface Verdict {
  contact: 'good' | 'high resistance' | 'open' | 'short' | 'undetermined';
  /** Evidence with figures, and advice. */
  reason: string;
}

type Point = readonly [volts: number, amperes: number];

/** A: smaller currents count as none, unless the range is coarser. */
const NO_CURRENT = 1e-9;
/** Resolution of an ammeter without autorange, as a fraction of the current limit. */
const DIGITS = 2e-7;
/** V: below this, offsets of the source of up to 2 mV decide the result. */
const LEAST_VOLTAGE = 0.02;
/** Ω: below SHORT_VOLTAGE no junction conducts better, whatever its area. */
const SHORT = 20;
/** V. */
const SHORT_VOLTAGE = 0.2;
/**
 * Ω: differential resistance of a conducting junction of about 0.1 cm²; a larger one belongs to the contact.
 */
const HIGH_DIFFERENTIAL = 2e3;
/** Ω: limit of V/I at CONDUCTING, where a junction adds its own voltage. */
const HIGH = 5e3;
/** V: at this voltage a single-junction cell conducts, also in the dark. */
const CONDUCTING = 1.1;

/**
 * Evaluates live voltage and current: apparent resistance V/I of the last row in Ω; with several rows the
 * smallest differential resistance; and `contact_ok` (1 good, 0 not, null undetermined) with the verdict in
 * words, and as a warning unless the contact is good.
 * Current is positive when the cell generates.
 */
export function analyseContact(dataset: Dataset, conditions: ContactConditions): Analysis {
  const points = dataset.scans.flatMap(pointsOf);
  const last = points.at(-1);
  const apparent = last === undefined || last[1] === 0 ? null : Math.abs(last[0] / last[1]);
  const differential = steepest(points);
  const { contact, reason } = contactVerdict(points, conditions);
  const metric = metricOf();
  const ok = contact === 'undetermined' ? null : contact === 'good' ? 1 : 0;
  return {
    metrics: [
      metric('contact_ok', ok, '', `1 good, 0 not: ${contact}, ${reason}`, { words: contact }),
      metric('apparent_resistance', apparent, 'Ω', '|V/I|, last row'),
      ...(differential === undefined
        ? []
        : [
            metric(
              'differential_resistance',
              differential,
              'Ω',
              'smallest |dV/dI| between neighbouring voltages',
            ),
          ]),
    ],
    warnings: ok === 1 ? [] : [`contact ${contact}: ${reason}`],
  };
}

/**
 * Judges the contact by one or a few points. A point at which a cell conducts, about 0.1 V beyond Voc, is the
 * most significant.
 */
export function contactVerdict(points: readonly Point[], conditions: ContactConditions): Verdict {
  const { currentLimit, voltageLimit } = conditions;
  if (points.length === 0) return { contact: 'undetermined', reason: 'there is no voltage and current yet' };
  const none = Math.max(NO_CURRENT, DIGITS * (currentLimit ?? 0));
  const telling = points.filter(([volts]) => Math.abs(volts) >= LEAST_VOLTAGE);
  const extreme = points.toSorted((a, b) => Math.abs(b[0]) - Math.abs(a[0]))[0] ?? [0, 0];

  const shorted = points.find((point) => isShort(point, currentLimit));
  if (shorted !== undefined) return { contact: 'short', reason: `${figures(shorted)}, as through a wire` };
  // Above SHORT_VOLTAGE a large cell conducts as well as a wire.
  const nearZero = steepest(points.filter(([volts]) => Math.abs(volts) <= SHORT_VOLTAGE));
  if (nearZero !== undefined && nearZero < SHORT)
    return { contact: 'short', reason: `${nearZero.toPrecision(2)} Ω between the points, as a wire` };
  if (telling.length > 0 && telling.every(([, amperes]) => Math.abs(amperes) < none)) {
    const dim = Math.abs(extreme[0]) < 0.5;
    return {
      contact: 'open',
      reason: `no current at ${voltText(extreme)}${dim ? '; a small cell with hardly any leak looks the same in the dark: try a higher voltage or light' : ''}`,
    };
  }
  if (voltageLimit !== undefined && Math.abs(extreme[0]) >= 0.98 * voltageLimit)
    return {
      contact: 'undetermined',
      reason: `the voltage limit of ${voltageLimit} V is reached at ${currentText(extreme)}: a high resistance, or current against the junction`,
    };
  const conducting = telling.find((point) => point[0] >= CONDUCTING && point[1] < 0);
  if (conducting !== undefined) {
    const resistance = Math.abs(conducting[0] / conducting[1]);
    return resistance > HIGH
      ? { contact: 'high resistance', reason: `only ${figures(conducting)}, where a cell conducts` }
      : { contact: 'good', reason: `${figures(conducting)}, as a junction in forward bias` };
  }
  const slope = steepest(points);
  const throughZero = points.some(([, i]) => i > none) && points.some(([, i]) => i < -none);
  if (slope !== undefined && throughZero)
    return slope > HIGH_DIFFERENTIAL
      ? { contact: 'high resistance', reason: `${slope.toPrecision(2)} Ω around open circuit` }
      : { contact: 'good', reason: `${slope.toPrecision(2)} Ω around open circuit` };
  return {
    contact: 'undetermined',
    reason:
      telling.length === 0
        ? `at ${voltText(extreme)} a short and a cell in the light look the same: set 0.1 V, then about 0.1 V beyond Voc`
        : `${figures(extreme)} is neither open nor short; a series resistance shows only about 0.1 V beyond Voc`,
  };
}

/**
 * True if the point takes power and conducts better than a junction, or the current limit holds the voltage
 * down.
 */
function isShort([volts, amperes]: Point, currentLimit: number | undefined): boolean {
  // A source at 0 V sees the photocurrent of a good cell: only a current with the sign of the voltage counts.
  if (volts * amperes >= 0 || Math.abs(volts) > SHORT_VOLTAGE) return false;
  const limited = currentLimit !== undefined && Math.abs(amperes) >= 0.98 * currentLimit;
  return (limited || Math.abs(volts) >= LEAST_VOLTAGE) && Math.abs(volts / amperes) < SHORT;
}

function steepest(points: readonly Point[]): number | undefined {
  const sorted = points.toSorted((a, b) => a[0] - b[0]);
  const slopes = sorted.flatMap((point, i) => {
    const next = sorted[i + 1];
    // Points that are closer differ by offset and noise.
    if (next === undefined || next[0] - point[0] < LEAST_VOLTAGE || next[1] === point[1]) return [];
    return [Math.abs((next[0] - point[0]) / (next[1] - point[1]))];
  });
  return slopes.length === 0 ? undefined : smallest(slopes);
}

function pointsOf(scan: Scan): Point[] {
  if (findColumn(scan, 'Voltage') === undefined || findColumn(scan, 'Current') === undefined) return [];
  return completeRows(scan, ['Voltage', 'Current']).map(([v = 0, i = 0]) => [v, i]);
}

function figures(point: Point): string {
  return `${currentText(point)} at ${voltText(point)}`;
}

function voltText([value]: Point): string {
  return `${value.toFixed(3)} V`;
}

function currentText([, value]: Point): string {
  return `${(value * 1000).toPrecision(3)} mA`;
}
