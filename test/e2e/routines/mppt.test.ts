import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Host, startHost } from '../../helpers/hosts.ts';
import { closesAfterEach } from '../../helpers/open.ts';
import { untilStatus } from '../../helpers/routine.ts';

const opened = closesAfterEach();

const answer = z.looseObject({
  routine: z.string(),
  scans: z.array(z.looseObject({ label: z.string(), rows: z.number(), columns: z.array(z.string()) })),
  metrics: z.array(z.looseObject({ name: z.string(), value: z.number().nullable() })),
  warnings: z.array(z.string()),
});

async function use(host: Host, tool: string, args: Record<string, unknown> = {}) {
  const result = await host.call(tool, args);
  expect(result, `${tool}: ${result.text}`).toMatchObject({ isError: false });
  return result.structured;
}

const data = async (host: Host) => answer.parse(await use(host, 'routine_get_test_data'));

async function running(routine: string, settings: Record<string, unknown> = {}): Promise<Host> {
  const host = opened(await startHost(['--simulator', '--simulator-speed', '1000']));
  await use(host, 'main_start_routine', { routine });
  await untilStatus(host, 'Ready');
  await use(host, 'routine_apply_settings', { settings });
  await use(host, 'routine_start_measurement');
  return host;
}

describe('routines without documented data, through an MCP host', () => {
  it('MPPT gives the stabilised efficiency of the cell', async () => {
    const host = await running('MPPT', { tracking: { 'Total duration (min)': 10 } });
    await untilStatus(host, 'Ready');
    const { metrics, scans, warnings } = await data(host);
    expect(scans.map(({ label }) => label)).toEqual(['MPPT', 'forward', 'reverse']);
    const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    // 18.57 % of the cell less 3 % that its ions cost at rest, and 4 % that burn in within ten minutes; 2 % for the
    // step of 30 mV of the tracking.
    expect(Math.abs(value('stabilised_efficiency') / (18.57 * 0.97 * 0.96) - 1)).toBeLessThan(0.02);
    expect(Math.abs(value('drift'))).toBeLessThan(1);
    expect(warnings).toContainEqual(expect.stringContaining('not documented'));
    expect(warnings.join()).not.toContain('not stabilised');
  });

  it.each([
    ['PLQY', ['Wavelength (nm)', 'Incident (µW/cm²/nm)', 'Remaining (µW/cm²/nm)'], {}],
    // Its preset of 5 V is beyond the limits of a single junction.
    [
      'Pulsed EL',
      ['Amplitude (V)', 'Voltage (V)', 'Current (A)', 'EL (counts)'],
      { pulse: { 'End (V)': 1.3 }, device: { 'Voltage Limit (V)': 1.3 } },
    ],
  ])('%s passes its columns on', async (routine, columns, settings) => {
    const host = await running(routine, settings);
    await untilStatus(host, 'Ready');
    const { routine: name, scans } = await data(host);
    expect(name).toBe(routine);
    expect(scans.map((scan) => scan.columns)).toEqual([columns]);
    expect(scans[0]?.rows).toBeGreaterThan(50);
  });
});
