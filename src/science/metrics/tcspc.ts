import { type Dataset, findColumn, type Scan } from '../dataset.ts';
import { type Analysis, type Metric, metricOf } from './metric.ts';
import { type DecayFit, fitDecay, type Histogram } from './tcspc-fit.ts';
import { findPulse, type Pulse, usedBins } from './tcspc-pulse.ts';

/** Knowledge beside the histogram. Unknown members are undefined. */
export interface TcspcConditions {
  /** Laser pulses per second. */
  syncRate: number | undefined;
  /** Photons per laser pulse, as a fraction. */
  ratio: number | undefined;
  /** The instrument response: counts on the same bins, measured at bare glass or a scatterer. */
  irf?: readonly number[] | undefined;
}

/** Least fall of χ² that justifies a second lifetime: by chance alone it falls by 20 once in 20 000 times. */
const SECOND_LIFETIME = 20;
/** Photons per pulse. */
const PILE_UP = { note: 0.01, warning: 0.05 };
/** Level ahead of the pulse relative to the peak. */
const WRAPPED = 0.05;
const FEW_COUNTS = 10_000;
/** Largest width at half maximum relative to the rising edge: 1.4 for a Gaussian, more if a decay follows. */
const SYMMETRIC = 2;
/** Standard deviations of the reduced χ². */
const BAD_FIT = 5;

/** Computes lifetimes of a photoluminescence decay, in ns, and the objections of a specialist. */
export function analyseTcspc(dataset: Dataset, conditions: TcspcConditions): Analysis {
  const parts = dataset.scans.map((scan) => analyseHistogram(scan, conditions));
  return {
    metrics: parts.flatMap(({ metrics }) => metrics),
    warnings: [...parts.flatMap(({ warnings }) => warnings), ...pileUp(conditions)],
  };
}

function analyseHistogram(scan: Scan, { syncRate, irf }: TcspcConditions): Analysis {
  const histogram = histogramOf(scan, syncRate);
  if (histogram === undefined)
    return { metrics: [], warnings: ['the histogram has no time scale or no bins'] };
  const { counts, resolution } = histogram;
  const pulse = findPulse(counts);
  const total = sum(counts);
  if (pulse === undefined) {
    return {
      metrics: pulseFigures(scan, undefined, { total, resolution, offset: histogram.offset }),
      warnings: [
        'the histogram is flat: is the laser off, or its key? Or the sample dark, or too few counts to see a decay',
      ],
    };
  }
  const fits = fitBoth(histogram, pulse, irf);
  return {
    metrics: [
      ...pulseFigures(scan, pulse, { total, resolution, offset: histogram.offset }),
      ...fitFigures(scan, fits),
    ],
    warnings: doubts(histogram, pulse, total, fits),
  };
}

/** The bins of the period. A missing count is zero. */
function histogramOf(scan: Scan, syncRate: number | undefined): (Histogram & { offset: number }) | undefined {
  const times = (findColumn(scan, 'Time')?.values ?? []).filter((time) => time !== null);
  const all = (findColumn(scan, 'Counts')?.values ?? []).map((count) => count ?? 0);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined || times.length < 2 || last <= first) return undefined;
  const resolution = (last - first) / (times.length - 1);
  return { counts: usedBins(all, resolution, syncRate), resolution, offset: first };
}

interface Fits {
  mono: DecayFit | undefined;
  bi: DecayFit | undefined;
  /** The fit that is reported. */
  chosen: DecayFit | undefined;
  method: string;
}

function fitBoth({ counts, resolution }: Histogram, pulse: Pulse, irf: readonly number[] | undefined): Fits {
  // At this bin the response is over: the peak, plus the width of the rising edge.
  const from = Math.ceil(pulse.peak + pulse.riseWidth) + 1;
  const reconvolved = irf !== undefined && irf.length >= counts.length;
  if (!reconvolved && pulse.width < SYMMETRIC * pulse.riseWidth) {
    return { mono: undefined, bi: undefined, chosen: undefined, method: 'no decay beyond the response' };
  }
  const range = {
    irf: reconvolved ? irf.slice(0, counts.length) : undefined,
    from,
    timeZero: pulse.rise * resolution,
  };
  const mono = fitDecay({ counts, resolution }, range, 1);
  const bi = fitDecay({ counts, resolution }, range, 2);
  const better = mono !== undefined && bi !== undefined && mono.chiSquare - bi.chiSquare > SECOND_LIFETIME;
  const distinct = bi !== undefined && (bi.lifetimes[1] ?? 0) > 1.2 * (bi.lifetimes[0] ?? 0);
  return {
    mono,
    bi,
    chosen: (better || mono === undefined) && distinct ? bi : mono,
    method: `${reconvolved ? 'reconvolution with the measured response' : 'tail fit, amplitudes at half of the rising edge'}, Poisson weights from the model`,
  };
}

function pulseFigures(
  scan: Scan,
  pulse: Pulse | undefined,
  { total, resolution, offset }: { total: number; resolution: number; offset: number },
): Metric[] {
  const metric = metricOf(scan.label);
  return [
    metric('total_counts', total, '', 'sum of the bins of the period'),
    metric('peak_counts', pulse?.height, '', 'maximum of a running mean over 5 bins'),
    metric('peak_time', pulse && offset + pulse.peak * resolution, 'ns', 'time of that maximum'),
    metric(
      'fwhm',
      pulse && pulse.width * resolution,
      'ns',
      'width at half of the peak above the level before',
    ),
  ];
}

function fitFigures(scan: Scan, { mono, bi, chosen, method }: Fits): Metric[] {
  const metric = metricOf(scan.label);
  const from = (
    fit: DecayFit | undefined,
    name: string,
    unit: string,
    how: string,
    figure: (amplitudes: readonly number[], lifetimes: readonly number[]) => number,
  ): Metric =>
    metric(name, fit && figure(fit.amplitudes, fit.lifetimes), unit, `${how}; ${method}`, {
      uncertainty: fit?.uncertaintyOf(figure),
    });
  const two = chosen === bi ? bi : undefined;
  const chosenHow =
    chosen === undefined ? 'no fit' : two === undefined ? 'mono-exponential' : 'bi-exponential';
  const share = (amplitudes: readonly number[]): number => (100 * (amplitudes[0] ?? 0)) / sum(amplitudes);
  return [
    metric('background', chosen?.background, 'counts/bin', `constant of the ${chosenHow} fit; ${method}`),
    metric(
      'components',
      chosen?.lifetimes.length,
      '',
      `two lifetimes where they lower χ² by more than ${SECOND_LIFETIME}`,
    ),
    from(mono, 'tau_mono', 'ns', 'mono-exponential', (_, [tau = Number.NaN]) => tau),
    metric('chi_square_mono', mono && reduced(mono), '', 'reduced χ² of the mono-exponential fit'),
    from(two, 'tau_1', 'ns', 'bi-exponential, the faster', (_, [tau = Number.NaN]) => tau),
    from(two, 'tau_2', 'ns', 'bi-exponential, the slower', (_, [, tau = Number.NaN]) => tau),
    from(two, 'amplitude_1', '%', 'bi-exponential, share of the faster', share),
    metric('chi_square_bi', bi && reduced(bi), '', 'reduced χ² of the bi-exponential fit'),
    from(
      chosen,
      'tau_amplitude_average',
      'ns',
      `Σaτ/Σa, ${chosenHow}`,
      (a, tau) => moment(a, tau, 1) / sum(a),
    ),
    from(
      chosen,
      'tau_intensity_average',
      'ns',
      `Σaτ²/Σaτ, ${chosenHow}`,
      (a, tau) => moment(a, tau, 2) / moment(a, tau, 1),
    ),
  ];
}

function reduced({ chiSquare, degreesOfFreedom }: DecayFit): number {
  return chiSquare / degreesOfFreedom;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function moment(amplitudes: readonly number[], lifetimes: readonly number[], power: number): number {
  return amplitudes.reduce((total, a, i) => total + a * (lifetimes[i] ?? 0) ** power, 0);
}

function doubts(
  { counts, resolution }: Histogram,
  { height, before, width }: Pulse,
  total: number,
  { chosen, bi }: Fits,
): string[] {
  const warnings: string[] = [];
  const left = (before ?? sum(counts.slice(-20)) / Math.min(20, counts.length)) / height;
  if (left > WRAPPED) {
    warnings.push(
      `${(100 * left).toFixed(1)} % of the peak are there before the pulse: the decay does not end within the period and wraps around, or there is stray light; use a lower repetition rate`,
    );
  }
  if (chosen === undefined) {
    warnings.push(
      `no decay after the pulse of ${(width * resolution).toPrecision(2)} ns: an instrument response, too few counts, or a lifetime that takes reconvolution to see`,
    );
    return warnings;
  }
  const signal = total - chosen.background * counts.length;
  if (signal < FEW_COUNTS) {
    warnings.push(
      `only ${Math.round(signal)} counts above the background: lifetimes are rough, and two cannot be told apart`,
    );
  }
  const longest = chosen.lifetimes.at(-1) ?? 0;
  if (longest * 3 > counts.length * resolution) {
    warnings.push(
      `the lifetime of ${longest.toPrecision(3)} ns is more than a third of the ${(counts.length * resolution).toPrecision(3)} ns that were recorded: it and the background cannot be told apart well`,
    );
  }
  const excess = reduced(chosen) - 1;
  const limit = BAD_FIT * Math.sqrt(2 / chosen.degreesOfFreedom);
  if (excess > limit) {
    warnings.push(
      `reduced χ² is ${reduced(chosen).toFixed(2)}: ${chosen === bi ? 'two lifetimes do' : 'one lifetime does'} not describe the decay`,
    );
  }
  return warnings;
}

function pileUp({ ratio }: TcspcConditions): string[] {
  if (ratio === undefined || ratio <= PILE_UP.note) return [];
  const percent = `${(100 * ratio).toFixed(1)} % of the pulses give a photon`;
  return ratio > PILE_UP.warning
    ? [`${percent}: pile-up, the lifetimes come out too short; weaken the laser below 1 %`]
    : [`${percent}: beyond 1 % pile-up begins to shorten the lifetimes, beyond 5 % they are wrong`];
}
