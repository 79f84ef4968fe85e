import { beforeEach, describe, expect, it } from 'vitest';
import { type SimulatorRequest, startSimulator } from '../../../src/simulator/server.ts';
import { type Host, startHost } from '../../helpers/hosts.ts';
import { closesAfterEach } from '../../helpers/open.ts';
import { untilStatus } from '../../helpers/routine.ts';
import { call, change, holdStage, measure, metric, openRoutine, results } from './operate.ts';

const opened = closesAfterEach();

const requests: SimulatorRequest[] = [];
beforeEach(() => void requests.splice(0));

async function hostOf(dialect: 'newest' | 'oldest'): Promise<Host> {
  const simulator = opened(
    await startSimulator({ dialect, speed: 1000, onRequest: (request) => requests.push(request) }),
  );
  return opened(await startHost(['--port', String(simulator.port)]));
}

describe.each(['newest', 'oldest'] as const)('IPCE through MCP, %s dialect', (dialect) => {
  it('recovers the current, the edge and the peak of the simulated cell', async () => {
    const host = await hostOf(dialect);
    await openRoutine(host, 'IPCE');
    await change(host, { wavelength: { Step: 5 } });
    const data = await measure(host);
    expect(data).toMatchObject({ routine: 'IPCE', scans: [{ label: 'IPCE', rows: 121 }] });
    expect(data.scans[0]?.columns).toEqual(['Wavelength (nm)', 'EQE (%)', 'J_DUT (A/cm²)', 'J_int (A/cm²)']);
    // The table integrates to 21.78 mA/cm²; 0.3 % of noise on 121 points averages to 0.03 %.
    expect(Math.abs(metric(data, 'jsc_integrated') - 21.78)).toBeLessThan(0.05);
    // Ours and the instrument's are the same sum over the same data.
    const { reported, value } = data.metrics.find(({ name }) => name === 'jsc_integrated') ?? {};
    expect(reported).toBeCloseTo(value ?? 0, 6);
    // The steepest part of the table is the piece from 775 to 780 nm; the noise moves the fit by 0.1 nm.
    expect(metric(data, 'band_edge')).toBeGreaterThan(775);
    expect(metric(data, 'band_edge')).toBeLessThan(780);
    // The cell's gap is 1.60 eV; an inflection point is within 10 meV of it.
    expect(Math.abs(metric(data, 'band_gap') - 1.6)).toBeLessThan(0.01);
    expect(metric(data, 'edge_10_percent')).toBe(790);
    // 93.1 % between 490 and 510 nm; the largest of some noisy points is a little higher.
    expect(Math.abs(metric(data, 'peak_eqe') - 93)).toBeLessThan(1);
    expect(data.warnings.filter((warning) => !warning.includes('shown'))).toEqual([]);
  });

  it('has custom commands, and reads without moving anything (row 24)', async () => {
    const host = await hostOf(dialect);
    await openRoutine(host, 'IPCE');
    const status = await call(host, 'ipce_get_monochromator_status');
    expect(status.text).toContain('shutter "Closed"');
    expect(status.structured).toMatchObject({
      data: { config: { fltrwave: [100, 355, 625, 1115, 1580, null] } },
    });
    expect(requests.filter(({ command }) => command === 'SetShutter')).toEqual([]);
    await call(host, 'ipce_set_shutter', { shutter_status: true });
    await call(host, 'ipce_set_wavelength', { wavelength: 700 });
    expect((await call(host, 'ipce_get_monochromator_status')).text).toMatch(
      /at (700|700\.1|699\.9) nm, shutter "Open", filter 3/,
    );
    await change(host, { acquisition: { 'Chopper Frequency (Hz)': 17 } });
    expect((await call(host, 'ipce_get_chopper_frequency')).text).toMatch(/runs at 1[67]\.\d+ Hz/);
    await call(host, 'ipce_start_calibration');
    await call(host, 'ipce_set_shutter', { shutter_status: false });
  });
});

describe('IPCE through MCP', () => {
  it('refuses to end a running measurement, and the measurement goes on', async () => {
    const host = opened(await startHost(['--simulator', '--simulator-speed', '30']));
    await openRoutine(host, 'IPCE');
    await call(host, 'routine_start_measurement');
    await untilStatus(host, 'Running');
    for (const [name, args] of [
      ['ipce_set_shutter', { shutter_status: true }],
      ['ipce_set_shutter', { shutter_status: false }],
      ['ipce_set_wavelength', { wavelength: 500 }],
      ['ipce_start_calibration', {}],
    ] as const) {
      const refused = await host.call(name, args);
      expect(refused.isError).toBe(true);
      expect(refused.text).toContain('would interrupt the measurement');
    }
    expect((await call(host, 'ipce_get_chopper_frequency')).isError).toBe(false);
    await untilStatus(host, 'Ready');
    const data = await results(host);
    expect(data).toMatchObject({ simulated: true, scans: [{ rows: 61 }] });
  });

  it('agrees with JV within 2 %, when the cell is warm as well', async () => {
    const host = opened(await startHost(['--simulator', '--simulator-speed', '1000']));
    await holdStage(host, 55);
    await openRoutine(host, 'IPCE');
    const eqe = await measure(host);
    // 777 nm + 0.3 nm/K · 30 K.
    expect(Math.abs(metric(eqe, 'band_edge') - 786)).toBeLessThan(2);
    await call(host, 'routine_close_routine');
    await openRoutine(host, 'JV');
    const jsc = metric(await measure(host, { light: { Source: '12 LED' } }), 'jsc');
    expect(Math.abs(metric(eqe, 'jsc_integrated') / jsc - 1)).toBeLessThan(0.02);
  });

  it('warns of a range that is too short, of forgotten LEDs and of an open pixel', async () => {
    const host = opened(await startHost(['--simulator', '--simulator-speed', '1000']));
    await openRoutine(host, 'IPCE');
    await change(host, { wavelength: { Start: 400, End: 700 } });
    const short = await measure(host);
    expect(short.warnings.filter((warning) => warning.includes('lower bound'))).toHaveLength(2);
    expect(short.metrics.find(({ name }) => name === 'band_edge')?.value).toBeNull();
    await change(host, { wavelength: { Start: 300, End: 900 } });
    await call(host, 'led_set_values', { values: Array.from({ length: 12 }, () => 0.02) });
    expect((await measure(host)).warnings).toContainEqual(expect.stringContaining('EQE above 100 %'));
    await call(host, 'led_set_values', { values: Array.from({ length: 12 }, () => 0) });
    await call(host, 'mux_connect');
    await call(host, 'mux_set_status', { state: Array.from({ length: 8 }, (_, i) => i === 6) });
    const nothing = await measure(host);
    expect(nothing.warnings).toContainEqual(expect.stringContaining('hardly any response'));
    expect(nothing.metrics.find(({ name }) => name === 'peak_eqe')?.value).toBeNull();
  });
});
