import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../../src/simulator/server.ts';
import { type Host, startHost } from '../../helpers/hosts.ts';
import { closesAfterEach } from '../../helpers/open.ts';
import { call, type Members, measure, metric, openRoutine } from './operate.ts';

const opened = closesAfterEach();

async function openDarkJv(dialect: 'newest' | 'oldest'): Promise<Host> {
  const simulator = opened(await startSimulator({ dialect, speed: 500 }));
  const host = opened(await startHost(['--port', String(simulator.port)]));
  return openRoutine(host, 'dark jv');
}

/** Up to where the diode and its series resistance show. */
const FAR: Members = { scan_settings: { 'V end (V)': 1.2, 'dV (V)': 0.01 } };
const NO_DETECTOR: Members = { photodetector: { type: 'None' } };
/** The settings are written back whole: those of the detector are for one that is there. */
const DETECTOR: Members = { photodetector: { settings: { integration_time_s: 0.5 } } };

describe.each(['newest', 'oldest'] as const)('Dark JV through MCP, %s dialect', (dialect) => {
  it('recovers the constants of the simulated cell', async () => {
    const host = await openDarkJv(dialect);
    const data = await measure(host, { ...FAR, ...DETECTOR });
    expect(data).toMatchObject({ routine: 'Dark JV', simulated: true });
    expect(data.scans.slice(0, 2).map(({ rows, columns }) => [rows, columns])).toEqual([
      [131, ['Voltage (V)', 'Current (A)']],
      [131, ['Voltage (V)', 'Current (A)']],
    ]);
    for (const scan of ['forward', 'reverse']) {
      // Of 131 points: noise 0.05 % of the current, weighted as 0.2 %, and 10 nA; three standard errors and more.
      expect(Math.abs(metric(data, 'ideality', scan) - 1.5)).toBeLessThan(0.004);
      // J0 of 8.7e-12 mA/cm² on 0.1 cm²; d ln J0 is about V/nVt · dn/n, ten times that of n.
      expect(Math.abs(metric(data, 'i0', scan) / 8.7e-16 - 1)).toBeLessThan(0.06);
      // 4 and 5e4 Ω·cm² on 0.1 cm².
      expect(Math.abs(metric(data, 'r_series', scan) - 40)).toBeLessThan(0.5);
      expect(Math.abs(metric(data, 'r_shunt', scan) / 5e5 - 1)).toBeLessThan(0.01);
    }
    const complaints = data.warnings.join('\n');
    if (dialect === 'newest') {
      // The peak of 777 nm lies 0.6 nm higher for a parabola, as the red side is wider; noise adds as much.
      expect(Math.abs(metric(data, 'el_peak') - 777)).toBeLessThan(1.5);
      expect(complaints).toContain('EQE_EL needs the device area');
      expect(complaints).not.toContain('baseline');
    } else {
      expect(complaints).toContain('raw counts');
      expect(complaints).toContain('labelled forward lists falling voltages');
    }
  });

  it('shows leakage where the default settings end, and light where there is some', async () => {
    const host = await openDarkJv(dialect);
    const dark = await measure(host);
    // Medians of 27 points with 10 nA of noise in 60 to 600 nA.
    expect(Math.abs(metric(dark, 'r_shunt', 'forward') / 5e5 - 1)).toBeLessThan(0.03);
    expect(() => metric(dark, 'ideality')).toThrow('no ideality');
    expect(dark.warnings.join('\n')).toContain('no exponential region up to 0.50 V');
    await call(host, 'led_set_values', { values: Array.from({ length: 12 }, (_, i) => (i === 4 ? 0.5 : 0)) });
    const lit = await measure(host);
    expect(lit.warnings.join('\n')).toMatch(/photocurrent of 2\d\d µA flows at 0 V: light leaks in/);
  });
});

it('goes by another source-measure unit, without a detector', async () => {
  const host = await openDarkJv('newest');
  await call(host, 'routine_apply_settings', {
    settings: { device: { type: 'Keithley26xx' }, ...NO_DETECTOR },
  });
  const data = await measure(host, { scan_settings: { 'Scan Order': 'RV Only' } });
  expect(data.scans).toEqual([
    { label: 'reverse', direction: 'reverse', rows: 61, columns: ['Voltage (V)', 'Current (A)'] },
  ]);
});
