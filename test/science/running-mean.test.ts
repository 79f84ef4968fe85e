import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runningMean } from '../../src/science/running-mean.ts';

it('a running mean is the mean of what lies within half the width to either side', () => {
  expect(runningMean([1, 2, 6, 3], 3)).toEqual([1.5, 3, 11 / 3, 4.5]);
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1000, max: 1000 })),
      fc.integer({ min: 1, max: 20 }),
      (values, width) => {
        const half = Math.floor(width / 2);
        const means = runningMean(values, width);
        expect(means).toHaveLength(values.length);
        for (const [i, mean] of means.entries()) {
          const near = values.slice(Math.max(0, i - half), i + half + 1);
          expect(mean).toBeCloseTo(near.reduce((sum, value) => sum + value, 0) / near.length, 9);
        }
      },
    ),
  );
});
