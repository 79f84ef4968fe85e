import { expect, it } from 'vitest';
import { judgeResult } from '../../bench/soak/promises.ts';
import { runSoak } from '../../bench/soak/run-soak.ts';

it('a short soak: eight callers, 1500 calls, 5 % faults, and every promise is kept', async () => {
  const result = await runSoak({ requests: 1500, seed: 7 });
  expect(result.broken).toEqual([]);
  expect(judgeResult(result).filter(({ kept }) => !kept)).toEqual([]);
  expect([...result.instrument.faults.values()].reduce((sum, times) => sum + times, 0)).toBeGreaterThan(50);
}, 120_000);
