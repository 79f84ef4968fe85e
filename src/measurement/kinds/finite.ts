import type { Run } from '../run/run.ts';
import type { Made } from './kind.ts';

/** Settings, start, wait for the end, data: how most routines measure. */
export async function measureOnce(run: Run): Promise<Made> {
  await run.prepare();
  await run.start();
  await run.follow();
  await run.fetch();
  return {};
}
