import { completeRows, type Dataset, findColumn, type Scan } from '../dataset.ts';
import { largest, smallest } from '../extremes.ts';
import { thermalVoltage, ZERO_CELSIUS } from '../reference/constants.ts';
import { type Doubt, gatherDoubts } from './doubts.ts';
import { type Analysis, type Metric, metricOf } from './metric.ts';
import { type Estimate, fitZarcs, type ImpedancePoint, type ZarcFit } from './zarc.ts';

/** Acquisition conditions of the spectra. Unknown members are undefined. */
export interface ImpedanceConditions {
  /** Amplitude of the exciting sine, V. */
  amplitude: number | undefined;
  /** Number of periods averaged at each frequency. */
  periods: number | undefined;
  /** Hz: the highest frequency at which the source can be trusted. */
  sourceLimit: number | undefined;
  temperatureC: number | undefined;
}

/** V: theory asks for 5 to 20 mV. */
const LARGEST_AMPLITUDE = 0.02;
const FEWEST_PERIODS = 5;
/** Ω: more than a cell has, and about the impedance of the cables' stray capacitance at 1 kHz. */
const OPEN_CONTACT = 2e7;
/** °: a phase above this is inductive, not noise. */
const INDUCTIVE_PHASE = 2;
/** An arc counts as seen if its peak is this factor inside the measured frequencies. */
const CLOSED = 3;
/** Largest relative uncertainty of a resistance that counts as determined. */
const UNDETERMINED = 0.5;
const POOR_FIT = 0.05;

/** Computes series resistance and arcs of each spectrum, and the objections of a specialist. Hz, Ω, s, F. */
export function analyseImpedance({ scans }: Dataset, conditions: ImpedanceConditions): Analysis {
  const spectra = scans.map((scan) => {
    const points = pointsOf(scan);
    const inductive = points.filter(isInductive);
    const zero = points.every(({ re, im }) => re === 0 && im === 0);
    // An inductance is no arc of resistance and capacitance: such points would bend the fit.
    const fit = zero ? undefined : fitZarcs(points.filter((point) => !isInductive(point)));
    return { scan, points, inductive, zero, fit };
  });
  return {
    metrics: spectra.flatMap((spectrum) => {
      const fitted = figures(spectrum.scan.label, spectrum.fit);
      return [...fitted, ...bounds(spectrum, fitted)];
    }),
    warnings: [
      ...settingsDoubts(conditions),
      ...gatherDoubts(
        spectra.flatMap((spectrum) => doubts(spectrum, conditions)),
        scans.length,
      ),
    ],
  };
}

function pointsOf(scan: Scan): ImpedancePoint[] {
  const names = ['Frequency', 'Re Z', 'Im Z'];
  if (names.some((name) => findColumn(scan, name) === undefined)) return [];
  return completeRows(scan, names).map(([frequency = 0, re = 0, im = 0]) => ({
    frequency,
    re,
    im,
  }));
}

function isInductive({ re, im }: ImpedancePoint): boolean {
  return (Math.atan2(im, re) * 180) / Math.PI > INDUCTIVE_PHASE;
}

function figures(scan: string, fit: ZarcFit | undefined): Metric[] {
  const metric = metricOf(scan);
  const estimate = (name: string, parameter: Estimate | undefined, unit: string, method: string): Metric => {
    const { value, relativeError } = parameter ?? {};
    return value === undefined || relativeError === undefined || relativeError > UNDETERMINED
      ? metric(name, undefined, unit, method)
      : metric(name, value, unit, method, { uncertainty: value * relativeError });
  };
  const model = 'Z = Rs + Σ R/(1+(jωτ)^α), complex least squares weighted by 1/|Z|²';
  const summary = [
    estimate('r_series', fit?.seriesResistance, 'Ω', `intercept at high frequency of ${model}`),
    metric('arcs', fit?.arcs.length, '', 'as many as lower the residual by more than chance, two at most'),
    estimate('r_total', fit?.total, 'Ω', 'Rs + Σ R: the fit at zero frequency'),
    metric(
      'fit_residual',
      fit === undefined ? undefined : 100 * fit.residual,
      '%',
      'root mean square of |Z − fit|/|Z|',
    ),
  ];
  const arcs = (fit?.arcs ?? []).flatMap(({ resistance, tau, alpha }, i) => {
    const [r, t] = [resistance.relativeError, tau.relativeError];
    const capacitance = {
      value: tau.value / resistance.value,
      relativeError: r === undefined || t === undefined ? undefined : Math.hypot(r, t),
    };
    const n = i + 1;
    return [
      estimate(`r_${n}`, resistance, 'Ω', `diameter of arc ${n}, from high frequency on`),
      estimate(`tau_${n}`, tau, 's', `time constant of arc ${n}`),
      metric(`alpha_${n}`, alpha.value, '', '1 is an ideal capacitor', { uncertainty: alpha.error }),
      estimate(`c_${n}`, capacitance, 'F', 'effective capacitance τ/R'),
      estimate(
        `f_peak_${n}`,
        { value: 1 / (2 * Math.PI * tau.value), relativeError: tau.relativeError },
        'Hz',
        '1/(2πτ), where −Im Z of the arc is largest',
      ),
    ];
  });
  return [...summary, ...arcs];
}

/**
 * Bounds from the ends of a spectrum for resistances that the fit leaves open. With resistances and
 * capacitances only, Re Z falls with the frequency: Rs is not more than Re Z at the highest frequency, and the
 * total not less than Re Z at the lowest.
 */
function bounds({ scan, points, inductive, zero }: Spectrum, fitted: readonly Metric[]): Metric[] {
  const usable = points
    .filter((point) => !isInductive(point) && Math.hypot(point.re, point.im) > 0)
    .toSorted((a, b) => a.frequency - b.frequency);
  const [lowest, highest] = [usable[0], usable.at(-1)];
  if (zero || lowest === undefined || highest === undefined || usable.some(isOpenContact)) return [];
  const metric = metricOf(scan.label);
  const isOpen = (name: string): boolean =>
    fitted.some((figure) => figure.name === name && figure.value === null);
  const bound = (name: string, { re, frequency }: ImpedancePoint, is: string): Metric[] =>
    re > 0 ? [metric(name, re, 'Ω', `${is}: Re Z at ${frequency.toPrecision(3)} Hz`)] : [];
  // An inductive loop at lower frequencies reduces Re Z again.
  const loop = inductive.some(({ frequency }) => frequency < lowest.frequency);
  return [
    ...(isOpen('r_series') ? bound('r_series_at_most', highest, 'upper bound, not a fit') : []),
    ...(isOpen('r_total') && !loop ? bound('r_total_at_least', lowest, 'lower bound, not a fit') : []),
  ];
}

function isOpenContact({ re, im }: ImpedancePoint): boolean {
  return Math.hypot(re, im) > OPEN_CONTACT;
}

function settingsDoubts({ amplitude, periods, temperatureC = 25 }: ImpedanceConditions): string[] {
  const warnings: string[] = [];
  if (amplitude !== undefined && amplitude > LARGEST_AMPLITUDE) {
    const times = amplitude / thermalVoltage(temperatureC + ZERO_CELSIUS);
    warnings.push(
      `an amplitude of ${amplitude * 1000} mV is ${times.toFixed(1)} kT/q, not a small signal: resistances come out too low; 5 to 20 mV is usual`,
    );
  }
  if (periods !== undefined && periods < FEWEST_PERIODS)
    warnings.push(`${periods} periods per frequency are few: settling and noise are not averaged out`);
  return warnings;
}

interface Spectrum {
  scan: Scan;
  points: ImpedancePoint[];
  inductive: ImpedancePoint[];
  zero: boolean;
  fit: ZarcFit | undefined;
}

function doubts(
  { scan: { label: scan }, points, inductive, zero, fit }: Spectrum,
  { sourceLimit }: ImpedanceConditions,
): Doubt[] {
  const found: Doubt[] = [];
  const doubt = (text: string): void => void found.push({ scan, text });
  if (points.length === 0) return [{ scan, text: 'no complete point' }];
  if (zero) return [{ scan, text: 'all impedances are zero: nothing was measured; is there contact?' }];
  const frequencies = points.map(({ frequency }) => frequency);
  const [lowest, highest] = [smallest(frequencies), largest(frequencies)];
  if (sourceLimit !== undefined && highest > 1.1 * sourceLimit)
    doubt(`frequencies above ${sourceLimit / 1000} kHz are beyond what this source follows faithfully`);
  if (inductive.length > 0)
    doubt(
      'Im Z is positive at some frequencies (left out of the fit): wiring above 100 kHz, an inductive loop below',
    );
  if (points.some(({ re, im }) => re === 0 && im === 0))
    doubt(
      'Z is zero at some frequencies (left out of the fit): no current was found there; is the contact open?',
    );
  if (points.some(isOpenContact)) {
    doubt('|Z| above 20 MΩ: the contact is open, and what is seen is the stray capacitance of the cables');
    return found;
  }
  if (fit === undefined) {
    doubt('too few points for a fit');
    return found;
  }
  if (fit.residual > POOR_FIT)
    doubt('series resistance and two arcs do not describe the spectrum: drift, noise or a non-linear answer');
  if (fit.arcs.length === 0)
    doubt('no arc: the sample is shorted, or its arcs lie outside of the frequencies');
  const peaks = fit.arcs.map(({ tau }) => 1 / (2 * Math.PI * tau.value));
  if (peaks.some((peak) => peak < CLOSED * lowest))
    doubt(
      'the arc at low frequency is not closed: its resistance is an extrapolation; measure to lower frequencies',
    );
  if (peaks.some((peak) => peak > highest / CLOSED))
    doubt(
      'the arc at high frequency is not closed: its resistance and Rs are an extrapolation; measure to higher frequencies',
    );
  return found;
}
