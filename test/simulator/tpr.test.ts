import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tpr } from '../../src/instrument/routines/tpr.ts';
import { OPEN_PIXEL, SHORTED_PIXEL } from '../../src/simulator/physics/sample.ts';
import { closeRelay, openRoutine, type Setup, setUp, statusOf, succeeded, wireNumber } from './helpers.ts';
import { openOldest } from './oldest.ts';

const heading = z.strictObject({ value: z.string(), unit: z.string() });
const tprData = z.strictObject({
  test: z.enum(['TPV', 'TPC']),
  scans: z.array(
    z.strictObject({
      name: z.string(),
      data_schema: z.array(heading),
      data: z.array(z.tuple([wireNumber, wireNumber])),
      'dt (s)': wireNumber,
      'rise_time (s)': wireNumber,
      'fall_time (s)': wireNumber,
    }),
  ),
  processed_schema: z.array(heading),
  processed_data: z.array(z.tuple([wireNumber, wireNumber])),
});
type TprData = z.infer<typeof tprData>;

async function open(): Promise<Setup> {
  const setup = await setUp();
  await openRoutine(setup, 'TPR');
  return setup;
}

async function measure(setup: Setup, settings: object): Promise<TprData> {
  await setup.client.data('ROUTINE', 'ApplySettings', { ...settings });
  await setup.client.data('ROUTINE', 'StartMeasurement');
  setup.clock.pass(1000);
  return tprData.parse(await setup.client.data('ROUTINE', 'GetTestData'));
}

/** A pulse that resolves microseconds: 0.1 ms in steps of 0.1 µs. */
const SHORT = { duration: 1e-4, delay: 1e-5, duty_cycle: 30, points: 1000 };
const short = (level: object, pulse: object = {}): object => ({
  pulse: { ...SHORT, ...pulse },
  level: { steps: 3, ...level },
});

/** Time from the end of the pulse in which the signal falls to 1/e of its step, s. */
function oneOverE(values: readonly number[], dt: number, end: number): number {
  const base = mean(values.slice(-100));
  const step = (values[end] ?? 0) - base;
  const at = values.findIndex((value, i) => i > end && (value - base) / step < 1 / Math.E);
  return (at - end) * dt;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('transient photovoltage', () => {
  it('decays with 5 µs·suns^−0.6 to the Voc of the bias', async () => {
    const { scans, processed_data, processed_schema } = await measure(await open(), {
      output_settings: short({ start: 0.25, end: 1, steps: 4 }),
    });
    expect(processed_schema[1]).toEqual({ value: 'Recombination Time', unit: 's' });
    for (const [i, suns] of [0.25, 0.5, 0.75, 1].entries()) {
      const scan = scans[i];
      const volts = (scan?.data ?? []).map(([v]) => v);
      const tau = 5e-6 * suns ** -0.6;
      // The crossing is found to a sample of 0.1 µs, and noise of 20 µV on 14 mV moves it by less.
      expect(Math.abs(oneOverE(volts, 1e-7, 400) - tau)).toBeLessThan(3e-7);
      expect(Math.abs((scan?.['fall_time (s)'] ?? 0) - tau * Math.log(4))).toBeLessThan(4e-7);
      expect(Math.abs((processed_data[i]?.[1] ?? 0) / tau - 1)).toBeLessThan(0.06);
      // n·kT/q·ln(1/0.7) = 13.7 mV, less what the shunt takes at low light.
      const step = 1000 * (mean(volts.slice(380, 400)) - mean(volts.slice(0, 100)));
      expect(step).toBeGreaterThan(12.3);
      expect(step).toBeLessThan(14);
      expect(scan?.name).toBe(`light:${i}`);
    }
    // Voc at 0.7 sun is n·kT/q·ln 0.7 below the 1.100 V of one sun.
    expect(mean((scans[3]?.data ?? []).slice(0, 100).map(([v]) => v))).toBeCloseTo(1.086, 2);
  });

  it('is told no finer than a sample with the usual 2 ms in 1000 points', async () => {
    const { scans, processed_data } = await measure(await open(), {});
    expect(scans).toHaveLength(30);
    expect(scans[0]?.['dt (s)']).toBeCloseTo(2e-6, 12);
    const times = scans.map((scan) => scan['fall_time (s)'] / 2e-6);
    for (const samples of times) expect(Math.abs(samples - Math.round(samples))).toBeLessThan(1e-9);
    for (const [, seconds] of processed_data) expect(seconds).toBeGreaterThanOrEqual(2e-6 / Math.log(4));
  });

  it('of a shorted pixel is a step of a millivolt that is over within a sample', async () => {
    const setup = await open();
    await closeRelay(setup, SHORTED_PIXEL);
    const { scans } = await measure(setup, { output_settings: short({ ramp: false, start: 1 }) });
    const volts = (scans[0]?.data ?? []).map(([v]) => v);
    // 2 Ω carry 2.2 mA at one sun, and 0.66 mA more in the pulse; 2 Ω and 4.5 nF discharge in 9 ns.
    expect(Math.abs(mean(volts.slice(0, 100)) - 2 * 0.7 * 2.2e-3)).toBeLessThan(2e-4);
    const step = mean(volts.slice(150, 400)) - mean(volts.slice(0, 100));
    expect(Math.abs(step - 2 * 0.3 * 2.2e-3)).toBeLessThan(1e-4);
    const noise = 2e-5;
    // The sample at the very end of the pulse still stands.
    expect(Math.abs((volts[401] ?? 1) - mean(volts.slice(-100)))).toBeLessThan(5 * noise);
    const { metrics } = tpr.analyse(tpr.dataset(await setup.client.data('ROUTINE', 'GetTestData')), {});
    expect(metrics.find(({ name }) => name === 'lifetime')?.value).toBeNull();
  });

  it('without contact is noise', async () => {
    const setup = await open();
    await closeRelay(setup, OPEN_PIXEL);
    const { scans } = await measure(setup, { output_settings: short({}) });
    expect(Math.max(...(scans[0]?.data ?? []).map(([v]) => Math.abs(v)))).toBeLessThan(2e-4);
  });
});

describe('transient photocurrent', () => {
  it('is the charge of two components, negative as plotted', async () => {
    const { test, scans, processed_data, processed_schema } = await measure(await open(), {
      test: 'TPC',
      output_settings: short({ start: 0.5, end: 1, steps: 2 }, { points: 5000 }),
    });
    expect(test).toBe('TPC');
    expect(processed_schema).toEqual([
      { value: 'Current Density', unit: 'A/cm^2' },
      { value: 'Charge', unit: 'C' },
    ]);
    const amperes = (scans[1]?.data ?? []).map(([, a]) => a);
    // 30 % of 22 mA/cm² on 0.1 cm², over the 70 % that stay.
    const [base, top] = [mean(amperes.slice(0, 500)), mean(amperes.slice(1900, 2000))];
    expect(base).toBeCloseTo(-0.7 * 2.2e-3, 5);
    expect(top - base).toBeCloseTo(-0.3 * 2.2e-3, 5);
    // 0.85·0.6 µs + 0.15·5 µs; noise of 1 µA in 3000 samples and half a sample at the edge make 3 %.
    const charge = 0.3 * 2.2e-3 * (0.85 * 0.6e-6 + 0.15 * 5e-6);
    expect(Math.abs((processed_data[1]?.[1] ?? 0) / -charge - 1)).toBeLessThan(0.04);
  });

  it('has a current density by the area that was claimed', async () => {
    const setup = await open();
    await setup.client.data('ROUTINE', 'SetInfo', { device_area: 0.2 });
    const { processed_data } = await measure(setup, {
      test: 'TPC',
      output_settings: short({ start: 1, end: 1 }),
    });
    expect(processed_data[0]?.[0]).toBeCloseTo((-0.7 * 22e-3) / 2, 4);
  });
});

describe('a measurement', () => {
  it('takes averaging × duration + step_delay per level, and has what was reached when stopped', async () => {
    const { client, clock } = await open();
    await client.data('ROUTINE', 'StartMeasurement');
    // 30 × (100 × 2 ms + 0.5 s) = 21 s
    clock.pass(0.3 + 0.7 * 3 + 0.1);
    expect(await statusOf(client)).toMatchObject({
      routine_status: 'Running',
      progress: { 'points done': 3, 'total points': 30, progres_pct: 10 },
    });
    await client.data('ROUTINE', 'StopMeasurement');
    expect(tprData.parse(await client.data('ROUTINE', 'GetTestData')).scans).toHaveLength(3);
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(0.3 + 20.95);
    expect((await statusOf(client)).routine_status).toBe('Running');
    clock.pass(0.1);
    expect((await statusOf(client)).routine_status).toBe('Ready');
  });

  it('is at one level without a ramp', async () => {
    const { scans } = await measure(await open(), { output_settings: short({ ramp: false }) });
    expect(scans).toHaveLength(1);
  });
});

describe('settings', () => {
  it.each([
    [{ test: 'TPX' }, 'test'],
    [{ device_type: 'Keithley' }, 'device_type'],
    [{ output_settings: { pulse: { delay: 0.01 } } }, 'longer than duration'],
    [{ output_settings: { transient: { low: 90 } } }, 'below high'],
    [{ output_settings: { level: { bias: 2 } } }, 'bias'],
    [{ output_settings: { pulse: { points: 1 } } }, 'points'],
  ])('%j is refused', async (settings, named) => {
    const { client } = await open();
    const refusal = await client.refusal('ROUTINE', 'ApplySettings', settings);
    expect(refusal.code).toBe(101);
    expect(refusal.message).toContain(named);
  });

  it('take an SMU with a compliance', async () => {
    const { client } = await open();
    const smu = { device_type: 'SMU', device_settings: { compliance: { value: 0.01, unit: 'A' } } };
    await client.data('ROUTINE', 'ApplySettings', smu);
    expect(await client.data('ROUTINE', 'GetSettings')).toMatchObject(smu);
  });
});

describe('SetMode (row 31)', () => {
  it('sets test, under any of the documented keys (row 1), and answers a bare status (row 4)', async () => {
    const { client } = await open();
    const reply = await client.ask('ROUTINE', 'SetMode', { data: { mode: 'TPC' } });
    expect(succeeded(reply).data).toBeUndefined();
    expect(await client.data('ROUTINE', 'GetSettings')).toMatchObject({ test: 'TPC' });
    for (const parameter of [{}, { mode: 'both' }, { test: 'TPV' }]) {
      expect((await client.refusal('ROUTINE', 'SetMode', parameter)).code).toBe(101);
    }
  });

  it('is the only way in the oldest dialect, whose reply has schemes (row 35)', async () => {
    const { ask, clock } = await openOldest('TPR');
    const { settings } = z
      .object({ settings: z.record(z.string(), z.unknown()) })
      .parse(await ask('ROUTINE', 'LoadSettings'));
    expect(settings).toMatchObject({ device_type: 0, device_settings: { 'Current Compliance': 0.01 } });
    expect(settings).not.toHaveProperty('test');
    await ask('ROUTINE', 'SetMode', { mode: 'TPC' });
    await ask('ROUTINE', 'ApplySettings', { output_settings: short({}) });
    await ask('ROUTINE', 'StartMeasurement');
    clock.pass(100);
    expect(await ask('ROUTINE', 'GetTestData')).toMatchObject({
      test: 'TPC',
      scans: [
        {
          data_scheme: [
            { name: 'Voltage', unit: 'V' },
            { name: 'Current', unit: 'A' },
          ],
        },
        {},
        {},
      ],
      processed_scheme: [{ name: 'Current Density' }, { name: 'Charge', unit: 'C' }],
    });
  });
});
