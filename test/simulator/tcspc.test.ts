import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OPEN_PIXEL } from '../../src/simulator/physics/sample.ts';
import { closeRelay, openRoutine, type Setup, setUp, statusOf } from './helpers.ts';
import { openOldest } from './oldest.ts';

const histogram = z.strictObject({
  Offset: z.number(),
  Resolution: z.number(),
  Histogram: z.array(z.number()),
});
const rates = z.strictObject({ sync_rate: z.number(), input_rate: z.number(), ratio: z.number() });

async function open(laser = true): Promise<Setup> {
  const setup = await setUp();
  await openRoutine(setup, 'TCSPC');
  if (laser) await setup.client.data('ROUTINE', 'SetLaser', { laser: true, port_id: 7 });
  return setup;
}

async function measure({ client, clock }: Setup, seconds = 101): Promise<number[]> {
  await client.data('ROUTINE', 'StartMeasurement');
  clock.pass(0.3 + seconds);
  const data = histogram.parse(await client.data('ROUTINE', 'GetTestData'));
  expect(data).toMatchObject({ Offset: 0, Resolution: 0.025 });
  return data.Histogram;
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

describe('TCSPC', () => {
  it('stops at a million counts, of which the peak has 2000', async () => {
    const setup = await open();
    const counts = await measure(setup, 10);
    expect(await statusOf(setup.client)).toMatchObject({ routine_status: 'Ready' });
    expect([counts.length, total(counts)]).toEqual([4096, 1_000_000]);
    const peak = Math.max(...counts);
    expect(Math.abs(peak - 2000)).toBeLessThan(150);
    expect(Math.abs(counts.indexOf(peak) * 0.025 - 5.3)).toBeLessThan(0.6);
    // Ahead of the pulse: 5 of background and what the decays before have left, 0.4·e^(−97/25) of the peak.
    const ahead = total(counts.slice(0, 150)) / 150;
    expect(Math.abs(ahead - 5 - 2000 * 0.4 * Math.exp(-99.3 / 25))).toBeLessThan(3);
  });

  it('takes 6 s for them, and shows how far it is', async () => {
    const setup = await open();
    await measure(setup, 3);
    const { routine_status, progress } = await statusOf(setup.client);
    expect(routine_status).toBe('Running');
    expect(z.object({ progres_pct: z.number().min(45).max(56) }).safeParse(progress).success).toBe(true);
    setup.clock.pass(3.2);
    expect((await statusOf(setup.client)).routine_status).toBe('Ready');
  });

  it('has dark counts only while the laser is off, flat, for the longest time', async () => {
    const setup = await open(false);
    const counts = await measure(setup, 99);
    expect((await statusOf(setup.client)).routine_status).toBe('Running');
    setup.clock.pass(1.1);
    expect((await statusOf(setup.client)).routine_status).toBe('Ready');
    // 80 per s, by chance.
    expect(Math.abs(total(counts) - 99 * 80)).toBeLessThan(5 * Math.sqrt(99 * 80));
    expect(Math.max(...counts)).toBeLessThan(12);
  });

  it('has rates that follow the laser, the ratio as a fraction', async () => {
    const { client } = await open(false);
    const dark = rates.parse(await client.data('ROUTINE', 'GetRates'));
    expect(dark.input_rate).toBeLessThan(150);
    await client.data('ROUTINE', 'SetLaser', { laser: true });
    const lit = rates.parse(await client.data('ROUTINE', 'GetRates'));
    expect(lit.ratio).toBe(Number((lit.input_rate / lit.sync_rate).toPrecision(15)));
    expect(Math.abs(lit.ratio - 0.0172)).toBeLessThan(0.001);
    // One period is the histogram.
    expect(Math.abs(1e9 / lit.sync_rate - 4096 * 0.025)).toBeLessThan(0.01);
    await client.data('ROUTINE', 'SetLaser', { laser: false, port_id: 7 });
    expect(rates.parse(await client.data('ROUTINE', 'GetRates')).input_rate).toBeLessThan(150);
  });

  it('sees the light of the LED board', async () => {
    const { client } = await open(false);
    const values = Array.from({ length: 12 }, () => 0.5);
    await client.data('LED', 'SetValues', { address: 1, values });
    expect(rates.parse(await client.data('ROUTINE', 'GetRates')).ratio).toBeGreaterThan(0.3);
  });

  it('gives the instrument response at the open pixel, where there is no film', async () => {
    const setup = await open();
    await closeRelay(setup, OPEN_PIXEL);
    const counts = await measure(setup, 10);
    const around = counts.slice(160, 240);
    const mean = total(around.map((count, i) => count * (i + 160.5))) / total(around);
    const variance = total(around.map((count, i) => count * (i + 160.5 - mean) ** 2)) / total(around);
    expect(mean * 0.025).toBeCloseTo(5, 2);
    expect(Math.sqrt(variance) * 0.025).toBeCloseTo(0.15, 2);
    expect(total(around)).toBeGreaterThan(970_000);
  });

  it('gives the same histogram for the same seed, however often the rates were read', async () => {
    const [one, two] = [await open(), await open()];
    for (let i = 0; i < 5; i++) await two.client.data('ROUTINE', 'GetRates');
    expect(await measure(two, 1)).toEqual(await measure(one, 1));
  });

  it.each([
    ['SetLaser', {}],
    ['SetLaser', { laser: 'on' }],
    ['SetLaser', { laser: true, port_id: 8 }],
    ['SetLaser', { laser: true, intensity: 1 }],
    ['GetRates', { port_id: 7 }],
    ['ApplySettings', { Resolution: 0.1 }],
  ])('refuses %s %j', async (command, parameter) => {
    const { client } = await open(false);
    expect((await client.refusal('ROUTINE', command, parameter)).code).toBe(101);
  });

  it('of the oldest software knows no laser port', async () => {
    const { ask, client } = await openOldest('TCSPC');
    await ask('ROUTINE', 'SetLaser', { laser: true });
    const refused = await client.ask('ROUTINE', 'SetLaser', { params: { laser: false, port_id: 7 } });
    expect(refused).toMatchObject({ ok: false, code: 101 });
  });
});
