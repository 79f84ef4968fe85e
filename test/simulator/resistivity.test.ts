import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { FILM, probeFactor } from '../../src/simulator/physics/four-point.ts';
import { about, openRoutine, type Setup, setUp, statusOf, wireNumber } from './helpers.ts';
import { openOldest } from './oldest.ts';

const data = z.strictObject({
  'Voltage (V)': wireNumber,
  'Current (A)': wireNumber,
  '2D Sheet resistance (Ohm/Sq)': wireNumber,
  'Corrected 2D Sheet Resistance (Ohm/Sq)': wireNumber,
});

async function open(): Promise<Setup> {
  const setup = await setUp();
  await openRoutine(setup, 'Resistivity');
  return setup;
}

async function reading({ client }: Setup) {
  const parsed = data.parse(await client.data('ROUTINE', 'GetTestData'));
  return {
    volts: parsed['Voltage (V)'],
    amperes: parsed['Current (A)'],
    sheet: parsed['2D Sheet resistance (Ohm/Sq)'],
    corrected: parsed['Corrected 2D Sheet Resistance (Ohm/Sq)'],
  };
}

async function at(setup: Setup, current: number) {
  await setup.client.data('ROUTINE', 'ApplyCurrent', { current });
  setup.clock.pass(1);
  return reading(setup);
}

describe('the four-point probe', () => {
  it('has the factors of the published table', () => {
    const square = (lengthMm: number, widthMm: number) => probeFactor({ thicknessUm: 0, lengthMm, widthMm });
    expect([square(3, 3), square(10, 10), square(40, 20)]).toEqual([
      about(0.542, 3),
      about(0.931, 3),
      about(0.983, 3),
    ]);
    expect(square(2, 2)).toBeNaN();
    // A thick sample: 2·ln2·s/t.
    expect(probeFactor({ thicknessUm: 1e5, lengthMm: 1e6, widthMm: 1e6 })).toBeCloseTo(0.02 * Math.LN2, 4);
  });
});

describe('Resistivity', () => {
  it('runs until it is stopped, and keeps the latest point', async () => {
    const setup = await open();
    const { client, clock } = setup;
    expect(await reading(setup)).toMatchObject({ volts: 0, amperes: 0, sheet: Number.NaN });
    await client.data('ROUTINE', 'ApplyCurrent', { current: 1e-4 });
    await client.data('ROUTINE', 'StartMeasurement');
    expect((await reading(setup)).volts).toBe(0);
    clock.pass(100_000);
    expect(await statusOf(client)).toMatchObject({ routine_status: 'Running', progress: null });
    const before = await reading(setup);
    await client.data('ROUTINE', 'StopMeasurement');
    clock.pass(10);
    expect(await reading(setup)).toEqual(before);
    expect((await statusOf(client)).routine_status).toBe('Ready');
  });

  it('shows 150 Ω/□ from 0.1 to 1 mA: below is the offset, above the heat', async () => {
    const setup = await open();
    await setup.client.data('ROUTINE', 'StartMeasurement');
    setup.clock.pass(1);
    // No current: the offset over nothing.
    expect(Math.abs((await reading(setup)).sheet)).toBe(Number.POSITIVE_INFINITY);
    for (const current of [1e-4, 1e-3]) {
      const { sheet, corrected, amperes } = await at(setup, current);
      // Noise 0.03 %, and 2 µV of 3.3 mV.
      expect(Math.abs(corrected / 150 - 1)).toBeLessThan(0.002);
      expect(corrected / sheet).toBeCloseTo(probeFactor(FILM), 9);
      expect(Math.abs(amperes / current - 1)).toBeLessThan(0.001);
    }
    expect((await at(setup, 1e-7)).corrected / 150).toBeGreaterThan(1.4);
    expect((await at(setup, 0.1)).corrected / 150).toBeGreaterThan(1.1);
  });

  it('becomes larger by 0.1 % per kelvin', async () => {
    const setup = await open();
    await setup.client.data('ROUTINE', 'StartMeasurement');
    await setup.client.data('TMPCTL', 'SetTemperature', { temperature: 65 });
    await setup.client.data('TMPCTL', 'SetEnable', { enable: true });
    setup.clock.pass(300);
    expect((await at(setup, 1e-3)).corrected).toBeCloseTo(156, 0);
  });

  it('gives way at the voltage limit', async () => {
    const setup = await open();
    await setup.client.data('ROUTINE', 'ApplySettings', { acquisition: { 'V limit': 0.1 } });
    await setup.client.data('ROUTINE', 'StartMeasurement');
    const { volts, amperes } = await at(setup, 0.01);
    expect(volts).toBeCloseTo(0.1, 3);
    expect(amperes).toBeLessThan(0.0031);
  });

  it('corrects for the dimensions it was given, whichever way', async () => {
    const setup = await open();
    const { client } = setup;
    await client.data('ROUTINE', 'SetDeviceDimensions', { thickness: 0.5, length: 10, width: 10 });
    expect(await client.data('ROUTINE', 'GetSettings')).toMatchObject({
      device_dimension: { 'Film Thickness (um)': 0.5, 'Length (mm)': 10, 'Width (mm)': 10 },
    });
    await client.data('ROUTINE', 'StartMeasurement');
    const { sheet, corrected } = await at(setup, 1e-3);
    expect(corrected / sheet).toBeCloseTo(0.931, 3);
  });

  it.each([
    ['ApplyCurrent', {}],
    ['ApplyCurrent', { current: 1e-10 }],
    ['ApplyCurrent', { current: 0.2 }],
    ['ApplyCurrent', { current: 1e-3, unit: 'A' }],
    ['SetDeviceDimensions', { thickness: 1, length: 1 }],
    ['SetDeviceDimensions', { thickness: 0, length: 1, width: 1 }],
  ])('refuses %s with %o', async (command, parameter) => {
    expect((await (await open()).client.refusal('ROUTINE', command, parameter)).code).toBe(101);
  });

  it('has the same noise for the same seed, however often it was read', async () => {
    const [one, two] = [await open(), await open()];
    for (const setup of [one, two]) await setup.client.data('ROUTINE', 'StartMeasurement');
    for (const setup of [one, two]) await setup.client.data('ROUTINE', 'ApplyCurrent', { current: 1e-3 });
    for (let i = 0; i < 5; i++) {
      two.clock.pass(0.7);
      await reading(two);
    }
    one.clock.pass(3.5);
    expect(await reading(one)).toEqual(await reading(two));
  });

  it('has no settings in the oldest dialect, only the commands (row 32)', async () => {
    const { ask: send, client, clock } = await openOldest('Resistivity');
    const ask = (command: string, params: object = {}) => send('ROUTINE', command, params);
    expect(await ask('LoadSettings')).toEqual({ settings: {} });
    await ask('SetDeviceDimensions', { thickness: 0.5, length: 10, width: 10 });
    expect(await ask('LoadSettings')).toEqual({ settings: {} });
    const settings = { acquisition: { 'V limit': 1 } };
    expect(await client.ask('ROUTINE', 'ApplySettings', { params: settings })).toMatchObject({
      ok: false,
      code: 101,
    });
    await ask('ApplyCurrent', { current: 1e-3 });
    await ask('StartMeasurement');
    clock.pass(2);
    expect(await ask('GetStatus')).toMatchObject({ routine_status: 'Running', progress: 0 });
    const parsed = data.parse(await ask('GetTestData'));
    expect(
      parsed['Corrected 2D Sheet Resistance (Ohm/Sq)'] / parsed['2D Sheet resistance (Ohm/Sq)'],
    ).toBeCloseTo(0.931, 3);
  });
});
