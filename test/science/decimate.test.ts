import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimate } from '../../src/science/decimate.ts';

const cell = fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { freq: 10 });
const curve = fc
  .array(fc.tuple(cell, cell), { maxLength: 400 })
  .map((rows) => ({ x: rows.map(([x]) => x), y: rows.map(([, y]) => y) }));
const most = fc.integer({ min: 7, max: 120 });

const complete = ({ x, y }: { x: (number | null)[]; y: (number | null)[] }) =>
  y.flatMap((value, i) => (value === null || (x[i] ?? null) === null ? [] : [{ i, value }]));

describe('decimate', () => {
  it('gives rising indices of existing rows, no more than asked for, with both ends', () => {
    fc.assert(
      fc.property(curve, most, ({ x, y }, maxPoints) => {
        const kept = decimate(x, y, maxPoints);
        expect(kept.length).toBeLessThanOrEqual(maxPoints);
        expect(kept.every((index, i) => i === 0 || index > (kept[i - 1] ?? index))).toBe(true);
        if (y.length === 0) expect(kept).toEqual([]);
        else expect([kept[0], kept.at(-1)]).toEqual([0, y.length - 1]);
      }),
    );
  });

  it('loses neither the lowest nor the highest value', () => {
    fc.assert(
      fc.property(curve, most, (rows, maxPoints) => {
        const kept = new Set(decimate(rows.x, rows.y, maxPoints));
        const all = complete(rows).map(({ value }) => value);
        const left = complete(rows).flatMap(({ i, value }) => (kept.has(i) ? [value] : []));
        expect([Math.min(...left), Math.max(...left)]).toEqual([Math.min(...all), Math.max(...all)]);
      }),
    );
  });

  it('keeps everything where there is room for it', () => {
    const x = Array.from({ length: 100 }, (_, i) => i);
    expect(decimate(x, x, 100)).toEqual(x);
    expect(decimate(x, x, 99).length).toBeLessThan(100);
  });

  it('keeps a spike of one sample, and a gap', () => {
    const x = Array.from({ length: 50_000 }, (_, i) => i);
    const y = x.map((i) => (i === 31_234 ? 7 : i >= 40_000 && i < 40_100 ? null : Math.sin(i / 1000)));
    const kept = decimate(x, y, 1000);
    expect(kept).toContain(31_234);
    expect(kept.some((i) => y[i] === null)).toBe(true);
  });

  it('refuses a number of points that cannot hold a curve', () => {
    expect(() => decimate([1], [1], 6)).toThrow('7 points or more, not to 6');
  });
});
