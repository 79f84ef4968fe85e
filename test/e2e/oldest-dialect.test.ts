import { expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/server.ts';
import { startHost } from '../helpers/hosts.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { untilStatus } from '../helpers/routine.ts';

const opened = closesAfterEach();

it('the oldest software is operated with the same tools', async () => {
  const simulator = opened(await startSimulator({ dialect: 'oldest', speed: 50 }));
  const host = opened(await startHost(['--port', String(simulator.port)]));
  const use = async (name: string, args: Record<string, unknown> = {}) => {
    const result = await host.call(name, args);
    expect(result.isError, `${name}: ${result.text}`).toBe(false);
    return result;
  };
  expect(await host.call('routine_get_test_status')).toMatchObject({ isError: true, error: { code: 4006 } });
  expect((await use('safe_shutdown')).structured).toMatchObject({ safe: true });
  await use('main_start_routine', { routine: 'JV' });
  await untilStatus(host, 'Ready');
  const settings = await use('routine_get_settings');
  await use('routine_apply_settings', { settings: settings.structured?.['data'] });
  await use('led_set_values', { values: Array.from({ length: 12 }, () => 0.5) });
  await use('mux_set_status', { state: [true, false, false, false, false, false, false, false] });
  await use('routine_start_measurement');
  const shutdown = await use('safe_shutdown', { close_routine: true });
  expect(shutdown.structured, shutdown.text).toMatchObject({ safe: true });
  expect((await use('instrument_status')).structured).toMatchObject({ routine: null });
});
