import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeTimeLeft, pollDelayMs, timeLeftMs } from '../../../src/measurement/run/timing.ts';

/** Looks as often as it is told to, at a measurement that takes `totalMs`. */
function followed(totalMs: number, expectedMs: number | undefined, reports: boolean) {
  let looks = 0;
  for (let elapsedMs = 0; ; ) {
    looks++;
    if (elapsedMs >= totalMs) return { looks, lateMs: elapsedMs - totalMs };
    elapsedMs += pollDelayMs({ elapsedMs, expectedMs, fraction: reports ? elapsedMs / totalMs : undefined });
  }
}

const duration = fc.double({ min: 1, max: 3_600_000, noNaN: true });
const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: undefined });

describe('pollDelayMs', () => {
  it('is between 40 ms and 1 s, whatever is known', () => {
    fc.assert(
      fc.property(
        duration,
        maybe(duration),
        maybe(fc.double({ min: 0, max: 1, noNaN: true })),
        (...known) => {
          const [elapsedMs, expectedMs, fraction] = known;
          const delay = pollDelayMs({ elapsedMs, expectedMs, fraction });
          expect(delay).toBeGreaterThanOrEqual(40);
          expect(delay).toBeLessThanOrEqual(1000);
        },
      ),
    );
  });

  it('notices the end within 200 ms, where the duration is known, the instrument reports, or nobody knows', () => {
    fc.assert(
      fc.property(duration, (total) => {
        expect(followed(total, total, false).lateMs).toBeLessThanOrEqual(200);
        expect(followed(total, undefined, true).lateMs).toBeLessThanOrEqual(200);
        expect(followed(Math.min(total, 60_000), undefined, false).lateMs).toBeLessThanOrEqual(200);
      }),
      { numRuns: 50 },
    );
  });

  it('trusts what the instrument reports over an expectation that is wrong by half', () => {
    for (const total of [5000, 60_000, 600_000])
      for (const wrong of [0.5, 1.5])
        expect(followed(total, wrong * total, true).lateMs).toBeLessThanOrEqual(200);
  });

  it('looks about once a second at a long measurement', () => {
    expect(followed(3_600_000, 3_600_000, false).looks).toBeLessThan(3700);
    expect(followed(20_000, 20_000, true).looks).toBeLessThan(60);
  });
});

describe('timeLeftMs', () => {
  it('goes by what the instrument reports as soon as that says something, and by the settings before', () => {
    expect(timeLeftMs({ elapsedMs: 2000, expectedMs: 100_000, fraction: 0.5 })).toBe(2000);
    expect(timeLeftMs({ elapsedMs: 2000, expectedMs: 100_000, fraction: 0.01 })).toBe(98_000);
    expect(timeLeftMs({ elapsedMs: 500, expectedMs: 100_000, fraction: 0.5 })).toBe(99_500);
    expect(timeLeftMs({ elapsedMs: 2000, expectedMs: 1000, fraction: undefined })).toBe(0);
    expect(timeLeftMs({ elapsedMs: 2000, expectedMs: undefined, fraction: undefined })).toBeUndefined();
  });

  it('is told in seconds or minutes', () => {
    const left = (expectedMs?: number) =>
      describeTimeLeft(timeLeftMs({ elapsedMs: 0, expectedMs, fraction: undefined }));
    expect(left(12_300)).toBe('about 13 s left');
    expect(left(150_000)).toBe('about 3 min left');
    expect(left()).toBe('');
  });
});
