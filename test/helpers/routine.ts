import { expect } from 'vitest';
import type { Host } from './hosts.ts';

/** Waits until the open routine is in that state. */
export async function untilStatus(host: Host, state: string): Promise<void> {
  await expect
    .poll(async () => (await host.call('routine_get_test_status')).structured?.['data'], {
      timeout: 20_000,
      interval: 10,
    })
    .toMatchObject({ routine_status: state });
}
