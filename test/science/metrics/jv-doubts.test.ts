import { describe, expect, it } from 'vitest';
import type { JvConditions } from '../../../src/science/metrics/jv.ts';
import { analyse, CELL, currentAt, diodePoint, type Points, scanOf, sweep } from './jv-fixture.ts';

describe('doubts', () => {
  const curve = sweep(-0.2, 1.2, 0.02);
  const doubtsOf = (points: Points, conditions: Partial<JvConditions> = {}): string[] =>
    analyse(scanOf(points), conditions).warnings;

  it('none about a good cell', () => {
    expect(doubtsOf(curve, { compliance: 0.1, pointsAsked: 71 })).toEqual([]);
    expect(doubtsOf(curve.slice(0, 68), { autoVoc: true, pointsAsked: 71 })).toEqual([]);
  });

  it('Auto Voc that stopped at the first point', () => {
    const warnings = doubtsOf([[-0.2, -22]], { autoVoc: true, pointsAsked: 71 });
    expect(warnings).toEqual([expect.stringContaining('Auto Voc stopped at the first point')]);
  });

  it('a scan that was cut short', () => {
    expect(doubtsOf(curve.slice(0, 66), { pointsAsked: 71 })).toContain('forward: 66 points instead of 71');
  });

  it('a flat top at the compliance', () => {
    const flat = curve.map(([v, j]) => [v, Math.max(-10, Math.min(10, j))] as const);
    expect(doubtsOf(flat, { compliance: 1e-3 })).toContainEqual(
      expect.stringMatching(/points lie at the compliance of 0\.001 A/),
    );
    // 100 mA/cm² away.
    expect(doubtsOf(flat, { compliance: 1e-2 })).not.toContainEqual(expect.stringContaining('compliance'));
  });

  it('a fill factor above what Voc allows', () => {
    // Green's limit at 1.1 V and 25 °C is 89.1 %.
    const square = sweep(-0.2, 1.2, 0.02, (v) => (v < 1.09 ? 22 : 22 - 3000 * (v - 1.09)));
    expect(doubtsOf(square)).toContainEqual(
      expect.stringMatching(/a fill factor of 9\d\.\d % is more than 8[89]\.\d %/),
    );
    // A hot cell is allowed less.
    const cool = sweep(-0.2, 1.2, 0.01, (v) =>
      currentAt(v, { ...CELL, slope: 0.0233, j0: 22 / Math.expm1(1.1 / 0.0233), rs: 0.01, rsh: 1e7 }),
    );
    expect(doubtsOf(cool, { temperatureC: -5 })).toEqual([]);
    expect(doubtsOf(cool, { temperatureC: 85 })).toContainEqual(expect.stringContaining('a fill factor of'));
  });

  it('more current than the light holds above q·Voc', () => {
    const larger = curve.map(([v, j]) => [v, j * 2.2] as const);
    expect(doubtsOf(larger)).toEqual([expect.stringContaining('check area and irradiance')]);
    expect(doubtsOf(curve, { irradiance: () => 30 })).toEqual([expect.stringContaining('check area')]);
    // Of a gap below what the reference spectrum covers nothing is known.
    const small = sweep(-0.2, 0.6, 0.01, (v) => currentAt(v, { ...CELL, jph: 55, j0: 1e-3, rs: 0.1 }));
    expect(doubtsOf(small)).toEqual([]);
  });

  it('hardly any current of what the light holds, as with an area in mm²', () => {
    const smaller = curve.map(([v, j]) => [v, j / 100] as const);
    expect(doubtsOf(smaller)).toEqual([
      expect.stringMatching(/less than 2 % of the .* check the area \(in cm²\)/),
    ]);
    expect(doubtsOf(smaller, { irradiance: () => 1 })).toEqual([]);
    expect(doubtsOf(curve.map(([v, j]) => [v, j / 20] as const))).toEqual([]);
  });

  it.each([
    [1e-9, /smaller than a mask/],
    [5e-4, /smaller than a mask/],
    [200, /as large as a module/],
    [1000, /as large as a module/],
  ])('an area of %d cm²', (areaCm2, says) => {
    expect(doubtsOf(curve, { areaCm2 })).toEqual([expect.stringMatching(says)]);
  });

  it.each([0.001, 0.09, 1, 25, 199])('no area of %d cm²', (areaCm2) => {
    expect(doubtsOf(curve, { areaCm2 })).toEqual([]);
  });

  it.each([
    ['500 Ω·cm² in series', { ...CELL, rs: 500 }, 1.08, 0.0001],
    ['20 Ω·cm² beside the cell', { ...CELL, rsh: 20 }, -0.3, 0.02],
  ])('a straight line, of %s', (_, cell, first, step) => {
    const line = Array.from({ length: 400 }, (__, i) => diodePoint(first + i * step, cell)).filter(
      ([v]) => v >= -0.2 && v <= 1.2,
    );
    expect(doubtsOf(line)).toEqual([
      expect.stringMatching(/straight line \(fill factor 2[56]\.\d %\).*check_contact/),
    ]);
    expect(doubtsOf(line, { irradiance: () => 0 })).not.toContainEqual(expect.stringContaining('straight'));
  });

  it('no straight line in a poor cell', () => {
    // Fill factors of about 40 %.
    for (const poor of [
      { ...CELL, rs: 25 },
      { ...CELL, rsh: 110 },
    ])
      expect(doubtsOf(sweep(-0.2, 1.2, 0.02, (v) => currentAt(v, poor)))).toEqual([]);
  });

  it('a scan that does not reach Voc', () => {
    const outside = 'forward: Voc is outside the scan, which does not cross zero current: measure again with';
    const short = sweep(-0.2, 0.9, 0.02);
    expect(doubtsOf(short)).toEqual([`${outside} end_v higher`]);
    for (const pointsAsked of [undefined, short.length + 1])
      expect(doubtsOf(short, { autoVoc: true, pointsAsked })).toEqual([
        `${outside} auto_voc false, or end_v higher`,
      ]);
    expect(doubtsOf(short, { autoVoc: true, pointsAsked: short.length })).toEqual([
      `${outside} end_v higher`,
    ]);
  });

  it('the wrong polarity', () => {
    const turned = curve.map(([v, j]) => [-v, -j] as const).toReversed();
    expect(doubtsOf(turned)).toContainEqual(expect.stringContaining('the polarity is inverted'));
  });

  it('no current to speak of', () => {
    const open = sweep(-0.2, 1.2, 0.02, (v) => Math.sin(1e4 * v) * 1e-4);
    expect(doubtsOf(open)).toContainEqual(expect.stringContaining('hardly any current at 0 V'));
  });
});
