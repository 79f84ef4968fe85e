import { expect, it } from 'vitest';
import { MissedStartDetector } from '../../../src/measurement/run/missed-start.ts';

/** What it says at each time, of data that is other than before from some time on. */
async function judged(expectedMs: number | undefined, data: (ms: number) => string | undefined) {
  let now = 0;
  const missedStart = new MissedStartDetector(() => Promise.resolve(data(now)), expectedMs);
  for (; now < 100_000; now += 100) if (await missedStart.hasEnded(now)) return now;
  return Infinity;
}

it('has ended when its data is new and stays the same, and the expected time is over', async () => {
  expect(await judged(2000, () => 'new')).toBeGreaterThan(2000);
  expect(await judged(2000, () => 'new')).toBeLessThan(3000);
  const growing = await judged(2000, (ms) => String(Math.min(ms, 7000)));
  expect(growing).toBeGreaterThan(7000);
  const long = await judged(60_000, () => 'new');
  expect(long).toBeGreaterThan(60_000);
});

it('waits 5 s where nobody knows how long it takes', async () => {
  const ended = await judged(undefined, () => 'new');
  expect(ended).toBeGreaterThan(5000);
  expect(ended).toBeLessThan(6000);
});

it('never started where no new data came within 5 s', async () => {
  await expect(judged(60_000, () => undefined)).rejects.toMatchObject({ code: 'never_started' });
  expect(await judged(3000, (ms) => (ms < 4000 ? undefined : 'new'))).toBeLessThan(5500);
});
