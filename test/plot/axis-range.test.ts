import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { decadesOf, linearRange, logRange, ticksOf } from '../../src/plot/axis-range.ts';

const number = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => Number(value.toPrecision(6)));

it('a linear range holds the data, with two to a dozen ticks inside', () => {
  fc.assert(
    fc.property(number, number, fc.boolean(), (a, b, whole) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      fc.pre(high - low > 1e-3 * Math.max(Math.abs(low), Math.abs(high)) && high - low > 1e-200);
      const range = linearRange(low, high, 8, whole);
      const slack = 1e-5 * (high - low);
      expect(range.min).toBeLessThanOrEqual(low + slack);
      expect(range.max).toBeGreaterThanOrEqual(high - slack);
      const ticks = ticksOf(range);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(12);
      if (whole) expect([ticks[0], ticks.at(-1)]).toEqual([range.min, range.max]);
    }),
  );
});

it.each([5, 0, -3])('there is a range around %d alone', (value) => {
  const { min, max } = linearRange(value, value, 8);
  expect(min).toBeLessThan(value);
  expect(max).toBeGreaterThan(value);
});

it('a logarithmic range holds the data, with a labelled decade inside', () => {
  const positive = fc.double({ min: -14, max: 9, noNaN: true }).map((exponent) => 10 ** exponent);
  fc.assert(
    fc.property(positive, positive, fc.boolean(), (a, b, whole) => {
      const range = logRange(Math.min(a, b), Math.max(a, b), 8, whole);
      expect(range.min).toBeLessThanOrEqual(Math.min(a, b) * (1 + 1e-6));
      expect(range.max).toBeGreaterThanOrEqual(Math.max(a, b) * (1 - 1e-6));
      expect(decadesOf(range).length).toBeGreaterThanOrEqual(1);
      expect(decadesOf(range).length).toBeLessThanOrEqual(9);
    }),
  );
});

it('frequencies end where they were measured, not at the next decade', () => {
  expect(logRange(0.02, 9999, 8)).toMatchObject({ min: 0.02, max: 10_000 });
  expect(decadesOf(logRange(0.02, 9999, 8))).toEqual([0.1, 1, 10, 100, 1000, 10_000]);
});
