import { describe, expect, it } from 'vitest';
import { type Dialect, startSimulator } from '../../../src/simulator/server.ts';
import { type Host, startHost } from '../../helpers/hosts.ts';
import { closesAfterEach } from '../../helpers/open.ts';
import { call, type Members, measure, metric, openRoutine } from './operate.ts';

const opened = closesAfterEach();

async function openTpr(dialect: Dialect): Promise<Host> {
  const simulator = opened(await startSimulator({ dialect, speed: 2000 }));
  return openRoutine(opened(await startHost(['--port', String(simulator.port)])), 'TPR');
}

/** 0.1 ms, which resolves microseconds and is five lifetimes long at a quarter of a sun. */
const short = (points: number): Members => ({
  output_settings: {
    pulse: { duration: 1e-4, delay: 1e-5, points },
    level: { start: 0.25, end: 1, steps: 4 },
  },
});

describe.each(['newest', 'oldest'] as const)('TPR through MCP, %s dialect', (dialect) => {
  it('recovers lifetimes of 5 µs·suns^−0.6', async () => {
    const data = await measure(await openTpr(dialect), short(1000));
    expect(data).toMatchObject({ routine: 'TPR', simulated: true });
    expect(data.scans.map(({ label }) => label)).toEqual([
      'light:0',
      'light:1',
      'light:2',
      'light:3',
      'processed',
    ]);
    expect(data.scans[0]?.columns).toEqual(['Time (µs)', 'Voltage (V)', 'Current (A)']);
    for (const [i, suns] of [0.25, 0.5, 0.75, 1].entries()) {
      const lifetime = data.metrics.find(({ name, scan }) => name === 'lifetime' && scan === `light:${i}`);
      const truth = 5 * suns ** -0.6;
      // Noise of 20 µV on 13 mV, 50 to 115 samples per lifetime: 0.1 to 0.2 %.
      expect(Math.abs((lifetime?.value ?? 0) / truth - 1)).toBeLessThan(0.01);
      // The instrument counts samples between 80 and 20 %.
      expect(Math.abs((lifetime?.reported ?? 0) / truth - 1)).toBeLessThan(0.06);
      expect(metric(data, 'perturbation', `light:${i}`)).toBeGreaterThan(12);
    }
    // 0.6/(n·kT/q) = 15.6/V with n 1.5; the shunt makes Voc fall a little faster with the light.
    expect(Math.abs(metric(data, 'lifetime_slope') + 15.2)).toBeLessThan(0.8);
    expect(data.warnings.filter((warning) => !warning.includes('shown'))).toEqual([]);
  });

  it('recovers the extracted charge, with TPC chosen as that software has it (row 31)', async () => {
    const host = await openTpr(dialect);
    if (dialect === 'oldest') await call(host, 'tpr_set_mode', { mode: 'TPC' });
    const settings = dialect === 'newest' ? { test: 'TPC' } : {};
    const data = await measure(host, { ...short(5000), ...settings });
    for (const [i, suns] of [0.25, 0.5, 0.75, 1].entries()) {
      // 30 % of 2.2 mA, 0.85·0.6 µs and 0.15·5 µs, in nC. The base, known to 1 µA/√500, over 60 µs makes 5 pC.
      const truth = 0.3 * 2.2 * suns * (0.85 * 0.6 + 0.15 * 5);
      expect(Math.abs(metric(data, 'charge', `light:${i}`) - truth)).toBeLessThan(0.02);
      // Where 0.85·exp(−t/0.6) + 0.15·exp(−t/5) is 1/e; noise is 0.6 % of the step at the lowest level.
      expect(Math.abs(metric(data, 'decay_time', `light:${i}`) - 0.758)).toBeLessThan(0.03);
      expect(metric(data, 'photocurrent_step', `light:${i}`)).toBeCloseTo(0.66 * suns, 2);
    }
    expect(data.warnings.filter((warning) => !warning.includes('shown'))).toEqual([
      expect.stringContaining('photocurrent > 0'),
    ]);
  });
});

describe('TPR through MCP', () => {
  it('with the default of 2 ms in 1000 points says that it cannot tell', async () => {
    const data = await measure(await openTpr('newest'));
    expect(data.scans).toHaveLength(31);
    expect(data.warnings).toContainEqual(expect.stringMatching(/undersampled/));
  });

  it('offers tpr_set_mode where the routine has it, and only there', async () => {
    const host = await openTpr('newest');
    await call(host, 'tpr_set_mode', { mode: 'TPC' });
    expect((await call(host, 'routine_get_settings')).structured).toMatchObject({ data: { test: 'TPC' } });
    await call(host, 'routine_close_routine');
    await openRoutine(host, 'Impedance');
    const refused = await host.call('tpr_set_mode', { mode: 'TPV' });
    expect(refused).toMatchObject({ isError: true });
    expect(refused.text).toContain('a command of the routine TPR');
  });
});
