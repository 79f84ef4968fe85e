import { describe, expect, it } from 'vitest';
import type { Dataset, Scan } from '../../../src/science/dataset.ts';
import { mergeDelays } from '../../../src/science/metrics/celiv-delays.ts';
import { celivMobility, celivThickness } from '../../../src/science/metrics/celiv-mobility.ts';
import type { CelivConditions } from '../../../src/science/metrics/celiv-result.ts';
import { rampTimes, readTransient } from '../../../src/science/metrics/celiv-transient.ts';
import { analyseCeliv } from '../../../src/science/metrics/celiv.ts';

const KNOWN: CelivConditions = {
  thickness: 5e-7,
  rampStart: 0,
  rampEnd: -1,
  rampDuration: 2e-4,
  delaysAsked: undefined,
  currentLimit: 0.05,
  areaCm2: 0.1,
  light: true,
};

/**
 * A transient of another shape than the simulator's: a step of j0 and, above it, extraction that rises as
 * sin² and falls off to nothing, with its maximum at `tMax` and an area that is known.
 */
function sinusoid({ j0 = 2e-5, deltaJ = 1e-5, tMax = 2e-5, sign = -1, rows = 1001, delay = 0 }): Scan {
  const times = Array.from({ length: rows }, (_, i) => (i * 2e-4) / (rows - 1));
  const current = (t: number): number =>
    j0 + (t < 2 * tMax ? deltaJ * Math.sin((Math.PI * t) / (2 * tMax)) ** 2 : 0);
  return {
    label: `delay ${delay * 1e6} µs`,
    conditions: { delay: { value: delay, unit: 's' } },
    columns: [
      { name: 'Voltage', unit: 'V', values: times.map((t) => -5000 * t) },
      { name: 'Current', unit: 'A', values: times.map((t) => sign * current(t)) },
    ],
    reported: {},
  };
}

const dataset = (...scans: Scan[]): Dataset => ({ routine: 'Photo-CELIV', info: {}, scans, notes: [] });
const valueOf = (scan: Scan, name: string, conditions = KNOWN): number | null | undefined =>
  analyseCeliv(dataset(scan), conditions).metrics.find((metric) => metric.name === name)?.value;
const warningsOf = (scan: Scan, conditions: Partial<CelivConditions> = {}): string[] =>
  analyseCeliv(dataset(scan), { ...KNOWN, ...conditions }).warnings;

describe('the mobility formula', () => {
  it('matches the documented figures to all digits', () => {
    const ratio = 1.92323202267289e-5 / -2.72819419536972e-5;
    expect(celivMobility(1e-11, 5000, 7.53e-5, ratio) / 3.15124676318999e-18).toBeCloseTo(1, 13);
    expect(celivThickness(3.15124676318999e-18, 5000, 7.53e-5, ratio)).toBeCloseTo(1e-11, 20);
  });
});

describe('a transient', () => {
  it.each([1, -1])('of sign %i gives t_max, Δj, j0 and charge', (sign) => {
    const scan = sinusoid({ sign });
    // A symmetric peak: the cubic is exact but for its fourth order; half a percent.
    expect((valueOf(scan, 't_max') ?? 0) / 2e-5).toBeCloseTo(1, 2);
    expect((valueOf(scan, 'j0') ?? 0) / 2e-5).toBeCloseTo(1, 6);
    expect((valueOf(scan, 'delta_j') ?? 0) / 1e-5).toBeCloseTo(1, 2);
    // ∫sin² over its hump is half of the width times the height.
    expect((valueOf(scan, 'extracted_charge') ?? 0) / (1e-5 * 2e-5)).toBeCloseTo(1, 3);
    const mobility = (2 * 5e-7 ** 2) / (3 * 5000 * 2e-5 ** 2 * (1 + 0.36 * 0.5));
    expect((valueOf(scan, 'mobility') ?? 0) / mobility).toBeCloseTo(1, 2);
  });

  it('is read also where the sample leaks: the leakage rises with the ramp, j0 is at its beginning', () => {
    const leaky = sinusoid({});
    const columns = leaky.columns.map((column) =>
      column.name === 'Current'
        ? { ...column, values: column.values.map((v, i) => (v ?? 0) - (6e-6 * i) / 1000) }
        : column,
    );
    const scan = { ...leaky, columns };
    // The extrapolation is of another shape than this hump: 10 % of Δj.
    expect(Math.abs((valueOf(scan, 'j0') ?? 0) - 2e-5)).toBeLessThan(1e-6);
    expect((valueOf(scan, 't_max') ?? 0) / 2e-5).toBeCloseTo(1, 1);
  });

  it('is read from row to row also where a hold comes before the ramp', () => {
    const volts = [
      ...Array.from({ length: 50 }, () => 0.3),
      ...Array.from({ length: 201 }, (_, i) => 0.3 - i / 200),
    ];
    const times = rampTimes(volts, 5000) ?? [];
    expect([times[50], times[150], times[250]]).toEqual([
      expect.closeTo(0, 9),
      expect.closeTo(1e-4, 9),
      expect.closeTo(2e-4, 9),
    ]);
  });

  it.each([
    ['too few rows', [0, -0.1, -0.2]],
    ['one voltage', Array.from({ length: 100 }, () => 1)],
    ['a sine', Array.from({ length: 100 }, (_, i) => Math.sin(i))],
    ['no numbers', Array.from({ length: 100 }, () => null)],
  ])('has no times for %s', (_, volts) => {
    expect(rampTimes(volts, 5000)).toBeUndefined();
  });

  it('without rows or without a peak determines nothing and throws nothing', () => {
    expect(readTransient([]).tMax).toBeUndefined();
    const flat = sinusoid({ deltaJ: 0 });
    expect(valueOf(flat, 'mobility')).toBeNull();
    expect(valueOf({ ...flat, columns: [], conditions: {} }, 'mobility')).toBeNull();
    expect(analyseCeliv(dataset(), KNOWN)).toEqual({ metrics: [], warnings: [] });
  });
});

describe('the doubts', () => {
  it('are none for a good transient', () => {
    expect(warningsOf(sinusoid({}))).toEqual([]);
  });

  it.each([
    [2e-5, true],
    [1e-9, true],
    [5e-7, false],
  ])('concern a thickness of %d m: %s', (thickness, doubted) => {
    expect(warningsOf(sinusoid({}), { thickness }).some((text) => text.includes('implausible'))).toBe(
      doubted,
    );
  });

  it.each<[string, Parameters<typeof sinusoid>[0], Partial<CelivConditions>]>([
    ['goes forward', {}, { rampEnd: 1 }],
    ['1 of 11 delays', {}, { delaysAsked: 11 }],
    ['without light pulses', {}, { light: false }],
    ['reaches the limit', {}, { currentLimit: 3e-5 }],
    ['no extraction peak', { deltaJ: 0 }, {}],
    ['still rising where the ramp ends', { tMax: 2.5e-4 }, {}],
    ['second half of the ramp', { tMax: 1.2e-4 }, {}],
    ['Δj exceeds j0', { deltaJ: 5e-5 }, {}],
  ])('say "%s"', (text, shape, conditions) => {
    expect(warningsOf(sinusoid(shape), conditions)).toContainEqual(expect.stringContaining(text));
  });

  it('see the limit of RC', () => {
    const scan = sinusoid({});
    const slow = (v: number | null, i: number): number => (v ?? 0) * -Math.expm1((-i * 2e-7) / 8e-6);
    const columns = scan.columns.map((column) =>
      column.name === 'Current' ? { ...column, values: column.values.map(slow) } : column,
    );
    expect(warningsOf({ ...scan, columns })).toContainEqual(expect.stringContaining('limited by RC'));
  });

  it('see t_max at the first sample, and a mobility that differs, once for several delays', () => {
    const reported = {
      t_max: { value: 0, unit: 's' },
      mobility: { value: null, unit: 'm²/Vs' },
    };
    const scans = [0, 1e-5, 2e-5].map((delay) => ({ ...sinusoid({ delay }), reported }));
    expect(analyseCeliv(dataset(...scans), KNOWN).warnings).toEqual([
      expect.stringMatching(/^3 of 3 delays: .*t_max = 0.*infinite/),
    ]);
    const wrong = scans.map((scan) => ({ ...scan, reported: { mobility: { value: 1, unit: 'm²/Vs' } } }));
    expect(analyseCeliv(dataset(...wrong), KNOWN).warnings).toEqual([
      expect.stringMatching(/mobility \(delay 0 µs\).*2 more delays differ/),
    ]);
  });
});

describe('the delays of a run', () => {
  it('give the half-life of bimolecular recombination', () => {
    // Δj falls as 1/(1 + delay/30 µs) at a fixed t_max, so that the charge does.
    const scans = [0, 1e-5, 2e-5, 4e-5, 8e-5].map((delay) =>
      sinusoid({ delay, deltaJ: 1e-5 / (1 + delay / 3e-5) }),
    );
    const { metrics } = analyseCeliv(dataset(...scans), KNOWN);
    const half = metrics.find(({ name }) => name === 'charge_half_life')?.value ?? 0;
    // Nothing but rounding: the charge of this shape is known.
    expect(half / 3e-5).toBeCloseTo(1, 2);
  });

  it('are merged into one dataset: each once, as it came last, rising', () => {
    const at = (delay: number, deltaJ: number): Dataset => ({
      ...dataset(sinusoid({ delay, deltaJ })),
      notes: ['note'],
    });
    const merged = mergeDelays([at(2e-5, 1), at(0, 2), at(2e-5, 3), dataset()]);
    expect(merged?.scans.map(({ label }) => label)).toEqual(['delay 0 µs', 'delay 20 µs']);
    expect(Math.min(...(merged?.scans[1]?.columns[1]?.values ?? []).map((v) => v ?? 0))).toBeCloseTo(-3, 3);
    expect(merged?.notes).toEqual(['note']);
    expect(mergeDelays([])).toBeUndefined();
  });
});
