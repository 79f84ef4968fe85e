import { describe, expect, it } from 'vitest';
import { type Dialect, startSimulator } from '../../../src/simulator/server.ts';
import { type Host, startHost } from '../../helpers/hosts.ts';
import { closesAfterEach } from '../../helpers/open.ts';
import { untilStatus } from '../../helpers/routine.ts';
import { call, change, type Members, measure, metric, openRoutine, results } from './operate.ts';

const opened = closesAfterEach();

async function openImpedance(dialect: Dialect, speed = 20_000): Promise<Host> {
  const simulator = opened(await startSimulator({ dialect, speed }));
  return openRoutine(opened(await startHost(['--port', String(simulator.port)])), 'Impedance');
}

/** 0.8 V in the dark, from 0.02 Hz to 10 kHz with 10 mV, in each form of the settings. */
const FORWARD: Record<Dialect, Members> = {
  newest: {
    config: {
      frequency: {
        ramp: { 'Start (Hz)': 10_000, 'Stop (Hz)': 0.02, Steps: 40 },
        'Amplitude (V)': 0.01,
        Periods: 5,
      },
      offset: { mode: 'Fixed', 'Offset (V)': 0.8 },
    },
  },
  oldest: {
    Freq: { Frequency: { Start: 10_000, Stop: 0.02, Steps: 40 }, Amplitude: 0.01, Periods: 5 },
    Offset: { Type: 'Fixed', Start: 0.8 },
  },
};

describe.each(['newest', 'oldest'] as const)('impedance through MCP, %s dialect', (dialect) => {
  it('recovers resistances, capacitance and time constants of the simulated cell', async () => {
    const data = await measure(await openImpedance(dialect), FORWARD[dialect]);
    expect(data).toMatchObject({ routine: 'Impedance', simulated: true });
    expect(data.scans).toEqual([
      {
        label: 'light:0 offset:0',
        direction: null,
        rows: 40,
        columns: ['Frequency (Hz)', 'Re Z (Ω)', 'Im Z (Ω)', '|Z| (Ω)', 'Phase (°)', 'Capacitance (F)'],
      },
    ]);
    expect(metric(data, 'arcs')).toBe(2);
    // J0·exp(V/nVt)/nVt + 1/Rsh = 0.253 mS/cm², on 0.1 cm². J0 is known to two digits, and the noise of 0.3 % and
    // 0.3° on 40 points is that of the fit's uncertainties, 1 % here.
    expect(Math.abs(metric(data, 'r_total') / 39_500 - 1)).toBeLessThan(0.03);
    expect(Math.abs(metric(data, 'r_1') / metric(data, 'r_2') / (7 / 3) - 1)).toBeLessThan(0.06);
    // 45 nF/cm² on 0.1 cm²
    expect(Math.abs(metric(data, 'c_1') / 4.5e-9 - 1)).toBeLessThan(0.03);
    expect(Math.abs(metric(data, 'alpha_1') - 0.92)).toBeLessThan(0.015);
    expect(Math.abs(metric(data, 'tau_2') - 1)).toBeLessThan(0.06);
    expect(metric(data, 'f_peak_1')).toBeCloseTo(1 / (2 * Math.PI * metric(data, 'tau_1')), 6);
    expect(metric(data, 'fit_residual')).toBeLessThan(0.9);
    // The capacitances of the old form have two decimals, which is nothing in farads.
    expect(data.warnings.filter((warning) => !warning.includes('shown'))).toEqual([
      expect.stringContaining('they are in F'),
      ...(dialect === 'oldest' ? [expect.stringContaining('0.00 F')] : []),
    ]);
  });

  it('doubts an open contact, and an amplitude as large as the default', async () => {
    const host = await openImpedance(dialect);
    const state = Array.from({ length: 8 }, (_, i) => i + 1 === 7);
    await call(host, 'mux_set_status', { state });
    const { warnings } = await measure(host);
    expect(warnings).toEqual(
      expect.arrayContaining([
        expect.stringContaining('3.9 kT/q'),
        expect.stringMatching(/contact is open|is the contact open/),
      ]),
    );
  });
});

describe('impedance through MCP', () => {
  it('follows the light, level by level, and says how far it is', async () => {
    const host = await openImpedance('newest', 100);
    await change(host, {
      config: {
        frequency: { ramp: { 'Start (Hz)': 1, Steps: 15 }, 'Amplitude (V)': 0.01 },
        offset: { mode: 'Voc' },
        light: { mode: 'Ramp', ramp: { Start: 0.1, Stop: 1, Steps: 3 } },
      },
    });
    await call(host, 'routine_start_measurement');
    await untilStatus(host, 'Running');
    const status = await call(host, 'routine_get_test_status');
    expect(status.text).toMatch(/% done/);
    await untilStatus(host, 'Ready');
    const data = await results(host);
    expect(data.scans.map(({ label }) => label)).toEqual([
      'light:0 offset:0',
      'light:1 offset:1',
      'light:2 offset:2',
    ]);
    const series = data.metrics.filter(({ name }) => name === 'r_series').map(({ value }) => value);
    // At a tenth of a sun the foot of the fast arc shows, whose peak is at 290 kHz: no intercept can be told.
    expect(series[0]).toBeNull();
    expect(data.warnings).toContainEqual(expect.stringContaining('higher frequencies'));
    // At one sun it is beyond 2 MHz and nothing shows: Rs of 40 Ω and the arc's 0.7·n·kT/(q·J·A), 12.2 Ω, are one.
    expect(Math.abs((series[2] ?? 0) - 52.2)).toBeLessThan(1);
  });
});
