import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { SUN_MIX } from '../../src/simulator/physics/light.ts';
import { HIGH_RESISTANCE_PIXEL, OPEN_PIXEL, SHORTED_PIXEL } from '../../src/simulator/physics/sample.ts';
import {
  closeRelay,
  jvSettings,
  measureJv,
  ONE_SUN,
  openRoutine,
  scanOf,
  type Setup,
  setUp,
  statusOf,
} from './helpers.ts';

const data = z.strictObject({ 'Voltage (V)': z.number(), 'Current (A)': z.number() });

async function open(settings: Record<string, unknown> = {}): Promise<Setup> {
  const setup = await setUp();
  await openRoutine(setup, 'Connection Test');
  await setup.client.data('ROUTINE', 'ApplySettings', settings);
  return setup;
}

async function reading({ client }: Setup): Promise<[volts: number, amperes: number]> {
  const parsed = data.parse(await client.data('ROUTINE', 'GetTestData'));
  return [parsed['Voltage (V)'], parsed['Current (A)']];
}

async function at(setup: Setup, output: number): Promise<[volts: number, amperes: number]> {
  await setup.client.data('ROUTINE', 'SetOutput', { output });
  // Long enough for the ions to come to rest.
  setup.clock.pass(30);
  return reading(setup);
}

async function started(settings: Record<string, unknown> = {}): Promise<Setup> {
  const setup = await open(settings);
  await setup.client.data('ROUTINE', 'StartMeasurement');
  setup.clock.pass(1);
  return setup;
}

const currentMode = { Device_General: { Mode: 'Constant Current' } };

describe('Connection Test', () => {
  it('runs until it is stopped; an output set before has no effect', async () => {
    const setup = await open();
    const { client, clock } = setup;
    expect(await reading(setup)).toEqual([0, 0]);
    await client.data('ROUTINE', 'SetOutput', { output: 1 });
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(1e6);
    expect((await statusOf(client)).routine_status).toBe('Running');
    expect(Math.abs((await reading(setup))[0])).toBeLessThan(1e-4);
    expect((await at(setup, 0.5))[0]).toBeCloseTo(0.5, 4);
    await client.data('ROUTINE', 'StopMeasurement');
    await client.data('ROUTINE', 'SetOutput', { output: 1 });
    clock.pass(10);
    expect((await reading(setup))[0]).toBeCloseTo(0.5, 4);
  });

  it('sees each kind of contact at 1.2 V in the dark', async () => {
    const setup = await started();
    const seen = async (pixel: number) => {
      await closeRelay(setup, pixel);
      return at(setup, 1.2);
    };
    const [volts, amperes] = await seen(1);
    // 24 mA/cm² of 0.1 cm², as the dark curve has there.
    expect(volts).toBeCloseTo(1.2, 4);
    expect(amperes).toBeCloseTo(-2.4e-3, 3);
    // (1.2 V − 0.95 V of the junction) over 5 kΩ.
    const weak = (await seen(HIGH_RESISTANCE_PIXEL))[1];
    expect(weak).toBeLessThan(-4e-5);
    expect(weak).toBeGreaterThan(-6e-5);
    const [openVolts, openAmperes] = await seen(OPEN_PIXEL);
    expect(openVolts).toBeCloseTo(1.2, 4);
    expect(Math.abs(openAmperes)).toBeLessThan(1e-9);
    // 2 Ω take 600 mA; the limit of 10 mA leaves 20 mV.
    const [shortVolts, shortAmperes] = await seen(SHORTED_PIXEL);
    expect(shortVolts).toBeCloseTo(0.02, 3);
    expect(shortAmperes).toBeCloseTo(-0.01, 4);
  });

  it('sees the light, live', async () => {
    const setup = await started();
    expect(Math.abs((await at(setup, 0))[1])).toBeLessThan(1e-8);
    await setup.client.data('LED', 'SetValues', { address: 1, values: SUN_MIX });
    setup.clock.pass(0.2);
    expect((await reading(setup))[1]).toBeCloseTo(2.197e-3, 5);
  });

  it('finds Voc with no current, and holds a current', async () => {
    const setup = await started(currentMode);
    await setup.client.data('LED', 'SetValues', { address: 1, values: SUN_MIX });
    expect((await at(setup, 0))[0]).toBeCloseTo(1.1, 3);
    const [volts, amperes] = await at(setup, 1e-3);
    expect(amperes).toBeCloseTo(1e-3, 5);
    expect(volts).toBeGreaterThan(0.9);
    expect(volts).toBeLessThan(1.1);
  });

  it('stops at the limits', async () => {
    const setup = await started({
      ...currentMode,
      Device_Specific: { 'Current limit (A)': 0.001, 'Voltage Limit (V)': 1.5 },
    });
    await closeRelay(setup, OPEN_PIXEL);
    expect((await at(setup, -1e-4))[0]).toBeCloseTo(1.5, 3);
    expect((await at(setup, 1e-4))[0]).toBeCloseTo(-1.5, 3);
    expect((await at(setup, 0))[0]).toBeCloseTo(0, 3);
    await closeRelay(setup, SHORTED_PIXEL);
    expect((await at(setup, -0.5))[1]).toBeCloseTo(-0.001, 5);
  });

  it('without autorange has the digits of the whole range', async () => {
    const fixed = { Device_General: { Autorange: false }, Device_Specific: { 'Current limit (A)': 0.1 } };
    const setup = await started(fixed);
    await closeRelay(setup, OPEN_PIXEL);
    const readings = await Promise.all([0.1, 0.2, 0.3].map((output) => at(setup, output)));
    const largest = Math.max(...readings.map(([, amperes]) => Math.abs(amperes)));
    expect(largest).toBeGreaterThan(1e-10);
    expect(largest).toBeLessThan(1.01e-8);
  });

  it.each([{}, { output: '1' }, { output: 61 }, { output: 1, unit: 'V' }])(
    'refuses SetOutput with %o',
    async (parameter) => {
      expect((await (await open()).client.refusal('ROUTINE', 'SetOutput', parameter)).code).toBe(101);
    },
  );

  it('refuses an unknown mode', async () => {
    const { client } = await open();
    const settings = { Device_General: { Mode: 'Constant Power' } };
    expect((await client.refusal('ROUTINE', 'ApplySettings', settings)).code).toBe(101);
  });
});

describe('the badly contacted pixel', () => {
  it('has a straight JV curve with the slope of its contact', async () => {
    const setup = await setUp();
    await openRoutine(setup, 'JV');
    await closeRelay(setup, HIGH_RESISTANCE_PIXEL);
    const record = await measureJv(setup, jvSettings({ light: ONE_SUN, scan: { 'Auto Voc': false } }));
    const { voc, 'fill factor': ff, jsc, r_series } = scanOf(record, 'reverse').parameters;
    expect(voc.value).toBeCloseTo(1.1, 1);
    // All of 2.2 mA would take 11 V over 5 kΩ: what comes is about Voc/5 kΩ.
    expect(jsc.value).toBeCloseTo(2.2, 0);
    expect(ff.value).toBeLessThan(30);
    expect(r_series.value).toBeGreaterThan(4500);
  });
});
