import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OPEN_PIXEL, SHORTED_PIXEL } from '../../src/simulator/physics/sample.ts';
import { closeRelay, openRoutine, type Setup, setUp, statusOf, succeeded, wireNumber } from './helpers.ts';

const quantity = z.strictObject({ value: wireNumber, unit: z.string() });
const celivData = z.strictObject({
  delay: quantity,
  data_scheme: z.array(z.strictObject({ name: z.string(), unit: z.string() })),
  data: z.array(z.tuple([wireNumber, wireNumber])),
  parameters: z.strictObject({
    delay: quantity,
    t_max: quantity,
    deltaJ: quantity,
    J0: quantity,
    A: quantity,
    mobility: quantity,
  }),
});

/** 100 transients of 1.3 ms and more, and a second to store them. */
const PER_DELAY = 1.3;

async function open(settings: Record<string, unknown> = {}, relay?: number): Promise<Setup> {
  const setup = await setUp();
  await openRoutine(setup, 'Photo-CELIV');
  if (relay !== undefined) await closeRelay(setup, relay);
  await setup.client.data('ROUTINE', 'ApplySettings', settings);
  return setup;
}

async function first(setup: Setup): Promise<z.infer<typeof celivData>> {
  await setup.client.data('ROUTINE', 'StartMeasurement');
  setup.clock.pass(0.3 + PER_DELAY);
  return celivData.parse(await setup.client.data('ROUTINE', 'GetTestData'));
}

describe('Photo-CELIV', () => {
  it('holds one delay at a time, and goes on to the next', async () => {
    const setup = await open();
    const { client, clock } = setup;
    const seen = [(await first(setup)).delay.value];
    for (let i = 0; i < 60; i++) {
      clock.pass(0.3);
      const { delay, parameters } = celivData.parse(await client.data('ROUTINE', 'GetTestData'));
      expect(parameters.delay).toEqual(delay);
      if (seen.at(-1) !== delay.value) seen.push(delay.value);
    }
    expect(seen).toEqual([0, 1e-5, 2e-5, 3e-5, 4e-5, 5e-5, 6e-5, 7e-5, 8e-5, 9e-5, 1e-4]);
    expect(await statusOf(client)).toMatchObject({ routine_status: 'Ready', routine_name: 'CELIV' });
  });

  it('has progress as documented, and no data before the first delay', async () => {
    const setup = await open();
    const { client, clock } = setup;
    expect(await client.data('ROUTINE', 'GetTestData')).toMatchObject({ data: [], parameters: {} });
    await first(setup);
    const { progress } = await statusOf(client);
    expect(progress).toEqual({ total_delays: 11, delays_done: 1, averaging_pct: 100 });
    clock.pass(0.9);
    expect((await statusOf(client)).progress).toMatchObject({ delays_done: 1 });
  });

  it('has the transient of its film: j0 22 µA, and 17 µs at 5 kV/s', async () => {
    const { data, parameters, data_scheme } = await first(await open({ device_thickness_m: 5e-7 }));
    expect(data_scheme).toEqual([
      { name: 'Voltage', unit: 'V' },
      { name: 'Current', unit: 'A' },
    ]);
    expect(data).toHaveLength(1001);
    expect(data.at(-1)?.[0]).toBeCloseTo(-1, 2);
    // ε0·25·0.1 cm²/500 nm · 5 kV/s, negative because the ramp is.
    expect(parameters.J0.value / -22.1e-6).toBeCloseTo(1, 2);
    expect(parameters.deltaJ.value / parameters.J0.value).toBeCloseTo(0.5, 1);
    // The maximum is flat, and the instrument looks for it in noise: a tenth.
    expect(Math.abs(parameters.t_max.value - 16.8e-6)).toBeLessThan(1.7e-6);
    expect(Math.abs(parameters.mobility.value - 1e-7)).toBeLessThan(0.25e-7);
  });

  it('believes the thickness that was entered: the preset makes the mobility 1600 times too large', async () => {
    const right = await first(await open({ device_thickness_m: 5e-7 }));
    const preset = await first(await open());
    expect(preset.data).toEqual(right.data);
    expect(preset.parameters.mobility.value / right.parameters.mobility.value).toBeCloseTo(1600, 3);
  });

  it('is faster on a steeper ramp: 3.8 µs at 100 kV/s', async () => {
    const { parameters } = await first(await open({ output: { 'V Ramp': { 'Duration (s)': 1e-5 } } }));
    expect(parameters.A.value).toBeCloseTo(1e5, 3);
    expect(Math.abs(parameters.t_max.value - 3.76e-6)).toBeLessThan(0.4e-6);
  });

  it('injects on a forward ramp, and extracts nothing', async () => {
    const { data } = await first(await open({ output: { 'V Ramp': { 'End (V)': 1.2 } } }));
    expect(data.at(-1)?.[1]).toBeGreaterThan(1e-3);
    expect(data[200]?.[1]).toBeLessThan(30e-6);
  });

  it('is cut off at the range on the shorted pixel, and noise on the open one', async () => {
    const shorted = await first(await open({}, SHORTED_PIXEL));
    expect(Math.min(...shorted.data.map(([, j]) => j))).toBe(-0.05);
    const open7 = await first(await open({}, OPEN_PIXEL));
    expect(Math.max(...open7.data.map(([, j]) => Math.abs(j)))).toBeLessThan(1e-6);
  });

  it.each([
    [{ output: { 'Pulse Delay': { 'End (s)': -1 } } }],
    [{ output: { 'Pulse Delay': { 'Step (s)': 0 } } }],
    [{ output: { 'V Ramp': { 'End (V)': 0 } } }],
    [{ output: { Averages: 0 } }],
    [{ device_thickness_m: 0 }],
    [{ instrument: { type: 'Slow' } }],
    [{ output: { 'Dark-CELIV': false } }],
  ])('refuses %j', async (settings) => {
    const setup = await setUp();
    await openRoutine(setup, 'Photo-CELIV');
    expect((await setup.client.refusal('ROUTINE', 'ApplySettings', settings)).code).toBe(101);
  });

  it('of the oldest software has Dark-CELIV and the range as an index', async () => {
    const setup = await setUp({ dialect: 'oldest' });
    const { client, clock } = setup;
    const ask = async (command: string, params: object = {}) =>
      succeeded(await client.ask('ROUTINE', command, { params })).data;
    succeeded(await client.ask('MAIN', 'StartRoutine', { params: { routine: 'CELIV' } }));
    clock.pass(2);
    expect(await ask('LoadSettings')).toMatchObject({
      settings: { output: { 'Dark-CELIV': false }, instrument: { config: { Filter: 0, Range: 0 } } },
    });
    await ask('ApplySettings', { output: { 'Dark-CELIV': true } });
    await ask('StartMeasurement');
    clock.pass(0.3 + PER_DELAY);
    const { parameters } = celivData.parse(await ask('GetTestData'));
    // Without light only the displacement current is there.
    expect(Math.abs(parameters.deltaJ.value)).toBeLessThan(1e-6);
  });
});
