import { expect, it } from 'vitest';
import { largest, smallest } from '../../src/science/extremes.ts';
import { thinned } from '../../src/science/thinned.ts';

it('extremes are those of Math.max and Math.min, for any number of values', () => {
  expect([largest([2, 5, -7]), smallest([2, 5, -7])]).toEqual([5, -7]);
  expect([largest([]), smallest([])]).toEqual([-Infinity, Infinity]);
  const many = Array.from({ length: 300_000 }, (_, i) => i);
  expect([largest(many), smallest(many)]).toEqual([299_999, 0]);
});

it('thinned data is evenly spaced, and data that is short enough is itself', () => {
  expect(thinned([0, 1, 2, 3, 4, 5, 6], 3)).toEqual([0, 3, 6]);
  expect(thinned([0, 1, 2], 3)).toEqual([0, 1, 2]);
});
