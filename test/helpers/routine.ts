import { expect } from 'vitest';

/** Calls tools, in a host or in this process. */
interface Caller {
  call: (name: string) => Promise<{ structured?: Record<string, unknown> | undefined }>;
}

/** Waits until the open routine is in that state. */
export async function untilStatus(tools: Caller, state: string): Promise<void> {
  await expect
    .poll(async () => (await tools.call('routine_get_test_status')).structured?.['data'], {
      timeout: 20_000,
      interval: 10,
    })
    .toMatchObject({ routine_status: state });
}
