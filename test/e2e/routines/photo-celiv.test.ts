import { expect, it, vi } from 'vitest';
import * as z from 'zod';
import { photoCeliv } from '../../../src/instrument/routines/photo-celiv.ts';
import type { Dataset } from '../../../src/science/dataset.ts';
import { mergeDelays } from '../../../src/science/metrics/celiv-delays.ts';
import { startSimulator } from '../../../src/simulator/server.ts';
import { type Host, startHost } from '../../helpers/hosts.ts';
import { closesAfterEach } from '../../helpers/open.ts';
import { connectTo } from '../../simulator/helpers.ts';
import { untilStatus } from '../../helpers/routine.ts';

const opened = closesAfterEach();

const answer = z.looseObject({
  data: z.looseObject({ delay: z.looseObject({ value: z.number() }) }),
  scans: z.array(z.looseObject({ label: z.string(), rows: z.number(), columns: z.array(z.string()) })),
  metrics: z.array(
    z.looseObject({
      name: z.string(),
      value: z.number().nullable(),
      reported: z.number().optional(),
      scan: z.string().optional(),
    }),
  ),
  warnings: z.array(z.string()),
});

/** Follows the run and fetches every delay. */
async function collect(host: Host): Promise<Map<string, z.output<typeof answer>>> {
  const delays = new Map<string, z.output<typeof answer>>();
  await vi.waitFor(
    async () => {
      const status = await host.call('routine_get_test_status');
      const result = answer.parse((await host.call('routine_get_test_data')).structured);
      const [scan] = result.scans;
      if (scan !== undefined) delays.set(scan.label, result);
      expect(JSON.stringify(status.structured?.['data'])).toContain('Ready');
    },
    { timeout: 20_000, interval: 30 },
  );
  return delays;
}

it.each(['newest', 'oldest'] as const)(
  'Photo-CELIV, %s software: each delay is fetched while it runs, and gives the mobility of the film',
  async (dialect) => {
    // In real time, 1.1 s a delay: its data does not wait for a machine that is slow.
    const simulator = opened(await startSimulator({ dialect }));
    const host = opened(await startHost(['--port', String(simulator.port)]));
    await host.call('main_start_routine', { routine: 'Photo-CELIV' });
    await untilStatus(host, 'Ready');

    const { settings } = z
      .looseObject({ settings: z.looseObject({}).optional() })
      .transform(({ settings: inner, ...rest }) => ({ settings: inner ?? rest }))
      .parse((await host.call('routine_get_settings')).structured?.['data']);
    expect(photoCeliv.settings.find(({ schema }) => schema.safeParse(settings).success)?.name).toBe(
      dialect === 'newest' ? 'newest' : 'older, range by index',
    );
    const applied = await host.call('routine_apply_settings', {
      settings: { ...settings, device_thickness_m: 5e-7 },
    });
    expect(applied.isError).toBe(false);
    await host.call('routine_start_measurement');
    await untilStatus(host, 'Running');

    const delays = await collect(host);
    expect(delays.size).toBe(11);
    for (const { scans, metrics, warnings } of delays.values()) {
      expect(scans[0]).toMatchObject({ rows: 1001, columns: ['Voltage (V)', 'Current (A)', 'Time (s)'] });
      const metric = (name: string) => metrics.find((candidate) => candidate.name === name);
      // The flat maximum of a peak of a twelfth of j0 in 0.2 % of noise: up to 1.5 % of t_max, twice that of µ,
      // and the bias of the cubic; 12 % is four standard deviations.
      expect(Math.abs((metric('mobility')?.value ?? 0) / 1e-7 - 1)).toBeLessThan(0.12);
      const own = metric('mobility_from_parameters');
      expect((own?.value ?? 0) / (own?.reported ?? 1)).toBeCloseTo(1, 9);
      expect(warnings).toContainEqual(expect.stringContaining('1 of 11 delays'));
      expect(warnings).toContainEqual(expect.stringContaining('kept as sent'));
    }
    const first = delays.get('delay 0 µs')?.metrics.find(({ name }) => name === 'extracted_charge');
    // Δj·e·t_max, less what the rise takes: 0.5 · 22.1 µA · e · 16.8 µs.
    expect(Math.abs((first?.value ?? 0) / 5.05e-10 - 1)).toBeLessThan(0.05);
  },
);

it('Photo-CELIV: the delays of a run become one dataset with the half-life of the charge', async () => {
  const simulator = opened(await startSimulator({ speed: 4 }));
  const client = await connectTo(simulator);
  await client.data('MAIN', 'StartRoutine', { routine: 'CELIV' });
  await vi.waitFor(
    async () => expect(JSON.stringify(await client.data('ROUTINE', 'GetTestStatus'))).toContain('Ready'),
    { timeout: 20_000, interval: 20 },
  );
  const settings = z.looseObject({}).parse(await client.data('ROUTINE', 'GetSettings'));
  await client.data('ROUTINE', 'ApplySettings', { ...settings, device_thickness_m: 5e-7 });
  await client.data('ROUTINE', 'StartMeasurement');
  const replies: Dataset[] = [];
  await vi.waitFor(
    async () => {
      replies.push(photoCeliv.dataset(await client.data('ROUTINE', 'GetTestData')));
      expect(mergeDelays(replies)?.scans).toHaveLength(11);
    },
    { timeout: 20_000, interval: 50 },
  );
  const merged = mergeDelays(replies);
  if (merged === undefined) throw new Error('no delays');
  const { metrics, warnings } = photoCeliv.analyse(merged, {
    settings: { ...settings, device_thickness_m: 5e-7 },
  });
  expect(warnings).toEqual([]);
  // Δj falls as 1/(1 + delay/20 µs); t_max, and with it the charge, grows by up to 8 % as Δj/j0 does.
  const half = metrics.find(({ name }) => name === 'charge_half_life')?.value ?? 0;
  expect(Math.abs(half - 21.5e-6)).toBeLessThan(2e-6);
});
