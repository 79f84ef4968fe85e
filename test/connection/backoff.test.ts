import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Backoff } from '../../src/connection/backoff.ts';

it('doubles up to the limit, between half and the whole, counted from the failure', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 40 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.nat({ max: 5000 }),
      (failures, random, later) => {
        let now = 1000;
        const backoff = new Backoff({ firstMs: 100, maxMs: 3000, random: () => random, now: () => now });
        expect(backoff.waitMs).toBe(0);
        for (let i = 0; i <= failures; i++) backoff.failed();
        const whole = Math.min(3000, 100 * 2 ** failures);
        expect(backoff.waitMs).toBeGreaterThanOrEqual(whole / 2);
        expect(backoff.waitMs).toBeLessThanOrEqual(whole);
        const wait = backoff.waitMs;
        now += later;
        expect(backoff.waitMs).toBeCloseTo(Math.max(0, wait - later), 6);
        backoff.succeeded();
        expect(backoff.waitMs).toBe(0);
      },
    ),
  );
});
