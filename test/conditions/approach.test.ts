import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approach } from '../../src/conditions/approach.ts';
import { type Look, StageWatch } from '../../src/conditions/stage-watch.ts';
import { SharedClock } from './rig.ts';

const goal = { target: 45, tolerance: 0.5, stableFor: 30 };
/** One look a second. */
const looks = (...celsius: (number | undefined)[]): Look[] =>
  celsius.map((c, i) => ({ at: i * 1000, celsius: c }));
const held = (seconds: number): number[] => Array.from({ length: seconds + 1 }, () => 45.1);

describe('how far the stage is', () => {
  it('stable is for as long as asked, not a second less', () => {
    expect(approach(looks(...held(29)), goal)).toMatchObject({ stable: false, within: 29, left: 1 });
    expect(approach(looks(...held(30)), goal)).toMatchObject({ stable: true, within: 30, left: 0 });
  });

  it('leaving the tolerance once, or a sensor that gave nothing, begins anew', () => {
    expect(approach(looks(...held(40), 45.6, ...held(5)), goal)).toMatchObject({ stable: false, within: 5 });
    expect(approach(looks(...held(40), undefined, ...held(5)), goal)).toMatchObject({
      stable: false,
      within: 5,
    });
    expect(approach(looks(45, undefined, undefined), goal)).toMatchObject({ blind: 2, within: 0 });
  });

  it('the way left is what the rate lately says, and unknown where it leads away', () => {
    const rising = approach(looks(38, 39, 40, 41), goal);
    expect(rising.rate).toBeCloseTo(1);
    expect(rising.left).toBeCloseTo(3.5 + 30);
    expect(approach(looks(41, 40, 39), goal).left).toBeUndefined();
    expect(approach(looks(52, 51, 50), goal).left).toBeCloseTo(4.5 + 30);
    expect(approach(looks(40), goal)).toMatchObject({ rate: undefined, left: undefined });
  });

  it('a minute without coming closer is said, one with it is not', () => {
    expect(approach(looks(...held(60).map(() => 30)), goal).stuck).toBe(true);
    expect(approach(looks(...held(60).map((_, i) => 30 + i / 100)), goal).stuck).toBe(false);
    expect(approach(looks(...held(59).map(() => 30)), goal).stuck).toBe(false);
    expect(approach(looks(...held(70)), goal).stuck).toBe(false);
  });

  it('stable only where looks no further than 30 s apart, all within, cover the time', () => {
    const look = fc.record({
      after: fc.integer({ min: 100, max: 40_000 }),
      celsius: fc.oneof(
        { weight: 8, arbitrary: fc.double({ min: 44.6, max: 45.4, noNaN: true }) },
        { weight: 1, arbitrary: fc.constantFrom(undefined, 44, 46) },
      ),
    });
    fc.assert(
      fc.property(fc.array(look, { minLength: 1, maxLength: 12 }), (steps) => {
        let at = 0;
        const seen = steps.map(({ after, celsius }): Look => ({ at: (at += after), celsius }));
        const end = seen.length - 1;
        const covers = (first: number): boolean =>
          (seen[end]?.at ?? 0) - (seen[first]?.at ?? 0) >= 30_000 &&
          seen.slice(first).every(({ celsius }) => celsius !== undefined && Math.abs(celsius - 45) <= 0.5) &&
          seen.slice(first + 1).every((one, i) => one.at - (seen[first + i]?.at ?? 0) <= 30_000);
        expect(approach(seen, goal).stable).toBe(seen.some((_, first) => covers(first)));
      }),
    );
  });
});

describe('StageWatch', () => {
  const one = { address: 1, channel: 1, target: 45 };

  it('knows each controller by itself, and only its present target', () => {
    const watch = new StageWatch(new SharedClock());
    watch.note(one, 45);
    watch.note({ ...one, channel: 2 }, 20);
    expect(watch.looks(one)).toEqual([{ at: 0, celsius: 45 }]);
    expect(watch.looks({ ...one, target: 50 })).toEqual([]);
    expect(watch.note({ ...one, target: 50 }, 45)).toHaveLength(1);
    expect(watch.looks(one)).toEqual([]);
    watch.forget({ address: 1, channel: 2 });
    expect(watch.looks({ ...one, channel: 2 })).toEqual([]);
  });

  it('does not grow for ever', async () => {
    const clock = new SharedClock();
    const watch = new StageWatch(clock);
    for (let i = 0; i < 3000; i++) {
      await clock.pause(1000);
      watch.note(one, 45);
    }
    expect(watch.looks(one)).toHaveLength(901);
  });
});
