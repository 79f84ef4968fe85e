import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/science/dataset.ts';
import type { Metric } from '../../../src/science/metrics/metric.ts';
import { analyseTcspc, type TcspcConditions } from '../../../src/science/metrics/tcspc.ts';
import { Random } from '../../../src/simulator/random.ts';

const BINS = 4096;
const RESOLUTION = 0.025;
const UNKNOWN: TcspcConditions = { syncRate: undefined, ratio: undefined };

interface Sample {
  decays?: readonly (readonly [amplitude: number, lifetime: number])[];
  signal?: number;
  background?: number;
  at?: number;
  sigma?: number;
  bins?: number;
}

/** 1 − erf, to 1.2e-7 (Numerical Recipes, erfcc). */
function erfc(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const series = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ].reduceRight((sum, c) => sum * t + c, 0);
  const value = t * Math.exp(-x * x + series);
  return x >= 0 ? value : 2 - value;
}

/** An exponential convolved with a Gaussian, in closed form: not how the analysis or the simulator convolve. */
function blurred(time: number, tau: number, sigma: number): number {
  return (
    0.5 * Math.exp(sigma ** 2 / (2 * tau ** 2) - time / tau) * erfc((sigma / tau - time / sigma) / Math.SQRT2)
  );
}

function poisson(random: Random, mean: number): number {
  if (mean > 100) return Math.round(mean + random.gaussian(Math.sqrt(mean)));
  let count = 0;
  for (let product = random.next(); product > Math.exp(-mean); product *= random.next()) count++;
  return count;
}

/** Photon counts of wrapped decays on a background. */
function histogram(sample: Sample): number[] {
  const { decays = [], signal = 1e6, background = 5, at = 5, sigma = 0.15, bins = BINS } = sample;
  const period = bins * RESOLUTION;
  const shape = Array.from({ length: bins }, (_, i) =>
    decays
      .flatMap(([a, tau]) =>
        [0, 1, 2, 3, 4, 5].map((n) => a * blurred((i + 0.5) * RESOLUTION - at + n * period, tau, sigma)),
      )
      .reduce((sum, value) => sum + value, 0),
  );
  const total = shape.reduce((sum, value) => sum + value, 0) || 1;
  const random = new Random(11);
  return shape.map((value) => poisson(random, (signal * value) / total + background));
}

function analyse(counts: number[], conditions: Partial<TcspcConditions> = {}) {
  const times = counts.map((_, i) => i * RESOLUTION);
  const dataset: Dataset = {
    routine: 'TCSPC',
    info: {},
    notes: [],
    scans: [
      {
        label: 'decay',
        conditions: {},
        columns: [
          { name: 'Time', unit: 'ns', values: times },
          { name: 'Counts', unit: '', values: counts },
        ],
        reported: {},
      },
    ],
  };
  const { metrics, warnings } = analyseTcspc(dataset, { ...UNKNOWN, ...conditions });
  const metric = (name: string): Metric | undefined => metrics.find((candidate) => candidate.name === name);
  return { metric, value: (name: string) => metric(name)?.value ?? Number.NaN, warnings };
}

const gauss = (at: number, sigma: number, height: number): number[] =>
  Array.from(
    { length: BINS },
    (_, i) => height * Math.exp(-(((i + 0.5) * RESOLUTION - at) ** 2) / (2 * sigma ** 2)),
  );
const TWO = [
  [0.6, 4],
  [0.4, 25],
] as const;

describe('two lifetimes of 4 and 25 ns in a million counts', () => {
  // Three standard deviations of the fit: 0.05 ns and 0.14 ns; the averages 0.06 and 0.1 ns.
  it.each([
    ['the tail', {}],
    ['reconvolution', { irf: gauss(5, 0.15, 1e5) }],
    ['reconvolution with a response that came 0.2 ns earlier', { irf: gauss(4.8, 0.15, 1e5) }],
  ])('are found by %s', (_, conditions) => {
    const { value, metric, warnings } = analyse(histogram({ decays: TWO }), conditions);
    expect(value('components')).toBe(2);
    expect(Math.abs(value('tau_1') - 4)).toBeLessThan(0.16);
    expect(Math.abs(value('tau_2') - 25)).toBeLessThan(0.45);
    expect(Math.abs(value('amplitude_1') - 60)).toBeLessThan(1.2);
    expect(Math.abs(value('tau_amplitude_average') - 12.4)).toBeLessThan(0.25);
    expect(Math.abs(value('tau_intensity_average') - 20.94)).toBeLessThan(0.35);
    // Five standard deviations of χ² with 4000 degrees of freedom.
    expect(Math.abs(value('chi_square_bi') - 1)).toBeLessThan(0.12);
    expect(value('chi_square_mono')).toBeGreaterThan(3);
    expect(Math.abs(value('background') - 5)).toBeLessThan(0.8);
    const spread = metric('tau_1')?.uncertainty ?? 0;
    expect(spread).toBeGreaterThan(0.01);
    expect(spread).toBeLessThan(0.1);
    expect(warnings).toEqual([]);
  });

  it('have the peak where it is', () => {
    const { value } = analyse(histogram({ decays: TWO }));
    expect(Math.abs(value('peak_time') - 5.3)).toBeLessThan(0.3);
    expect(Math.abs(value('peak_counts') - 1920)).toBeLessThan(100);
  });
});

describe('one lifetime', () => {
  it('is not taken for two', () => {
    const { value, warnings } = analyse(histogram({ decays: [[1, 12]], signal: 3e5, background: 2 }));
    expect(value('components')).toBe(1);
    // Three standard deviations.
    expect(Math.abs(value('tau_mono') - 12)).toBeLessThan(0.1);
    expect(value('tau_amplitude_average')).toBe(value('tau_mono'));
    expect(value('tau_2')).toBeNaN();
    expect(warnings).toEqual([]);
  });

  it('near the width of the response needs the response', () => {
    const counts = histogram({ decays: [[1, 0.3]], signal: 3e5, background: 2 });
    expect(Math.abs(analyse(counts, { irf: gauss(5, 0.15, 1e5) }).value('tau_mono') - 0.3)).toBeLessThan(
      0.005,
    );
  });

  it('is found also where the bins go on after the period, which are empty', () => {
    const counts = [
      ...histogram({ decays: [[1, 12]], signal: 3e5, bins: 3000 }),
      ...Array.from({ length: 500 }, () => 0),
    ];
    for (const syncRate of [undefined, 1e9 / (3000 * RESOLUTION)]) {
      expect(Math.abs(analyse(counts, { syncRate }).value('tau_mono') - 12)).toBeLessThan(0.15);
    }
  });
});

describe('the doubts', () => {
  it('are of a flat histogram: the laser is off', () => {
    const { value, warnings } = analyse(histogram({ background: 2 }));
    expect(warnings).toEqual([expect.stringContaining('laser off')]);
    expect(value('total_counts')).toBeGreaterThan(7000);
    expect(value('tau_mono')).toBeNaN();
  });

  it.each<[string, Sample]>([
    ['before the pulse', { decays: [[1, 60]] }],
    ['more than a third', { decays: [[1, 60]] }],
    ['lifetimes are rough', { decays: [[1, 12]], signal: 5000, background: 0.1 }],
    [
      'two lifetimes do not',
      {
        decays: [
          [1, 1],
          [0.5, 6],
          [0.2, 30],
        ],
      },
    ],
  ])('say "%s"', (text, sample) => {
    expect(analyse(histogram(sample)).warnings).toContainEqual(expect.stringContaining(text));
  });

  it('know an instrument response for what it is, and give its width', () => {
    const random = new Random(3);
    const { value, warnings } = analyse(gauss(5, 0.15, 8000).map((mean) => poisson(random, mean + 5)));
    expect(warnings).toEqual([expect.stringContaining('no decay after the pulse')]);
    // 2.355 σ, widened by the running mean over 0.125 ns.
    expect(Math.abs(value('fwhm') - 0.353)).toBeLessThan(0.04);
  });

  it('are of pile-up where the ratio is known', () => {
    const counts = histogram({ decays: [[1, 12]], signal: 1e5 });
    expect(analyse(counts, { ratio: 0.005 }).warnings).toEqual([]);
    expect(analyse(counts, { ratio: 0.03 }).warnings).toEqual([expect.stringContaining('begins')]);
    expect(analyse(counts, { ratio: 0.1 }).warnings).toEqual([expect.stringContaining('too short')]);
  });

  it.each([
    [[]],
    [[3]],
    [[0, 0, 0, 0]],
    [[6, 7, 11, 8, 3, 6, 9]],
    [[0, 100, 0]],
    [Array.from({ length: 50 }, () => 0)],
  ])('come without an error for %j', (counts) => {
    const { warnings } = analyse(counts);
    expect(warnings.length).toBeGreaterThan(0);
  });
});
