import { expect, it } from 'vitest';
import * as z from 'zod';
import { startSimulator } from '../../src/simulator/server.ts';
import { connectTo } from '../helpers/connection.ts';
import { type Host, startHost } from '../helpers/hosts.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { untilStatus } from '../helpers/routine.ts';

const opened = closesAfterEach();

async function measuredJv(): Promise<Host> {
  const host = opened(await startHost(['--simulator', '--simulator-speed', '200']));
  await host.call('main_start_routine', { routine: 'JV' });
  await untilStatus(host, 'Ready');
  await host.call('routine_apply_settings', { settings: { light: { Source: '12 LED' } } });
  return host;
}
const answer = z.looseObject({
  warnings: z.array(z.string()),
  metrics: z.array(z.looseObject({ name: z.string(), values: z.record(z.string(), z.number().nullable()) })),
});
async function data(host: Host) {
  const { metrics, warnings } = answer.parse((await host.call('routine_get_test_data')).structured);
  return {
    efficiency: Object.values(metrics.find(({ name }) => name === 'efficiency')?.values ?? {})[0] ?? 0,
    warnings: warnings.join('\n'),
  };
}

it('efficiency belongs to the light under which it was measured, whatever is set afterwards', async () => {
  const host = await measuredJv();
  await host.call('routine_start_measurement');
  await untilStatus(host, 'Running');
  await untilStatus(host, 'Ready');
  const before = await data(host);
  await host.call('routine_apply_settings', { settings: { light: { 'Irradiance (mW/cm2)': 50 } } });
  const after = await data(host);
  expect(before.efficiency).toBeGreaterThan(16);
  expect(after.efficiency).toBe(before.efficiency);
});

it('data of a measurement that is under way or was stopped says so', async () => {
  const host = opened(await startHost(['--simulator', '--simulator-speed', '20']));
  await host.call('main_start_routine', { routine: 'JV' });
  await untilStatus(host, 'Ready');
  await host.call('routine_start_measurement');
  await untilStatus(host, 'Running');
  expect((await data(host)).warnings).toContain('STILL UNDER WAY');
  await host.call('routine_stop_measurement');
  await untilStatus(host, 'Ready');
  expect((await data(host)).warnings).toContain('was stopped');
});

it('a write that was accepted and lost is found by reading back: the oldest software, with a window already open', async () => {
  const simulator = opened(await startSimulator({ dialect: 'oldest', speed: 100 }));
  const person = opened(connectTo(simulator));
  await person.send({
    request: { target: 'MAIN', command: 'StartRoutine', parameter: { routine: 'JV' } },
    kind: 'write',
    parameterKey: 'params',
    timeoutMs: 5000,
  });
  const host = opened(await startHost(['--port', String(simulator.port)]));
  await untilStatus(host, 'Ready');
  const settings = { light: { Source: '12 LED' } };
  const lost = await host.call('routine_apply_settings', { settings });
  expect(lost.text).toMatch(/NOT AS ASKED: light › Source: asked "12 LED", in force "None"/);
  expect(lost.text).toContain('--parameter-key params');

  const told = opened(await startHost(['--port', String(simulator.port), '--parameter-key', 'params']));
  expect((await told.call('routine_apply_settings', { settings })).text).toContain('accepted and read back');
});
