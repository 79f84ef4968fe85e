import { expect, it } from 'vitest';
import type { Scan } from '../../../src/science/dataset.ts';
import { analyseTcspc } from '../../../src/science/metrics/tcspc.ts';
import { fittedDecay } from '../../../src/science/metrics/tcspc-curve.ts';

const BIN = 0.05;

/** A pulse at 5 ns and its decay, without noise: 4 ns and 25 ns, as the laser's 10 MHz let it wrap around. */
function decayScan(): Scan {
  const times = Array.from({ length: 2000 }, (_, i) => i * BIN);
  const single = (t: number): number =>
    (600 * Math.exp(-t / 4)) / -Math.expm1(-100 / 4) + (400 * Math.exp(-t / 25)) / -Math.expm1(-100 / 25);
  const counts = times.map((t) => Math.round(10 + single(t < 5 ? t + 95 : t - 5)));
  return {
    label: 'decay',
    conditions: {},
    columns: [
      { name: 'Time', unit: 'ns', values: times },
      { name: 'Counts', unit: '', values: counts },
    ],
    reported: {},
  };
}

it('is the curve that the figures describe: it lies on data without noise', () => {
  const scan = decayScan();
  const dataset = { routine: 'TCSPC', info: {}, scans: [scan], notes: [] };
  const { metrics } = analyseTcspc(dataset, { syncRate: undefined, ratio: undefined });
  const fit = fittedDecay(scan, metrics) ?? [];
  const counts = scan.columns[1]?.values ?? [];
  expect(fit.length).toBeGreaterThan(1800);
  expect(fit.at(-1)?.[0]).toBeCloseTo(99.95, 6);
  for (const [ns, expected] of fit) {
    // Counts are whole numbers.
    const counted = counts[Math.round(ns / BIN)] ?? 0;
    expect(Math.abs(expected - counted)).toBeLessThan(1 + 0.01 * counted);
  }
});

it('is none without a fit', () => {
  expect(fittedDecay(decayScan(), [])).toBeUndefined();
  const background = { name: 'background', value: 10, unit: 'counts/bin', method: 'test', version: 1 };
  expect(fittedDecay(decayScan(), [background])).toBeUndefined();
});
