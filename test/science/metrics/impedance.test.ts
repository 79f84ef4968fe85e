import { describe, expect, it } from 'vitest';
import type { Dataset, Scan } from '../../../src/science/dataset.ts';
import { analyseImpedance, type ImpedanceConditions } from '../../../src/science/metrics/impedance.ts';
import { noise } from './noise.ts';

const UNKNOWN: ImpedanceConditions = {
  amplitude: undefined,
  periods: undefined,
  sourceLimit: undefined,
  temperatureC: undefined,
};

type Complex = [re: number, im: number];
type ArcOf = [ohm: number, farad: number, alpha: number];

const divide = ([a, b]: Complex, [c, d]: Complex): Complex => {
  const n = c * c + d * d;
  return [(a * c + b * d) / n, (b * c - a * d) / n];
};

/** R ∥ CPE from its admittance 1/R + Q(jω)^α with Q = τ^α/R, so that C = τ/R; not from the form that is fitted. */
function admittanceForm(hertz: number, series: number, arcs: ArcOf[]): Complex {
  const omega = 2 * Math.PI * hertz;
  return arcs.reduce<Complex>(
    ([re, im], [ohm, farad, alpha]) => {
      const q = (ohm * farad) ** alpha / ohm;
      const size = q * omega ** alpha;
      const angle = (alpha * Math.PI) / 2;
      const [x, y] = divide([1, 0], [1 / ohm + size * Math.cos(angle), size * Math.sin(angle)]);
      return [re + x, im + y];
    },
    [series, 0],
  );
}

function spectrum(
  [from, to, count]: [number, number, number],
  z: (hertz: number) => Complex,
  relativeNoise = 0,
): Dataset {
  const gauss = noise(7);
  const rows = Array.from({ length: count }, (_, i): number[] => {
    const hertz = from * (to / from) ** (i / (count - 1));
    const [re, im] = z(hertz);
    const size = relativeNoise * Math.hypot(re, im);
    return [hertz, re + size * gauss(), im + size * gauss()];
  });
  return dataset([scanOf('s', rows)]);
}

function scanOf(label: string, rows: number[][]): Scan {
  const units: [string, string][] = [
    ['Frequency', 'Hz'],
    ['Re Z', 'Ω'],
    ['Im Z', 'Ω'],
  ];
  return {
    label,
    conditions: {},
    columns: units.map(([name, unit], i) => ({ name, unit, values: rows.map((row) => row[i] ?? null) })),
    reported: {},
  };
}

function dataset(scans: Scan[]): Dataset {
  return { routine: 'Impedance', info: {}, scans, notes: [] };
}

function analyse(data: Dataset, conditions: Partial<ImpedanceConditions> = {}) {
  const { metrics, warnings } = analyseImpedance(data, { ...UNKNOWN, ...conditions });
  const metric = (name: string) => metrics.find((candidate) => candidate.name === name);
  return { metrics, warnings, metric, value: (name: string) => metric(name)?.value ?? Number.NaN };
}

describe('arcs', () => {
  // A silicon-like cell: the peak is at 1/(2π·33 Ω·689 µF) = 7 Hz.
  const silicon: ArcOf = [33, 689e-6, 0.9];

  it('one: recovers Rs, R, τ, α, C and the peak frequency', () => {
    const { value, warnings } = analyse(spectrum([0.1, 1e4, 40], (f) => admittanceForm(f, 9.4, [silicon])));
    // Exact data: what is left is the convergence of the fit.
    expect(value('arcs')).toBe(1);
    expect(value('r_series')).toBeCloseTo(9.4, 4);
    expect(value('r_1')).toBeCloseTo(33, 4);
    expect(value('tau_1')).toBeCloseTo(33 * 689e-6, 7);
    expect(value('alpha_1')).toBeCloseTo(0.9, 5);
    expect(value('c_1')).toBeCloseTo(689e-6, 8);
    expect(value('f_peak_1')).toBeCloseTo(7, 2);
    expect(value('r_total')).toBeCloseTo(42.4, 4);
    expect(warnings).toEqual([]);
  });

  it('one, with 0.5 % noise: within three of its own standard deviations, and still one', () => {
    const { metric, value } = analyse(
      spectrum([0.1, 1e4, 40], (f) => admittanceForm(f, 9.4, [silicon]), 0.005),
    );
    expect(value('arcs')).toBe(1);
    for (const [name, truth] of [
      ['r_series', 9.4],
      ['r_1', 33],
      ['c_1', 689e-6],
    ] as const) {
      const { value: got, uncertainty } = metric(name) ?? {};
      expect(Math.abs((got ?? 0) - truth)).toBeLessThan(3 * (uncertainty ?? 0));
      expect(uncertainty).toBeLessThan(0.02 * truth);
    }
    // The root mean square of two components of 0.5 % is 0.7 %.
    expect(value('fit_residual')).toBeGreaterThan(0.5);
    expect(value('fit_residual')).toBeLessThan(0.9);
  });

  it('two where the residual demands it, from high frequency to low', () => {
    const arcs: ArcOf[] = [
      [2030, 4.5e-9, 0.92],
      [870, 1 / 870, 1],
    ];
    const { value } = analyse(spectrum([0.02, 1e6, 60], (f) => admittanceForm(f, 40, arcs), 0.003));
    expect(value('arcs')).toBe(2);
    // 0.3 % noise on 60 points.
    expect(value('r_series') / 40).toBeCloseTo(1, 1);
    expect(value('r_1') / 2030).toBeCloseTo(1, 1);
    expect(value('c_1') / 4.5e-9).toBeCloseTo(1, 1);
    expect(value('r_2') / 870).toBeCloseTo(1, 1);
    expect(value('tau_2')).toBeCloseTo(1, 1);
    expect(Math.abs(value('r_total') - 2940)).toBeLessThan(30);
  });

  it('none for a resistor', () => {
    const { value, warnings } = analyse(spectrum([1, 1e4, 20], () => [2, 0], 0.003));
    expect(value('arcs')).toBe(0);
    expect(value('r_series')).toBeCloseTo(2, 1);
    expect(warnings).toEqual([expect.stringContaining('no arc')]);
  });

  it('are not claimed to be known where the frequencies do not reach them', () => {
    // τ = 1 s: the peak is at 0.16 Hz, two decades below.
    const { metric, warnings } = analyse(
      spectrum([20, 1e4, 30], (f) => admittanceForm(f, 40, [[870, 1 / 870, 1]]), 0.003),
    );
    expect(metric('r_1')?.value).toBeNull();
    expect(metric('r_total')?.value).toBeNull();
    // Re Z at 20 Hz of 40 Ω and an arc of 870 Ω and 1 s, to the noise.
    const atLowest = 40 + 870 / (1 + (2 * Math.PI * 20) ** 2);
    expect((metric('r_total_at_least')?.value ?? 0) / atLowest).toBeCloseTo(1, 1);
    expect(metric('r_total_at_least')?.method).toBe('lower bound, not a fit: Re Z at 20.0 Hz');
    expect(warnings).toEqual([expect.stringContaining('lower frequencies')]);
  });
});

describe('bounds, where the fit leaves a resistance open', () => {
  it.each([
    ['below', [200, 1e5, 30]],
    ['at the edge', [2, 1e4, 30]],
    ['above', [1e-3, 1, 30]],
    ['far above', [1e-4, 1e-2, 30]],
  ] as const)('enclose what is there: frequencies of which the arc is %s', (_, range) => {
    const { metric, metrics } = analyse(
      spectrum([...range], (f) => admittanceForm(f, 40, [[870, 0.02 / 870, 0.95]]), 0.003),
    );
    const undetermined = (name: string): boolean => metric(name)?.value === null;
    expect(metric('r_total_at_least') !== undefined).toBe(undetermined('r_total'));
    expect(metric('r_series_at_most') !== undefined).toBe(undetermined('r_series'));
    // To the noise of a point.
    expect(metric('r_total_at_least')?.value ?? 0).toBeLessThan(910 * 1.02);
    expect(metric('r_series_at_most')?.value ?? 40).toBeGreaterThan(40 * 0.98);
    expect(metrics.length).toBeGreaterThan(0);
  });

  it.each([
    ['an open contact', spectrum([100, 1e4, 10], (f) => [1e3, -1 / (2 * Math.PI * f * 1e-11)])],
    ['zeros', spectrum([1, 1e4, 10], () => [0, 0])],
  ])('are none of %s', (_, data) => {
    const { metrics } = analyse(data);
    expect(metrics.filter(({ name }) => /_at_(?:least|most)$/.test(name))).toEqual([]);
  });

  it('are none below an inductive loop', () => {
    const { metric } = analyse(
      spectrum(
        [0.1, 1e4, 30],
        (f) => (f < 1 ? [300, 60] : admittanceForm(f, 40, [[870, 1 / 870, 1]])),
        0.003,
      ),
    );
    expect(metric('r_total')?.value).toBeNull();
    expect(metric('r_total_at_least')).toBeUndefined();
  });
});

describe('doubts', () => {
  const arc: ArcOf = [1000, 1e-6, 1];

  it.each<[string, Dataset, string]>([
    ['all zeros', spectrum([1, 1e4, 10], () => [0, 0]), 'all impedances are zero'],
    [
      'an open contact',
      spectrum([100, 1e4, 10], (f) => [1e3, -1 / (2 * Math.PI * f * 1e-11)]),
      'the contact is open',
    ],
    ['too few points', spectrum([1, 1e4, 3], (f) => admittanceForm(f, 1, [arc])), 'too few points'],
    [
      'an arc above the frequencies',
      spectrum([0.1, 100, 20], (f) => admittanceForm(f, 100, [arc])),
      'higher frequencies',
    ],
    ['a spectrum that is none', spectrum([1, 1e4, 20], (f) => [f, -1e6 / f]), 'do not describe'],
    ['nothing', dataset([scanOf('s', [])]), 'no complete point'],
  ])('%s', (_, data, expected) => {
    expect(analyse(data).warnings).toContainEqual(expect.stringContaining(expected));
  });

  it('an inductive wire: left out of the fit, and said', () => {
    const wired = spectrum([1, 1e6, 50], (f) => {
      const [re, im] = admittanceForm(f, 10, [arc]);
      return [re, im + 2 * Math.PI * f * 1e-6];
    });
    const { value, warnings } = analyse(wired);
    expect(warnings).toContainEqual(expect.stringContaining('Im Z is positive'));
    // The inductance, which is not in the model, still bends the points below resonance a little.
    expect(Math.abs(value('r_1') - 1000)).toBeLessThan(10);
  });

  it('too large an amplitude in kT/q at the temperature, few periods, a slow source', () => {
    const data = spectrum([1, 2e4, 20], (f) => admittanceForm(f, 10, [arc]));
    const doubtful = { amplitude: 0.1, periods: 2, sourceLimit: 1e4, temperatureC: 85 };
    // kT/q at 85 °C is 30.9 mV.
    expect(analyse(data, doubtful).warnings).toEqual([
      expect.stringContaining('100 mV is 3.2 kT/q'),
      expect.stringContaining('2 periods'),
      expect.stringContaining('above 10 kHz'),
    ]);
    const careful = { amplitude: 0.01, periods: 15, sourceLimit: 1e5 };
    expect(analyse(data, careful).warnings).toEqual([]);
  });

  it('once for all scans', () => {
    const zero = [[1, 0, 0]];
    const scans = ['a', 'b', 'c'].map((label) => scanOf(label, zero));
    expect(analyse(dataset(scans)).warnings).toEqual([
      expect.stringContaining('all 3 scans: all impedances are zero'),
    ]);
  });
});
