import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Host, startHost } from '../helpers/hosts.ts';

const listing = z.looseObject({
  measurements: z.array(z.looseObject({ id: z.string(), state: z.string() })),
  damaged: z.array(z.unknown()),
});
const progress = z.looseObject({ state: z.string(), percent: z.number().nullish() });

/** Asks until it is so far. */
async function until(host: Host, far: (seen: z.output<typeof progress>) => boolean): Promise<void> {
  for (;;) {
    const seen = progress.parse((await host.call('wait_for_measurement', { wait_s: 0.02 })).structured);
    if (far(seen)) return;
    expect(seen.state).toBe('running');
  }
}

describe('a server that is killed in the middle of a measurement', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'arkeo-mcp-killed-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['while it opens the routine', () => true, []],
    ['at a tenth', ({ percent }: z.output<typeof progress>) => (percent ?? 0) >= 10, ['interrupted']],
    ['at two thirds', ({ percent }: z.output<typeof progress>) => (percent ?? 0) >= 66, ['interrupted']],
    ['after the end', ({ state }: z.output<typeof progress>) => state === 'complete', ['complete']],
  ] as const)('leaves an archive that reads cleanly: %s', async (name, far, states) => {
    const data = path.join(folder, name.replaceAll(' ', '-'));
    const args = ['--simulator', '--simulator-speed', '5', '--data-dir', data];
    const killed = await startHost(args);
    await killed.call('measure_jv', { light_source: '12_led', wait_s: 0 });
    await until(killed, far);
    if (killed.pid !== null) process.kill(killed.pid, 'SIGKILL');
    await killed.close();

    const next = await startHost(args);
    try {
      const listed = listing.parse((await next.call('list_measurements')).structured);
      expect(listed.damaged).toEqual([]);
      expect(listed.measurements.map(({ state }) => state)).toEqual(states);
      for (const { id, state } of listed.measurements) {
        const read = await next.call('get_measurement', { id });
        expect(read, read.text).toMatchObject({ isError: false, structured: { state } });
      }
      const again = await next.call('measure_jv', { light_source: '12_led' });
      expect(again, again.text).toMatchObject({ isError: false, structured: { state: 'complete' } });
    } finally {
      await next.close();
    }
  });
});
