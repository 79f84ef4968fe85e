import { describe, expect, it } from 'vitest';
import type { Scan } from '../../../src/science/dataset.ts';
import type { Analysis } from '../../../src/science/metrics/metric.ts';
import {
  analyse,
  CELL,
  currentAt,
  diodePoint,
  metricOf,
  type Points,
  scanOf,
  type ScanOptions,
  sweep,
  valueOf,
} from './jv-fixture.ts';

describe('figures of a curve', () => {
  it('are exact for a straight line', () => {
    const analysis = analyse(scanOf(sweep(-0.2, 1.2, 0.05, (v) => 10 * (1 - v))));
    const exact = { voc: 1, jsc: 10, v_mpp: 0.5, j_mpp: 5, p_mpp: 2.5, fill_factor: 25, efficiency: 2.5 };
    for (const [name, value] of Object.entries(exact))
      expect(valueOf(analysis, name), name).toBeCloseTo(value, 9);
    expect(valueOf(analysis, 'r_series')).toBeCloseTo(100, 6);
    expect(valueOf(analysis, 'r_shunt')).toBeCloseTo(100, 6);
  });

  it('are those of a diode with resistances, whichever way it was scanned', () => {
    const dense = Array.from({ length: 60_001 }, (_, i) => diodePoint(i * 2e-5, CELL));
    const pMax = Math.max(...dense.map(([v, j]) => v * j));
    const voc = dense.findLast(([, j]) => j > 0)?.[0] ?? 0;
    const jsc = currentAt(0);
    for (const direction of ['forward', 'reverse'] as const) {
      const analysis = analyse(scanOf(sweep(-0.2, 1.2, 0.02), { direction }));
      // Between points 20 mV apart the curve bends by up to 0.4 mV around Voc.
      expect(Math.abs(valueOf(analysis, 'voc') - voc)).toBeLessThan(5e-4);
      expect(valueOf(analysis, 'jsc')).toBeCloseTo(jsc, 4);
      // The power is not quite a parabola: 0.05 %.
      expect(valueOf(analysis, 'p_mpp') / pMax).toBeCloseTo(1, 3);
      expect(valueOf(analysis, 'fill_factor')).toBeCloseTo((100 * pMax) / (voc * jsc), 0);
      expect(analysis.warnings).toEqual([]);
    }
  });

  it.each([1.12, 1.14, 1.2])('have an Rs of 4 Ω·cm² + nkT/qJ, wherever the scan ends (%d V)', (end) => {
    const analysis = analyse(scanOf(sweep(-0.2, end, 0.02)));
    // At Voc the diode carries Jph − Voc/Rsh: 38.5 mV / 21.6 mA = 1.78 Ω·cm². A line would give 0.2 to 0.6 more.
    const exact = 4 + (1000 * CELL.slope) / (CELL.jph - 1100 / CELL.rsh);
    expect(Math.abs(valueOf(analysis, 'r_series') - exact)).toBeLessThan(0.08);
    expect(valueOf(analysis, 'r_shunt') / (CELL.rsh + CELL.rs)).toBeCloseTo(1, 3);
  });

  it('do not overshoot at a sharp corner', () => {
    // 22 mA/cm² up to 1.09 V: no point has more power than 1.08 V · 22 mA/cm².
    const corner = sweep(-0.2, 1.2, 0.02, (v) => (v < 1.09 ? 22 : 22 - 3000 * (v - 1.09)));
    const analysis = analyse(scanOf(corner));
    expect(valueOf(analysis, 'p_mpp')).toBeCloseTo(1.08 * 22, 6);
    expect(valueOf(analysis, 'v_mpp')).toBeCloseTo(1.08, 6);
  });

  it('say how uncertain resistances are', () => {
    // 0.01 mA/cm² of alternating noise on points 20 mV apart, over 0.14 V around 0 V.
    const noisy = sweep(-0.2, 1.2, 0.02).map(([v, j], i) => [v, j + (i % 2 === 0 ? 0.01 : -0.01)] as const);
    const { value, uncertainty = 0 } = metricOf(analyse(scanOf(noisy)), 'r_shunt');
    expect(Math.abs((value ?? 0) - 2834)).toBeLessThan(2 * uncertainty);
    expect(uncertainty).toBeGreaterThan(100);
    expect(uncertainty).toBeLessThan(2000);
  });

  it('are null where the data does not determine them', () => {
    const nothing = scanOf([]);
    const missing: Scan = { ...nothing, columns: nothing.columns.slice(0, 1) };
    const allNull: Scan = {
      ...nothing,
      columns: nothing.columns.map((column) => ({ ...column, values: [null, null] })),
    };
    for (const scan of [nothing, missing, allNull, { ...nothing, columns: [] }]) {
      expect(analyse(scan).metrics.map(({ value }) => value)).toEqual(Array.from({ length: 9 }, () => null));
    }
    expect(analyse([])).toEqual({ metrics: [], warnings: [] });
    for (const points of [
      [[0, 22]],
      [[0, 0]],
      [
        [0.5, 1],
        [0.5, 1],
      ],
      [
        [0, 5],
        [0, -5],
      ],
    ] as Points[]) {
      expect(() => analyse(scanOf(points))).not.toThrow();
    }
  });

  it('skip points that are missing', () => {
    const scan = scanOf(sweep(-0.2, 1.2, 0.02));
    const holes: Scan = {
      ...scan,
      columns: scan.columns.map((column, i) => ({
        ...column,
        values: column.values.map((value, row) => (row === 20 + i ? null : value)),
      })),
    };
    expect(valueOf(analyse(holes), 'efficiency')).toBeCloseTo(valueOf(analyse(scan), 'efficiency'), 2);
  });
});

describe('a scan that ends before Voc', () => {
  const voc = valueOf(analyse(scanOf(sweep(1, 1.2, 1e-4).concat(sweep(-0.2, 0.99, 0.01)))), 'voc');
  const whole = analyse(scanOf(sweep(-0.2, 1.2, 0.02)));
  const short = (by: number): Points => sweep(voc - by - 1.24, voc - by, 0.02);

  it.each([1e-4, 5e-4, 1e-3, 2e-3])('by %d V has its Voc and fill factor by extrapolation', (by) => {
    const reverse = { label: 'reverse', direction: 'reverse' } as const;
    const analysis = analyse([scanOf(sweep(-0.2, 1.2, 0.02)), scanOf(short(by), reverse)]);
    const [, found] = analysis.metrics.filter(({ name }) => name === 'voc');
    const { value, uncertainty = 0, method } = found ?? { value: null, method: '' };
    expect(method).toContain('extrapolation');
    expect(uncertainty).toBeGreaterThan(0);
    expect(uncertainty).toBeLessThan(by / 2);
    expect(Math.abs((value ?? 0) - voc)).toBeLessThan(uncertainty);
    const [, fillFactor] = analysis.metrics.filter(({ name }) => name === 'fill_factor');
    expect(fillFactor?.value).toBeCloseTo(valueOf(whole, 'fill_factor'), 0);
    expect(fillFactor?.uncertainty).toBeGreaterThan(0);
    expect(Math.abs(valueOf(analysis, 'hysteresis_index'))).toBeLessThan(0.2);
    expect(analysis.warnings).toEqual([
      expect.stringMatching(/^reverse: .* Voc is extrapolated by \d\.\d\d ± \d\.\d\d mV/),
    ]);
  });

  it('by more has no Voc, but the power of its maximum', () => {
    const analysis = analyse(scanOf(sweep(-0.2, 1.06, 0.02)));
    for (const name of ['p_mpp', 'v_mpp', 'j_mpp', 'efficiency'])
      expect(valueOf(analysis, name), name).toBeCloseTo(valueOf(whole, name), 6);
    for (const name of ['voc', 'fill_factor', 'r_series'])
      expect(metricOf(analysis, name).value, name).toBeNull();
    expect(analysis.warnings).toEqual([expect.stringContaining('Voc is outside the scan')]);
  });

  it('before its maximum has no power; nor where noise makes a point of it', () => {
    const rising = sweep(-0.2, 0.8, 0.02);
    const noisy = rising.map(([v, j], i) => [v, i === rising.length - 1 ? j * 0.971 : j] as const);
    for (const points of [rising, noisy])
      for (const name of ['p_mpp', 'efficiency', 'voc', 'fill_factor'])
        expect(metricOf(analyse(scanOf(points)), name).value, name).toBeNull();
  });

  it('where the curve is flat, or its slope in doubt, has no Voc', () => {
    const flat = sweep(-0.2, 1, 0.02, (v) => (v < 0.8 ? 22 : 0.4 - 0.01 * v));
    const bent = sweep(-0.2, 1, 0.02, (v) => (v < 0.97 ? 22 - v : v < 0.99 ? 0.5 : 0.1));
    for (const points of [flat, bent]) expect(metricOf(analyse(scanOf(points)), 'voc').value).toBeNull();
  });

  it('and begins above 0 V has the power of its maximum all the same', () => {
    const analysis = analyse(scanOf(sweep(0.2, 1.06, 0.02)));
    expect(valueOf(analysis, 'efficiency')).toBeCloseTo(valueOf(whole, 'efficiency'), 6);
    expect(metricOf(analysis, 'jsc').value).toBeNull();
    expect(metricOf(analysis, 'fill_factor').value).toBeNull();
  });
});

describe('the light of a scan', () => {
  it('enters the efficiency, scan by scan', () => {
    const curve = sweep(-0.2, 1.2, 0.02);
    const half = curve.map(([v, j]) => [v, j / 2] as const);
    const scans = [
      scanOf(curve, { conditions: { sweep_1: { value: 0, unit: '' } } }),
      scanOf(half, { conditions: { sweep_1: { value: 1, unit: '' } } }),
    ];
    const irradiance = ({ conditions }: Scan): number => (conditions['sweep_1']?.value === 0 ? 100 : 50);
    const { metrics } = analyse(scans, { irradiance });
    const [a, b] = metrics.filter(({ name }) => name === 'efficiency');
    expect(a?.value).toBeCloseTo(b?.value ?? 0, 9);
    expect([a?.scan, b?.scan]).toEqual(['forward, sweep_1 0', 'forward, sweep_1 1']);
  });

  it('that is not known gives no efficiency, and that is said', () => {
    const analysis = analyse(scanOf(sweep(-0.2, 1.2, 0.02)), { irradiance: () => undefined });
    expect(metricOf(analysis, 'efficiency').value).toBeNull();
    expect(valueOf(analysis, 'fill_factor')).toBeGreaterThan(70);
    expect(analysis.warnings).toEqual([expect.stringContaining('no efficiency is computed')]);
  });

  it('that is off gives no efficiency; photocurrent all the same is another light', () => {
    const dark = analyse(scanOf(sweep(-0.2, 1.2, 0.02, (v) => currentAt(v, { ...CELL, jph: 0 }))), {
      irradiance: () => 0,
    });
    expect(metricOf(dark, 'efficiency').value).toBeNull();
    expect(dark.warnings).toEqual([expect.stringContaining('this is a dark curve')]);
    const lit = analyse(scanOf(sweep(-0.2, 1.2, 0.02)), { irradiance: () => 0 });
    expect(metricOf(lit, 'efficiency').value).toBeNull();
    expect(lit.warnings).toEqual([expect.stringContaining('other light is on')]);
  });
});

describe('hysteresis', () => {
  const scaled = (factor: number, options: ScanOptions): Scan =>
    scanOf(
      sweep(-0.2, 1.2, 0.02).map(([v, j]) => [v, j * factor] as const),
      options,
    );
  const reverse = { label: 'reverse', direction: 'reverse' } as const;
  const indices = (analysis: Analysis): [string | undefined, number | null][] =>
    analysis.metrics
      .filter(({ name }) => name === 'hysteresis_index')
      .map(({ scan, value }) => [scan, value === null ? null : Number(value.toFixed(6))]);

  it('is the power that forward lacks, relative to reverse', () => {
    expect(indices(analyse([scaled(0.9, {}), scaled(1, reverse)]))).toEqual([[undefined, 10]]);
    expect(indices(analyse([scaled(1, reverse), scaled(1.05, {})]))).toEqual([[undefined, -5]]);
  });

  it('needs both directions', () => {
    expect(indices(analyse([scaled(1, {})]))).toEqual([]);
    expect(indices(analyse([scaled(1, reverse)]))).toEqual([]);
    expect(indices(analyse([scanOf([]), scanOf([], reverse)]))).toEqual([[undefined, null]]);
  });

  it('pairs scans of a sweep by their conditions', () => {
    const at = (value: number): ScanOptions => ({ conditions: { sweep_1: { value, unit: '' } } });
    const scans = [
      scaled(0.9, at(0)),
      scaled(0.8, at(1)),
      scaled(1, { ...reverse, ...at(1) }),
      scaled(1, { ...reverse, ...at(0) }),
    ];
    expect(indices(analyse(scans))).toEqual([
      ['reverse, sweep_1 1', 20],
      ['reverse, sweep_1 0', 10],
    ]);
  });

  it('pairs several scans under the same conditions in the order in which they were measured', () => {
    const scans = [scaled(0.9, {}), scaled(1, reverse), scaled(0.6, {}), scaled(0.8, reverse)];
    expect(indices(analyse(scans))).toEqual([
      ['reverse #2', 10],
      ['reverse #4', 25],
    ]);
  });
});

describe("the instrument's own values", () => {
  it('stand beside ours, resistances per area', () => {
    const reported = {
      voc: { value: 1.1, unit: 'V' },
      r_series: { value: 58, unit: 'Ω' },
      efficiency: { value: null, unit: '%' },
    };
    const analysis = analyse(scanOf(sweep(-0.2, 1.2, 0.02), { reported }));
    expect(metricOf(analysis, 'voc').reported).toBe(1.1);
    expect(metricOf(analysis, 'r_series').reported).toBeCloseTo(5.8, 9);
    expect(metricOf(analysis, 'efficiency')).not.toHaveProperty('reported');
    const noArea = analyse(scanOf(sweep(-0.2, 1.2, 0.02), { reported }), { areaCm2: undefined });
    expect(metricOf(noArea, 'r_series')).not.toHaveProperty('reported');
  });

  it('that differ by more than 2 % are a warning; resistances are not, they never agree', () => {
    const curve = sweep(-0.2, 1.2, 0.02);
    const theirs = (jsc: number): Analysis =>
      analyse(
        scanOf(curve, { reported: { jsc: { value: jsc, unit: '' }, r_shunt: { value: 1, unit: 'Ω' } } }),
      );
    expect(theirs(22 * 1.015).warnings).toEqual([]);
    expect(theirs(22 * 1.03).warnings).toEqual([
      expect.stringMatching(/^jsc \(forward\): computed 21\.9\d mA\/cm², the instrument says 22\.66/),
    ]);
  });
});
