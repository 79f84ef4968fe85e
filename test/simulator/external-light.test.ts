import { expect, it } from 'vitest';
import { sourceSuns, SUN_MIX, sunsFromLevels } from '../../src/simulator/physics/light.ts';

it('counts the LED boards as the external light where they are lit, and a lamp otherwise', () => {
  expect(sunsFromLevels(SUN_MIX)).toBeCloseTo(1, 6);
  expect(sourceSuns('External', 1, sunsFromLevels(SUN_MIX))).toBe(0);
  expect(sourceSuns('External', 0.5, 0)).toBe(0.5);
  expect(sourceSuns('12 LED', 1, 1)).toBe(1);
  expect(sourceSuns('None', 1, 0)).toBe(0);
});
