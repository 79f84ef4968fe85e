import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { containing, openRoutine, type Setup, setUp, statusOf, wireNumber } from './helpers.ts';

const data = z.looseObject({
  data: z.array(z.array(z.number())),
  parameters: z.record(z.string(), z.strictObject({ value: wireNumber, unit: z.string() })).optional(),
});

async function measured(routine: string, settings: Record<string, unknown>, seconds: number): Promise<Setup> {
  const setup = await setUp();
  await openRoutine(setup, routine);
  await setup.client.data('ROUTINE', 'ApplySettings', settings);
  await setup.client.data('ROUTINE', 'StartMeasurement');
  setup.clock.pass(seconds);
  return setup;
}

const dataOf = async ({ client }: Setup) => data.parse(await client.data('ROUTINE', 'GetTestData'));

describe('PLQY', () => {
  it('takes two spectra and finds the 1 % of the film, and NaN before', async () => {
    const setup = await measured('PLQY', { integration_time: 1000, averages: 10 }, 11);
    const before = await dataOf(setup);
    expect(before.data).toEqual([]);
    expect(before.parameters?.['PLQY']?.value).toBeNaN();
    expect((await statusOf(setup.client)).routine_status).toBe('Running');
    setup.clock.pass(11);
    expect((await statusOf(setup.client)).routine_status).toBe('Ready');
    const { parameters, data: rows } = await dataOf(setup);
    expect(rows).toHaveLength(1280);
    expect(parameters?.['absorptance']?.value).toBeCloseTo(0.75, 3);
    // The window up to 800 nm holds 91 % of a line of 40 nm around 777 nm.
    expect(parameters?.['PLQY']?.value).toBeCloseTo(0.91, 1);
    // 1.307 V − kT/q·ln(100)
    expect(parameters?.['QFLS (Peak)']?.value).toBeCloseTo(1.307 - 0.02569 * Math.log(110), 2);
  });

  it('refuses a window without width', async () => {
    const setup = await setUp();
    await openRoutine(setup, 'PLQY');
    const settings = { pl_window: { 'Start (nm)': 800, 'End (nm)': 800 } };
    expect(await setup.client.refusal('ROUTINE', 'ApplySettings', settings)).toMatchObject({
      code: 101,
      message: containing('must be above'),
    });
  });
});

describe('Pulsed EL', () => {
  it('is over after its pulses, clamped at the current limit', async () => {
    const setup = await measured('Pulsed EL', {}, 0.3 + 51 * 0.15 - 0.01);
    expect((await statusOf(setup.client)).routine_status).toBe('Running');
    setup.clock.pass(0.02);
    expect((await statusOf(setup.client)).routine_status).toBe('Ready');
    const { data: rows } = await dataOf(setup);
    expect(rows).toHaveLength(51);
    const [asked, volts, amperes] = rows.at(-1) ?? [0, 0, 0];
    expect([asked, amperes]).toEqual([5, expect.closeTo(1e-4, 6)]);
    expect(volts).toBeLessThan(1.05);
  });

  it('gives light that grows with the current to the power 1.5', async () => {
    const settings = { device: { 'Current limit (A)': 0.01 }, pulse: { 'End (V)': 1.2, Cycles: 13 } };
    const { data: rows } = await dataOf(await measured('Pulsed EL', settings, 10));
    const [low, high] = [rows[11] ?? [], rows[12] ?? []];
    const ratio = (i: number): number => (high[i] ?? 0) / (low[i] ?? 1);
    // Shot and read noise of some ten thousand counts are below 1 %.
    expect(ratio(2)).toBeGreaterThan(2);
    expect(ratio(3) / ratio(2) ** 1.5).toBeCloseTo(1, 1);
  });
});
