import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { diodeOf, REFERENCE_CELL } from '../../src/simulator/physics/device.ts';
import { currentDensity } from '../../src/simulator/physics/diode.ts';
import {
  jvSettings,
  measureJv,
  ONE_SUN,
  openRoutine,
  scanOf,
  type Setup,
  setUp,
  statusOf,
} from './helpers.ts';

const schema = z.array(z.strictObject({ name: z.string(), unit: z.string() }));
const data = z.looseObject({
  area_cm2: z.number(),
  data_schema: schema,
  data: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
  scans: z.array(
    z.strictObject({
      name: z.string(),
      data_schema: schema,
      data: z.array(z.tuple([z.number(), z.number()])),
    }),
  ),
});

async function started(settings: Record<string, unknown> = {}): Promise<Setup> {
  const setup = await setUp();
  await openRoutine(setup, 'MPPT');
  await setup.client.data('ROUTINE', 'ApplySettings', settings);
  await setup.client.data('ROUTINE', 'StartMeasurement');
  return setup;
}

const dataOf = async ({ client }: Setup) => data.parse(await client.data('ROUTINE', 'GetTestData'));

/** The largest power that the cell gives with its ions at rest at that voltage, mW/cm². */
function steadyMaximum(): number {
  let best = 0;
  for (let volts = 0.6; volts < 1.1; volts += 1e-3) {
    const x = volts / REFERENCE_CELL.voc;
    const loss = (REFERENCE_CELL.ionicLoss * (1 - x)) / (1 + Math.exp(-(volts - 0.8) / 0.12));
    const diode = diodeOf(REFERENCE_CELL, { suns: 1, celsius: 25 }, loss);
    best = Math.max(best, 1000 * volts * currentDensity(diode, volts));
  }
  return best;
}

describe('the steady maximum and JV scans', () => {
  const after = (volts: number, seconds: number, rate: number) => ({
    scan: { 'Rate (V/s)': rate, 'Auto Voc': false },
    precondition: { 'Hold Voltage (V)': volts, 'Hold Time (s)': seconds },
    light: ONE_SUN,
  });
  /** Efficiencies in %, which at one sun are mW/cm², over the steady one. */
  async function overSteady(settings: Parameters<typeof jvSettings>[0]): Promise<[number, number]> {
    const setup = await setUp();
    await openRoutine(setup, 'JV');
    const measured = await measureJv(setup, jvSettings(settings));
    const of = (name: 'forward' | 'reverse'): number =>
      scanOf(measured, name).parameters.efficiency.value / steadyMaximum();
    return [of('forward'), of('reverse')];
  }

  it('lies between scans that are slow', async () => {
    const [forward, reverse] = await overSteady(after(-0.2, 1, 0.02));
    expect(forward).toBeLessThan(0.995);
    expect(reverse).toBeGreaterThan(1.003);
  });

  it('lies above both where ions from short circuit are still on their way', async () => {
    const [forward, reverse] = await overSteady(after(-0.2, 1, 1));
    expect(forward).toBeLessThan(reverse);
    expect(reverse).toBeLessThan(0.95);
  });

  it('lies below a reverse scan after a hold beyond Voc', async () => {
    const [, reverse] = await overSteady({
      ...after(1.2, 10, 0.5),
      scan: { 'Rate (V/s)': 0.5, 'Auto Voc': false, Order: 'Reverse then Forward' },
    });
    expect(reverse).toBeGreaterThan(1.02);
    expect(reverse).toBeLessThan(1.035);
  });
});

describe('MPPT', () => {
  it('tracks the steady maximum, falls as the cell burns in, and runs until it is stopped', async () => {
    const setup = await started();
    const { client, clock } = setup;
    clock.pass(600);
    expect((await statusOf(client)).routine_status).toBe('Running');
    const { data: rows, scans } = await dataOf(setup);
    expect(scans.map(({ name }) => name)).toEqual(['forward', 'reverse']);
    const [hours, volts, density, power] = rows.at(-1) ?? [0, 0, 0, 0];
    expect(power).toBeCloseTo(volts * density, 9);
    const left = 0.15 * Math.exp(-hours / 0.5) + 0.85 * Math.exp(-hours / 2000);
    // Between the tried voltages, 30 mV apart, lies up to 1 % more; and trying them keeps the ions moving.
    expect(Math.abs(power / (steadyMaximum() * left) - 1)).toBeLessThan(0.015);
    clock.pass(4 * 3600);
    const later = (await dataOf(setup)).data.at(-1)?.[3] ?? 0;
    expect(later / steadyMaximum()).toBeCloseTo(0.85, 1);
    await client.data('ROUTINE', 'StopMeasurement');
    const stopped = (await dataOf(setup)).data.length;
    clock.pass(100);
    expect((await dataOf(setup)).data).toHaveLength(stopped);
  });

  it('repeats the scan at intervals, and ends after a total duration', async () => {
    const setup = await started({ tracking: { 'MPP duration (min)': 1, 'Total duration (min)': 4 } });
    setup.clock.pass(300);
    expect((await statusOf(setup.client)).routine_status).toBe('Ready');
    const times = (await dataOf(setup)).data.map(([hours]) => hours * 3600);
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    // A scan of 58 points each way takes 0.2 s a point.
    expect(gaps.filter((gap) => gap > 20).length).toBeGreaterThan(0);
    expect(gaps.filter((gap) => Math.abs(gap - 5) < 1e-6).length).toBeGreaterThan(20);
  });

  it('gives nothing in the dark, and no data before', async () => {
    const setup = await started({ light: { Source: 'None' } });
    expect((await dataOf(setup)).data).toEqual([]);
    setup.clock.pass(120);
    for (const [, , , power] of (await dataOf(setup)).data) expect(power).toBeLessThan(1e-3);
  });

  it('counts per claimed area, and refuses impossible settings', async () => {
    const setup = await setUp();
    const { client, clock } = setup;
    await openRoutine(setup, 'MPPT');
    await client.data('ROUTINE', 'SetInfo', { device_area: 0.2 });
    expect((await client.refusal('ROUTINE', 'ApplySettings', { scan: { 'Max (V)': -1 } })).code).toBe(101);
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(120);
    const { area_cm2, data: rows } = await dataOf(setup);
    expect(area_cm2).toBe(0.2);
    expect(rows.at(-1)?.[3]).toBeCloseTo(steadyMaximum() / 2, 0);
  });
});
