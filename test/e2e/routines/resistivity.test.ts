import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { startSimulator } from '../../../src/simulator/server.ts';
import { type Host, startHost } from '../../helpers/hosts.ts';
import { closesAfterEach } from '../../helpers/open.ts';
import { untilStatus } from '../../helpers/routine.ts';

const opened = closesAfterEach();

const answer = z.looseObject({
  metrics: z.array(
    z.looseObject({ name: z.string(), value: z.number().nullable(), reported: z.number().optional() }),
  ),
  warnings: z.array(z.string()),
});

async function use(host: Host, tool: string, args: Record<string, unknown> = {}) {
  const result = await host.call(tool, args);
  expect(result, `${tool}: ${result.text}`).toMatchObject({ isError: false });
  return result.structured;
}

async function hostOf(dialect: 'newest' | 'oldest'): Promise<Host> {
  const simulator = opened(await startSimulator({ dialect, speed: 100 }));
  return opened(await startHost(['--port', String(simulator.port)]));
}

/** Measured at a current, once a reading at it can have been taken. */
async function measured(host: Host, current: number) {
  await use(host, 'resistivity_apply_current', { current });
  let last: z.output<typeof answer> | undefined;
  await expect
    .poll(async () => {
      last = answer.parse(await use(host, 'routine_get_test_data'));
      return last.warnings.join();
    })
    .not.toContain('no current');
  const { metrics, warnings } = last ?? { metrics: [], warnings: [] };
  return { warnings, metric: (name: string) => metrics.find((one) => one.name === name) };
}

describe('Resistivity through an MCP host', () => {
  it.each(['newest', 'oldest'] as const)('finds 150 Ω/□ in the %s dialect (row 32)', async (dialect) => {
    const host = await hostOf(dialect);
    await use(host, 'main_start_routine', { routine: 'resistivity' });
    await untilStatus(host, 'Ready');
    const settings = await use(host, 'routine_get_settings');
    const film = { thickness: 100, length: 100, width: 25 };
    if (dialect === 'newest') {
      expect(settings?.['data']).toMatchObject({ acquisition: { 'V limit': 10 } });
      await use(host, 'routine_apply_settings', { settings: settings?.['data'] });
    } else {
      await use(host, 'resistivity_set_device_dimensions', film);
    }
    await use(host, 'routine_start_measurement');
    await untilStatus(host, 'Running');
    const { metric, warnings } = await measured(host, 1e-3);
    const corrected = metric('sheet_resistance_corrected');
    // Noise of 0.03 %; the instrument's own correction is exact.
    expect(Math.abs((corrected?.reported ?? 0) / 150 - 1)).toBeLessThan(0.002);
    if (dialect === 'newest') {
      // Ours is by a table of three digits.
      expect(Math.abs((corrected?.value ?? 0) / 150 - 1)).toBeLessThan(0.003);
      expect(Math.abs((metric('resistivity')?.value ?? 0) / 1.5 - 1)).toBeLessThan(0.003);
    } else {
      // What was told by a command cannot be read back.
      expect(corrected?.value).toBeNull();
    }
    expect(warnings).toEqual([]);
    await use(host, 'routine_stop_measurement');
    await untilStatus(host, 'Ready');
    await use(host, 'routine_close_routine');
  });

  it('refuses a current that burns, and other routines', async () => {
    const host = await hostOf('newest');
    await use(host, 'main_start_routine', { routine: 'resistivity' });
    await untilStatus(host, 'Ready');
    expect(await host.call('resistivity_apply_current', { current: 1 })).toMatchObject({
      error: { code: 'invalid_input', outcome: 'not_sent' },
    });
    await use(host, 'routine_close_routine');
    await use(host, 'main_start_routine', { routine: 'JV' });
    expect(await host.call('resistivity_apply_current', { current: 1e-7 })).toMatchObject({ isError: true });
  });
});
