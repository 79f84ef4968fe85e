import { completeRows, type Dataset, findColumn, type Scan } from '../dataset.ts';
import { largest, smallest } from '../extremes.ts';
import { fitLine } from '../interpolate.ts';
import { thermalVoltage, ZERO_CELSIUS } from '../reference/constants.ts';
import { scaleBetween } from '../units.ts';
import { median } from '../median.ts';
import { type Decay, findDecay, fitExponential, timeToOneOverE } from './decay.ts';
import { type Doubt, gatherDoubts } from './doubts.ts';
import { type Analysis, disagreements, type Metric, metricOf } from './metric.ts';

/** Acquisition conditions of the transients. Unknown members are undefined. */
export interface TransientConditions {
  /** Photovoltage at open circuit, or photocurrent at short circuit. */
  quantity: 'voltage' | 'current' | undefined;
  /** s between samples, for traces without a time of their own. */
  sampleTime: number | undefined;
  temperatureC: number | undefined;
}

/** V. */
const LARGEST_PERTURBATION = 0.02;
/** V: levels closer together show no dependence on the voltage. */
const LEAST_SPAN = 0.01;
const FEWEST_SAMPLES = 5;
const SHORTEST_WINDOW = 5;
const UNDETERMINED = 0.5;
/** The instrument counts samples between two thresholds: a difference of a fifth is usual. */
const AGREEMENT = 0.2;

const LIFETIME = 'fit of base + step·exp(−t/τ) to the decay';

/**
 * Computes lifetimes (TPV) or extracted charges (TPC) by light level, and the objections of a specialist. V,
 * mV, µs, nC.
 */
export function analyseTransients(dataset: Dataset, conditions: TransientConditions): Analysis {
  const traces = dataset.scans.filter(isTrace);
  const table = dataset.scans.find((scan) => !isTrace(scan));
  const quantity = quantityOf(table) ?? conditions.quantity;
  if (quantity === undefined || traces.length === 0) {
    const reason = traces.length === 0 ? [] : ['neither data nor settings say whether this is TPV or TPC'];
    return { metrics: [], warnings: reason };
  }
  const levels = traces.map((scan, i): Level => {
    const values = valuesOf(scan, quantity);
    return {
      scan: scan.label,
      values,
      decay: findDecay(values),
      dt: sampleTimeOf(scan) ?? conditions.sampleTime,
      // The rows of the table belong to the levels only if there are as many.
      reported: table === undefined ? undefined : reportedAt(table, i, traces.length),
    };
  });
  const results = levels.map((level) => (quantity === 'voltage' ? photovoltage(level) : photocurrent(level)));
  const metrics = results.flatMap((result) => result.metrics);
  const assumed =
    conditions.sampleTime !== undefined && traces.some((scan) => sampleTimeOf(scan) === undefined);
  const slope = quantity === 'voltage' ? lifetimeSlope(results.map(({ metrics: own }) => own)) : [];
  return {
    metrics: [...metrics, ...slope],
    warnings: [
      ...gatherDoubts(
        results.flatMap((result) => result.doubts),
        traces.length,
      ),
      ...(assumed ? ['the data has no usable sample time: duration over points was taken'] : []),
      ...capacitiveDoubt(slope[0], conditions.temperatureC),
      ...shorten(disagreements(metrics, AGREEMENT)),
    ],
  };
}

interface Level {
  scan: string;
  values: number[];
  decay: Decay | undefined;
  /** s. */
  dt: number | undefined;
  /** Value in the instrument's table, in µs or nC. */
  reported: number | undefined;
}

interface Result {
  metrics: Metric[];
  doubts: Doubt[];
}

function isTrace(scan: Scan): boolean {
  return findColumn(scan, 'Voltage') !== undefined && findColumn(scan, 'Current') !== undefined;
}

function quantityOf(table: Scan | undefined): TransientConditions['quantity'] {
  const names = table?.columns.map(({ name }) => name) ?? [];
  if (names.includes('Recombination Time')) return 'voltage';
  return names.includes('Charge') ? 'current' : undefined;
}

function valuesOf(scan: Scan, quantity: 'voltage' | 'current'): number[] {
  return completeRows(scan, [quantity === 'voltage' ? 'Voltage' : 'Current']).map(([value = 0]) => value);
}

/** Interval of the samples, s, from the column of times. */
function sampleTimeOf(scan: Scan): number | undefined {
  const [first, second] = findColumn(scan, 'Time')?.values ?? [];
  const microseconds = (second ?? 0) - (first ?? 0);
  return microseconds > 0 ? microseconds * 1e-6 : undefined;
}

function reportedAt(table: Scan, index: number, count: number): number | undefined {
  const result = table.columns[1];
  if (result === undefined || result.values.length !== count) return undefined;
  const scale = scaleBetween(result.unit, result.name === 'Charge' ? 'nC' : 'µs');
  const value = result.values[index] ?? undefined;
  return value === undefined || scale === undefined ? undefined : Math.abs(value * scale);
}

function photovoltage({ scan, values, decay, dt, reported }: Level): Result {
  const metric = metricOf(scan);
  const fit = decay === undefined || dt === undefined ? undefined : fitExponential(decay, dt);
  const known = fit !== undefined && fit.error <= UNDETERMINED * fit.tau ? fit : undefined;
  const step = decay === undefined ? undefined : Math.abs(decay.step);
  const tail = decay?.base ?? median(values);
  const doubts = decayDoubts(scan, { decay, dt, tau: fit?.tau });
  if (step !== undefined && step > LARGEST_PERTURBATION)
    doubts.push({
      scan,
      text: 'the perturbation is above 20 mV, not small: the decay is no single exponential',
    });
  return {
    metrics: [
      metric('voc', Number.isFinite(tail) ? tail : undefined, 'V', 'median of the last tenth'),
      metric(
        'perturbation',
        step === undefined ? undefined : 1000 * step,
        'mV',
        'plateau of the pulse less the last tenth',
      ),
      metric('lifetime', known && known.tau * 1e6, 'µs', LIFETIME, {
        uncertainty: known && known.error * 1e6,
        reported,
      }),
    ],
    doubts,
  };
}

function photocurrent({ scan, decay, dt, reported }: Level): Result {
  const metric = metricOf(scan);
  const tau = decay === undefined || dt === undefined ? undefined : timeToOneOverE(decay, dt);
  const charge = decay === undefined || dt === undefined ? undefined : chargeOf(decay, dt);
  return {
    metrics: [
      metric(
        'photocurrent_step',
        decay === undefined ? undefined : 1000 * Math.abs(decay.step),
        'mA',
        'plateau of the pulse less the last tenth',
      ),
      metric('charge', charge?.value, 'nC', '∫ΔI dt from the end of the pulse, trapezoidal rule', {
        uncertainty: charge?.error,
        reported,
      }),
      metric('decay_time', tau === undefined ? undefined : tau * 1e6, 'µs', 'time to fall to 1/e'),
    ],
    doubts: decayDoubts(scan, { decay, dt, tau }),
  };
}

/** Charge in nC, with the error due to half a sample at the edge, noise and the uncertain base. */
function chargeOf({ samples, lead, step, noise }: Decay, dt: number): { value: number; error: number } {
  const [first, last] = [samples[0] ?? 0, samples.at(-1) ?? 0];
  const before = (lead * (1 + first)) / 2;
  const sum = before + samples.reduce((total, share) => total + share, 0) - (first + last) / 2;
  const size = Math.abs(step);
  const n = samples.length;
  const error = Math.hypot(size / 2, noise * Math.sqrt(n), (1.25 * noise * n) / Math.sqrt(n / 7));
  return { value: 1e9 * dt * sum * size, error: 1e9 * dt * error };
}

function decayDoubts(
  scan: string,
  { decay, dt, tau }: { decay: Decay | undefined; dt: number | undefined; tau: number | undefined },
): Doubt[] {
  if (decay === undefined)
    return [{ scan, text: 'no transient stands out of the noise: light, contact and averaging?' }];
  if (dt === undefined) return [{ scan, text: 'no time axis: times cannot be computed' }];
  if (tau === undefined)
    return [{ scan, text: 'the decay does not reach 1/e or has too few samples: no time can be fitted' }];
  const doubts: Doubt[] = [];
  if (tau / dt < FEWEST_SAMPLES)
    doubts.push({ scan, text: 'fewer than 5 samples per decay time: undersampled; shorten the duration' });
  if ((decay.samples.length - 1) * dt < SHORTEST_WINDOW * tau)
    doubts.push({
      scan,
      text: 'less than 5 decay times are recorded after the pulse: lengthen the duration',
    });
  return doubts;
}

/** d ln τ/dV over all levels. */
function lifetimeSlope(levels: readonly (readonly Metric[])[]): Metric[] {
  const value = (metrics: readonly Metric[], name: string): number | null =>
    metrics.find((candidate) => candidate.name === name)?.value ?? null;
  const points = levels.flatMap((metrics): (readonly [number, number])[] => {
    const [voc, lifetime] = [value(metrics, 'voc'), value(metrics, 'lifetime')];
    return voc === null || lifetime === null || lifetime <= 0 ? [] : [[voc, Math.log(lifetime)]];
  });
  const voltages = points.map(([voc]) => voc);
  if (points.length < 3 || largest(voltages) - smallest(voltages) < LEAST_SPAN) return [];
  return [metricOf()('lifetime_slope', fitLine(points)?.slope, '1/V', 'line through ln(lifetime) over voc')];
}

/**
 * Doubt about a lifetime that may be a discharge: a capacitor that discharges through a diode has τ =
 * C·n·kT/(q·J), which falls e-fold in n·kT/q with n up to 2; recombination in the bulk depends less on the
 * voltage (D. Kiermasch et al., Energy Environ. Sci. 11 (2018) 629).
 */
function capacitiveDoubt(slope: Metric | undefined, temperatureC = 25): string[] {
  const limit = 1 / (2 * thermalVoltage(temperatureC + ZERO_CELSIUS));
  if (slope === undefined || slope.value === null || slope.value > -limit) return [];
  return [
    'lifetimes fall with the voltage as fast as a capacitor discharges through the diode: limited by RC of the electrodes, not by recombination in the bulk',
  ];
}

function shorten(sentences: readonly string[]): string[] {
  const [first, second, ...more] = sentences;
  if (first === undefined || second === undefined) return [...sentences];
  return [`${first} (and ${more.length + 1} levels like it)`];
}
