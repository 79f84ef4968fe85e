import { expect, it } from 'vitest';
import * as z from 'zod';
import { OPEN_PIXEL, PIXELS } from '../../../src/simulator/physics/sample.ts';
import { startSimulator } from '../../../src/simulator/server.ts';
import { type Host, startHost } from '../../helpers/hosts.ts';
import { closesAfterEach } from '../../helpers/open.ts';
import { untilStatus } from '../../helpers/routine.ts';

const opened = closesAfterEach();

const answer = z.looseObject({
  scans: z.array(z.looseObject({ rows: z.number(), columns: z.array(z.string()) })),
  metrics: z.array(z.looseObject({ name: z.string(), value: z.number().nullable() })),
  warnings: z.array(z.string()),
});

async function open(dialect: 'newest' | 'oldest'): Promise<Host> {
  const simulator = opened(await startSimulator({ dialect, speed: 20 }));
  const host = opened(await startHost(['--port', String(simulator.port)]));
  await host.call('main_start_routine', { routine: 'TCSPC' });
  await untilStatus(host, 'Ready');
  return host;
}

async function measure(host: Host): Promise<z.output<typeof answer>> {
  expect(await host.call('routine_start_measurement')).toMatchObject({ isError: false });
  await untilStatus(host, 'Running');
  await untilStatus(host, 'Ready');
  return answer.parse((await host.call('routine_get_test_data')).structured);
}

it.each(['newest', 'oldest'] as const)(
  'TCSPC, %s software: rates, laser, and the lifetimes of the film',
  async (dialect) => {
    const host = await open(dialect);
    expect((await host.call('tcspc_get_rates')).text).toMatch(/no pile-up/);
    const laser = dialect === 'newest' ? { laser: true, port_id: 7 } : { laser: true };
    expect((await host.call('tcspc_set_laser', laser)).isError).toBe(false);
    expect((await host.call('tcspc_get_rates')).text).toMatch(/1\.7\d? %: above 1 % pile-up begins/);

    const { scans, metrics, warnings } = await measure(host);
    expect(scans).toEqual([expect.objectContaining({ rows: 4096, columns: ['Time (ns)', 'Counts'] })]);
    const value = (name: string): number => metrics.find((m) => m.name === name)?.value ?? Number.NaN;
    // Three standard deviations of the fit to a million counts, and 1 % by which pile-up of 1.7 % shortens.
    expect(value('components')).toBe(2);
    expect(Math.abs(value('tau_1') - 4)).toBeLessThan(0.2);
    expect(Math.abs(value('tau_2') - 25)).toBeLessThan(0.7);
    expect(Math.abs(value('tau_amplitude_average') - 12.4)).toBeLessThan(0.35);
    expect(Math.abs(value('tau_intensity_average') - 20.94)).toBeLessThan(0.6);
    expect(Math.abs(value('chi_square_bi') - 1)).toBeLessThan(0.12);
    expect(value('chi_square_mono')).toBeGreaterThan(3);
    expect(value('total_counts')).toBe(1e6);
    // The simulated laser gives 1.7 % photons per pulse.
    expect(warnings).toEqual([expect.stringContaining('pile-up'), expect.stringContaining('4096 shown')]);

    expect((await host.call('tcspc_set_laser', { ...laser, laser: false })).text).toContain('off');
    expect(await host.call('routine_close_routine')).toMatchObject({ isError: false });
  },
);

it('TCSPC: dark counts with the laser off, and the instrument response at the open pixel', async () => {
  const host = await open('newest');
  const dark = await measure(host);
  expect(dark.warnings).toContainEqual(expect.stringContaining('laser off'));

  const state = Array.from({ length: PIXELS }, (_, i) => i === OPEN_PIXEL - 1);
  expect((await host.call('mux_set_status', { state })).isError).toBe(false);
  await host.call('tcspc_set_laser', { laser: true });
  const { metrics, warnings } = await measure(host);
  expect(warnings).toContainEqual(expect.stringContaining('instrument response'));
  // 2.355 · 0.15 ns, widened by the running mean over 0.125 ns.
  const width = metrics.find(({ name }) => name === 'fwhm')?.value ?? 0;
  expect(Math.abs(width - 0.353)).toBeLessThan(0.04);
  await host.call('safe_shutdown', { scope: 'ours' });
});
