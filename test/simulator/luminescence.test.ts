import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openRoutine, type Setup, setUp, statusOf, succeeded } from './helpers.ts';

const wire = z.array(z.custom<number>((value) => typeof value === 'number'));
const single = z.strictObject({ spectrum: z.tuple([wire, wire, wire]) });
const stored = z.strictObject({ spectrum: z.tuple([wire, wire]) });
const dataForm = z.strictObject({
  wavelengths: wire,
  dark: wire,
  reference: wire,
  spectrum: wire,
  irradiance: wire,
  absorbance: wire,
  transmittance: wire,
});
type Members = Record<string, unknown>;

async function open() {
  const setup = await setUp();
  await openRoutine(setup, 'Luminescence');
  const { client } = setup;
  const ask = (command: string, parameter: Members = {}) => client.data('ROUTINE', command, parameter);
  return {
    setup,
    ask,
    laser: (intensity: number, channel = 1) => ask('SetLaser', { channel, intensity }),
    expose: (integration_time: number) => ask('ApplySettings', { integration_time }),
    spectrum: async () => single.parse(await ask('AcquireSingle')).spectrum,
    data: async () => dataForm.parse(await ask('GetTestData')),
    refused: async (command: string, parameter: Members) =>
      (await client.refusal('ROUTINE', command, parameter)).code,
  };
}

async function leds({ client }: Setup, levels: Readonly<Record<number, number>>): Promise<void> {
  const values = Array.from({ length: 12 }, (_, i) => levels[i + 1] ?? 0);
  await client.data('LED', 'SetValues', { address: 1, values });
}

/** The mean of what lies within 5 nm of a wavelength. */
function around(nm: readonly number[], values: readonly number[], centre: number): number {
  const near = values.filter((_, i) => Math.abs((nm[i] ?? 0) - centre) < 5);
  return near.reduce((sum, value) => sum + value, 0) / near.length;
}
const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

describe('the film', () => {
  /** Counts above the dark at a wavelength, at an intensity and temperature. */
  async function emission(intensity: number, at = 777, celsius = 25): Promise<number> {
    const bench = await open();
    const { client, clock } = bench.setup;
    if (celsius !== 25) {
      await client.data('TMPCTL', 'SetTemperature', { temperature: celsius });
      await client.data('TMPCTL', 'SetEnable', { enable: true });
      clock.pass(300);
    }
    await bench.laser(intensity);
    const [nm, counts] = await bench.spectrum();
    return around(nm, counts, at) - 85;
  }

  it('emits at 777 nm, half of it 17 nm below and 21 nm above', async () => {
    const top = await emission(100);
    // Averages over 10 nm flatten the top by 1 %.
    expect(Math.abs(top / 40_250 - 1)).toBeLessThan(0.03);
    for (const half of [760, 798])
      expect(Math.abs((await emission(100, half)) / top - 0.5)).toBeLessThan(0.03);
  });

  it('emits as the 1.2th power of the intensity', async () => {
    const ratio = (await emission(100)) / (await emission(25));
    expect(Math.abs(Math.log(ratio) / Math.log(4) - 1.2)).toBeLessThan(0.01);
  });

  it('emits less, and bluer, when it is hot', async () => {
    // 0.4 %/K over 40 K, at a peak 10 nm lower.
    const [cold, hot] = [await emission(100), await emission(100, 767, 65)];
    expect(Math.abs(hot / cold - 0.84)).toBeLessThan(0.02);
  });

  it('is excited by blue and UV LEDs too, not by infrared ones', async () => {
    for (const [channel, emits] of [
      [3, true],
      [4, true],
      [5, true],
      [12, false],
    ] as const) {
      const { setup, spectrum } = await open();
      await leds(setup, { [channel]: 1 });
      const [nm, counts] = await spectrum();
      expect(around(nm, counts, 777) > 500, `channel ${channel}`).toBe(emits);
    }
  });
});

describe('the spectrometer', () => {
  it('has an offset, a dark current and noise', async () => {
    const { expose, ask } = await open();
    for (const [milliseconds, level] of [
      [100, 85],
      [2000, 180],
    ] as const) {
      await expose(milliseconds);
      const [nm, counts] = stored.parse(await ask('AcquireDark')).spectrum;
      expect(nm).toHaveLength(1280);
      // Noise of √(counts/4 + 4) over √1280 pixels.
      expect(Math.abs(mean(counts) - level)).toBeLessThan(0.8);
      const scatter = Math.sqrt(mean(counts.map((c) => (c - mean(counts)) ** 2)));
      expect(Math.abs(scatter / Math.sqrt(level / 4 + 4) - 1)).toBeLessThan(0.1);
    }
  });

  it('averages and smooths', async () => {
    const { ask } = await open();
    const scatter = async (settings: Members): Promise<number> => {
      await ask('ApplySettings', { averages: 1, pixel_smoothing: 1, ...settings });
      const [, counts] = stored.parse(await ask('AcquireDark')).spectrum;
      return Math.sqrt(mean(counts.map((c) => (c - mean(counts)) ** 2)));
    };
    const plain = await scatter({});
    expect(Math.abs((await scatter({ averages: 9 })) / plain - 1 / 3)).toBeLessThan(0.05);
    expect(Math.abs((await scatter({ pixel_smoothing: 9 })) / plain - 1 / 3)).toBeLessThan(0.05);
  });

  it('is cut off at 65535 counts', async () => {
    const { laser, expose, spectrum } = await open();
    await laser(100);
    await expose(500);
    const [, counts] = await spectrum();
    expect(Math.max(...counts)).toBe(65_535);
    expect(counts.filter((c) => c === 65_535).length).toBeGreaterThan(20);
  });

  it('chooses an exposure of at most 85 % of full scale, and sets it', async () => {
    const { laser, ask, spectrum } = await open();
    for (const [intensity, expected] of [
      [100, { integration_time: 100, averages: 5 }],
      [10, { integration_time: 2000, averages: 1 }],
      [0, { integration_time: 5000, averages: 1 }],
    ] as const) {
      await laser(intensity);
      expect(await ask('AutoExposure')).toEqual(expected);
      expect(await ask('GetSettings')).toMatchObject(expected);
      const [, counts] = await spectrum();
      expect(Math.max(...counts)).toBeLessThan(0.86 * 65_535);
    }
  });
});

describe('dark, reference and irradiance', () => {
  it('leave no irradiance without a dark before', async () => {
    const { laser, spectrum, data, ask } = await open();
    expect(Object.values(await data()).every((array) => array.length === 0)).toBe(true);
    await laser(50);
    const [, , irradiance] = await spectrum();
    expect(irradiance.every(Number.isNaN)).toBe(true);
    await laser(0);
    await ask('AcquireDark');
    const { dark, spectrum: subtracted, irradiance: none, reference } = await data();
    expect([dark.length, none, reference]).toEqual([1280, [], []]);
    expect(Math.abs(mean(subtracted.slice(600, 620)))).toBeLessThan(5);
  });

  it('give the irradiance after a dark, 3.5 µW/cm² per nm under a full laser', async () => {
    const { laser, spectrum, ask, data } = await open();
    await ask('AcquireDark');
    await laser(100);
    const [nm, , irradiance] = await spectrum();
    expect(Math.abs(around(nm, irradiance, 777) / 3.5 - 1)).toBeLessThan(0.03);
    expect((await data()).irradiance).toEqual(irradiance);
  });

  it('go stale with the integration time: the baseline leaves zero', async () => {
    const { expose, spectrum, ask, data } = await open();
    await ask('AcquireDark');
    await expose(1000);
    await spectrum();
    // 900 ms at 0.05 counts/ms.
    expect(Math.abs(mean((await data()).spectrum) - 45)).toBeLessThan(1);
  });

  it('give transmittance and absorbance of the film, NaN where there is no light', async () => {
    const { setup, spectrum, ask, data } = await open();
    await ask('AcquireDark');
    await leds(setup, { 9: 1, 11: 1 });
    await ask('AcquireReference');
    await spectrum();
    const { wavelengths: nm, transmittance, absorbance } = await data();
    // The optical density is 0.07 behind the edge and 1.17 before it.
    expect(Math.abs(around(nm, absorbance, 860) - 0.07)).toBeLessThan(0.02);
    expect(Math.abs(around(nm, absorbance, 660) - 1.17)).toBeLessThan(0.05);
    for (const [i, t] of transmittance.entries()) expect(Number.isNaN(absorbance[i])).toBe(!(t > 0));
    expect(absorbance.some(Number.isNaN)).toBe(true);
  });

  it('store the light that is on as the dark', async () => {
    const { laser, ask } = await open();
    await laser(100);
    const [nm, counts] = stored.parse(await ask('AcquireDark')).spectrum;
    expect(around(nm, counts, 777)).toBeGreaterThan(30_000);
  });
});

describe('the lasers', () => {
  /** Counts at 777 nm after these settings, one after another. */
  async function light(...settings: readonly Members[]): Promise<number> {
    const { ask, spectrum } = await open();
    for (const setting of settings) await ask('SetLaser', setting);
    const [nm, counts] = await spectrum();
    return around(nm, counts, 777);
  }

  it('shine by intensity and by duty cycle; a duty cycle of 0 is FULL power on channel 2, which is inverted', async () => {
    const [full, off] = [await light({ channel: 1, intensity: 100 }), await light()];
    expect([full > 30_000, off < 100]).toEqual([true, true]);
    expect(await light({ channel: 1, frequency: 10_000, duty_cycle: 100 })).toBeCloseTo(full, -3);
    expect(await light({ channel: 1, duty_cycle: 0 })).toBeLessThan(100);
    expect(await light({ channel: 2, duty_cycle: 0 })).toBeCloseTo(full, -3);
    expect(await light({ channel: 2, duty_cycle: 100 })).toBeLessThan(100);
    expect(await light({ channel: 2, intensity: 100 }, { channel: 2, intensity: 0 })).toBeLessThan(100);
  });

  it('leave a line of their own in the spectrum', async () => {
    const { laser, spectrum } = await open();
    await laser(100);
    const [nm, counts] = await spectrum();
    const pump = Math.max(...counts.filter((_, i) => Math.abs((nm[i] ?? 0) - 450) < 5));
    expect(pump).toBeGreaterThan(1000);
    expect(around(nm, counts, 480)).toBeLessThan(100);
  });

  it('refuse what is wrong', async () => {
    const { refused } = await open();
    for (const parameter of [
      {},
      { channel: 1 },
      { channel: 3, intensity: 1 },
      { channel: 1, intensity: 101 },
      { channel: 1, intensity: 1, duty_cycle: 1 },
      { intensity: 1 },
      { enabled: true },
    ])
      expect(await refused('SetLaser', parameter), JSON.stringify(parameter)).toBe(101);
    for (const command of ['AcquireDark', 'AcquireReference', 'AcquireSingle', 'AutoExposure'])
      expect(await refused(command, { target_level: 0.5 }), command).toBe(101);
  });
});

it('takes one spectrum by StartMeasurement', async () => {
  const { setup, laser, data } = await open();
  const { client, clock } = setup;
  await laser(50);
  await client.data('ROUTINE', 'StartMeasurement');
  clock.pass(0.4);
  expect(await statusOf(client)).toMatchObject({ routine_status: 'Running', progress: {} });
  clock.pass(0.2);
  expect(await statusOf(client)).toMatchObject({ routine_status: 'Ready' });
  expect((await data()).spectrum).toHaveLength(1280);
});

it('gives the same spectrum for the same seed', async () => {
  const spectra = await Promise.all([open(), open()].map(async (bench) => (await bench).spectrum()));
  expect(spectra[0]?.[1]).toEqual(spectra[1]?.[1]);
});

describe('the oldest dialect (rows 28, 29 and 30)', () => {
  it('has a switch for the laser, one row per spectrum, and {stored} for a dark', async () => {
    const { client, clock } = await setUp({ dialect: 'oldest' });
    const send = async (command: string, params: Members = {}): Promise<unknown> =>
      succeeded(await client.ask('ROUTINE', command, { params })).data;
    await client.ask('MAIN', 'StartRoutine', { params: { routine: 'Luminescence' } });
    clock.pass(2);
    expect(await send('AcquireDark', { reference: false })).toEqual({ stored: true });
    expect(await send('AcquireReference')).toEqual({ stored: true });
    await send('SetLaser', { enabled: true });
    expect(await send('AutoExposure', { target_level: 0.3 })).toEqual({ integration_time_ms: 20 });
    const one = z.strictObject({ spectrum: wire, units: z.literal('counts') });
    const { spectrum } = one.parse(await send('AcquireSingle'));
    expect(spectrum).toHaveLength(1280);
    expect(Math.max(...spectrum)).toBeGreaterThan(5000);
    await send('SetLaser', { enabled: false });
    expect(dataForm.parse(await send('GetTestData')).dark).toHaveLength(1280);
    const newer = await client.ask('ROUTINE', 'SetLaser', { params: { channel: 1, intensity: 5 } });
    expect(newer).toMatchObject({ ok: false, code: 101 });
  });
});
