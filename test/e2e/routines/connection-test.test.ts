import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Host, startHost } from '../../helpers/hosts.ts';
import { closesAfterEach } from '../../helpers/open.ts';
import { untilStatus } from '../../helpers/routine.ts';

const opened = closesAfterEach();

const answer = z.looseObject({
  data: z.looseObject({ 'Voltage (V)': z.number(), 'Current (A)': z.number() }),
  metrics: z.array(z.looseObject({ name: z.string(), value: z.number().nullable() })),
  warnings: z.array(z.string()),
});

async function use(host: Host, tool: string, args: Record<string, unknown> = {}) {
  const result = await host.call(tool, args);
  expect(result, `${tool}: ${result.text}`).toMatchObject({ isError: false });
  return result.structured;
}

describe('Connection Test through an MCP host', () => {
  it('tells each contact of the substrate from one voltage in the dark', async () => {
    const host = opened(await startHost(['--simulator', '--simulator-speed', '100']));
    await use(host, 'main_start_routine', { routine: 'Connection Test' });
    await untilStatus(host, 'Ready');
    const settings = await use(host, 'routine_get_settings');
    await use(host, 'routine_apply_settings', { settings: settings?.['data'] });

    const verdicts: Record<number, string> = {};
    for (const pixel of [1, 4, 6, 7, 8]) {
      const state = Array.from({ length: 8 }, (_, i) => i + 1 === pixel);
      await use(host, 'mux_set_status', { state });
      await use(host, 'routine_start_measurement');
      await untilStatus(host, 'Running');
      await use(host, 'connection_test_set_output', { output: 1.2 });
      let last: z.output<typeof answer> | undefined;
      await expect
        .poll(async () => {
          last = answer.parse(await use(host, 'routine_get_test_data'));
          const { 'Voltage (V)': volts, 'Current (A)': amperes } = last.data;
          return Math.abs(volts - 1.2) < 0.01 || Math.abs(amperes) > 0.0098;
        })
        .toBe(true);
      const ok = last?.metrics.find(({ name }) => name === 'contact_ok')?.value;
      verdicts[pixel] = ok === 1 ? 'good' : (last?.warnings[0] ?? '');
      await use(host, 'connection_test_set_output', { output: 0 });
      await use(host, 'routine_stop_measurement');
      await untilStatus(host, 'Ready');
    }
    expect(verdicts).toEqual({
      1: 'good',
      4: expect.stringMatching(/^contact short/),
      6: expect.stringMatching(/^contact high resistance/),
      7: expect.stringMatching(/^contact open/),
      8: 'good',
    });
  });
});
