import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SUN_MIX } from '../../src/simulator/physics/light.ts';
import {
  containing,
  jvSettings,
  measureJv,
  ONE_SUN,
  openRoutine,
  type Setup,
  scanOf,
  setUp,
  statusOf,
  succeeded,
} from './helpers.ts';

const wireNumber = z.custom<number>((value) => typeof value === 'number');
const ipceData = z.strictObject({
  user: z.string(),
  device: z.string(),
  temperature: z.number(),
  test: z.literal('IPCE'),
  time: z.string(),
  file: z.literal(''),
  scan: z.strictObject({
    name: z.literal('IPCE'),
    columns: z.array(z.string()),
    data: z.array(z.tuple([wireNumber, wireNumber, wireNumber, wireNumber])),
  }),
});
type Row = z.infer<typeof ipceData>['scan']['data'][number];

type Members = Readonly<Record<string, unknown>>;

async function openIpce(options: Parameters<typeof setUp>[0] = {}): Promise<Setup> {
  const setup = await setUp(options);
  await openRoutine(setup, 'IPCE');
  return setup;
}

async function dataOf({ client }: Setup): Promise<z.infer<typeof ipceData>> {
  return ipceData.parse(await client.data('ROUTINE', 'GetTestData'));
}

async function measure(setup: Setup, acquisition: Members = {}, wavelength: Members = {}): Promise<Row[]> {
  await setup.client.data('ROUTINE', 'ApplySettings', { acquisition, wavelength });
  await setup.client.data('ROUTINE', 'StartMeasurement');
  setup.clock.pass(20_000);
  expect((await statusOf(setup.client)).routine_status).toBe('Ready');
  return (await dataOf(setup)).scan.data;
}

function lastIntegral(rows: readonly Row[]): number {
  return (rows.at(-1)?.[3] ?? Number.NaN) * 1000;
}

function eqeAt(rows: readonly Row[], nm: number): number {
  return rows.find(([at]) => at === nm)?.[1] ?? Number.NaN;
}

async function holdStage({ client, clock }: Setup, temperature: number): Promise<void> {
  await client.data('TMPCTL', 'SetTemperature', { temperature });
  await client.data('TMPCTL', 'SetEnable', { enable: true });
  clock.pass(300);
}

async function closeRelay({ client }: Setup, pixel: number): Promise<void> {
  await client.data('MUX', 'Connect');
  await client.data('MUX', 'SetStatus', { state: Array.from({ length: 8 }, (_, i) => i === pixel - 1) });
}

describe('the EQE of the reference cell', () => {
  it('gives 21.8 mA/cm² under AM1.5G, on a grid of 5 and of 10 nm', async () => {
    const setup = await openIpce();
    const coarse = await measure(setup);
    expect(coarse).toHaveLength(61);
    // 0.3 % of noise on 61 points averages to 0.05 %.
    expect(Math.abs(lastIntegral(coarse) - 21.73)).toBeLessThan(0.05);
    const fine = await measure(setup, {}, { Step: 5 });
    expect(fine).toHaveLength(121);
    expect(Math.abs(lastIntegral(fine) - 21.78)).toBeLessThan(0.05);
  });

  it('is that of the table within its noise', async () => {
    const rows = await measure(await openIpce());
    for (const [nm, percent] of [
      [310, 22.3],
      [400, 75.4],
      [510, 93],
      [620, 87.4],
      [740, 85.9],
      [780, 35.3],
      [800, 3.5],
    ] as const) {
      // Four standard deviations of 0.3 % and 0.2 nA/cm² of the weakest 1 µA/cm².
      expect(Math.abs(eqeAt(rows, nm) - percent)).toBeLessThan(0.013 * percent + 0.01);
    }
    expect(eqeAt(rows, 900)).toBeCloseTo(0, 1);
  });

  it('has a current of EQE · P · λ/1240 under 20 to 90 µW/cm², and its integral begins with NaN', async () => {
    const rows = await measure(await openIpce());
    const power = ([nm, eqe, density]: Row): number => (1e6 * 100 * 1240 * density) / (eqe * nm);
    const at = (nm: number): Row => rows.find(([x]) => x === nm) ?? [0, 0, 0, 0];
    expect(power(at(300))).toBeCloseTo(20, 6);
    expect(power(at(430))).toBeCloseTo(90, 6);
    expect(rows.map(([, , , sum]) => Number.isNaN(sum)).indexOf(false)).toBe(1);
    const integrals = rows.slice(1).map(([, , , sum]) => sum);
    const steps = integrals.slice(1).map((sum, i) => sum - (integrals[i] ?? 0));
    // It rises but for the noise beyond the edge.
    expect(Math.min(...steps)).toBeGreaterThan(-1e-7);
  });

  it.each([25, 65])('agrees within 2 %% with the Jsc of JV at %d °C', async (celsius) => {
    const setup = await openIpce();
    await holdStage(setup, celsius);
    const integrated = lastIntegral(await measure(setup, {}, { Step: 5 }));
    await setup.client.data('ROUTINE', 'CloseRoutine');
    await openRoutine(setup, 'JV');
    const data = await measureJv(setup, jvSettings({ light: ONE_SUN, scan: { 'Auto Voc': false } }));
    const jsc = scanOf(data, 'reverse').parameters.jsc.value;
    expect(Math.abs(integrated / jsc - 1)).toBeLessThan(0.02);
  });

  it('has an edge that moves by 0.3 nm/K', async () => {
    const setup = await openIpce();
    const half = (rows: readonly Row[]): number => {
      const after = rows.findLastIndex(([, eqe]) => eqe > 40) + 1;
      const [[x0, y0], [x1, y1]] = [rows[after - 1] ?? [0, 0, 0, 0], rows[after] ?? [0, 0, 0, 0]];
      return x0 + ((y0 - 40) * (x1 - x0)) / (y0 - y1);
    };
    const cool = half(await measure(setup, {}, { Start: 700, End: 850, Step: 1 }));
    await holdStage(setup, 65);
    const warm = half(await measure(setup, {}, { Start: 700, End: 850, Step: 1 }));
    expect(Math.abs(warm - cool - 12)).toBeLessThan(0.8);
  });

  it('is as good as none of an open pixel, and no spectrum of a shorted one', async () => {
    const setup = await openIpce();
    await closeRelay(setup, 7);
    const open = await measure(setup);
    // 0.2 nA/cm² of noise over at least 0.9 µA/cm² per 20 %.
    expect(Math.max(...open.map(([, eqe]) => Math.abs(eqe)))).toBeLessThan(0.1);
    await closeRelay(setup, 4);
    const shorted = await measure(setup);
    expect(Math.max(...shorted.map(([, eqe]) => Math.abs(eqe)))).toBeGreaterThan(150);
    await closeRelay(setup, 2);
    expect(Math.abs(lastIntegral(await measure(setup)) / 21.73 - 1)).toBeLessThan(0.04);
  });

  it('is as wrong as the area that is claimed', async () => {
    const setup = await openIpce();
    await setup.client.data('ROUTINE', 'SetInfo', { device_area: 0.2 });
    expect(Math.abs(lastIntegral(await measure(setup)) - 21.73 / 2)).toBeLessThan(0.03);
  });

  it('counts the light of the LEDs, unless the chopper runs', async () => {
    const setup = await openIpce();
    await setup.client.data('LED', 'SetValues', { address: 1, values: SUN_MIX.map((level) => level / 100) });
    expect(eqeAt(await measure(setup), 510)).toBeGreaterThan(200);
    const chopped = await measure(setup, { 'Chopper Frequency (Hz)': 17 });
    expect(Math.abs(eqeAt(chopped, 510) / 93 - 1)).toBeLessThan(0.02);
    expect(
      eqeAt(await measure(setup, { 'LED Level': 0.1, 'Chopper Frequency (Hz)': 0 }), 510),
    ).toBeGreaterThan(1000);
  });

  it('is noisier with fewer than ten chopper periods in an acquisition', async () => {
    const setup = await openIpce();
    const scatter = async (seconds: number): Promise<number> => {
      const rows = await measure(
        setup,
        { 'Chopper Frequency (Hz)': 10, 'Acquisition time (s)': seconds },
        { Start: 500, End: 510, Step: 0.05 },
      );
      const mean = rows.reduce((sum, [, eqe]) => sum + eqe, 0) / rows.length;
      return Math.sqrt(rows.reduce((sum, [, eqe]) => sum + (eqe - mean) ** 2, 0) / rows.length);
    };
    const enough = await scatter(1);
    expect((await scatter(0.1)) / enough).toBeGreaterThan(2.5);
  });

  it('is the same for the same seed, however often the status was read', async () => {
    const [one, two, other] = [
      await openIpce({ seed: 5 }),
      await openIpce({ seed: 5 }),
      await openIpce({ seed: 6 }),
    ];
    for (let i = 0; i < 5; i++) await two.client.data('ROUTINE', 'GetChopperFrequency');
    const rows = await measure(one);
    expect(await measure(two)).toEqual(rows);
    expect(await measure(other)).not.toEqual(rows);
  });
});

describe('a measurement', () => {
  it('takes N · (acquisition · averaging + delay + 0.7 s), with documented progress', async () => {
    const setup = await openIpce();
    const { client, clock } = setup;
    await client.data('ROUTINE', 'ApplySettings', {
      acquisition: { 'Acquisition time (s)': 0.1, Averaging: 10, 'Delay (s)': 0.2 },
    });
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(0.3 + 25 * 1.9 + 0.5);
    expect(await statusOf(client)).toEqual({
      routine_status: 'Running',
      routine_name: 'IPCE',
      progress: { wavelength: 550, 'points done': 25, 'total points': 61, progres_pct: 40.98 },
      error: null,
    });
    clock.pass(36 * 1.9 - 0.6);
    expect((await statusOf(client)).routine_status).toBe('Running');
    clock.pass(0.2);
    expect((await statusOf(client)).routine_status).toBe('Ready');
  });

  it('names its sample, and has no data before the first', async () => {
    const setup = await openIpce();
    expect(await dataOf(setup)).toMatchObject({ time: '1904-01-01T00:00:00.000Z', scan: { data: [] } });
    await setup.client.data('ROUTINE', 'SetInfo', { user_name: 'Ada', device_name: 'B7-P3' });
    await measure(setup);
    expect(await dataOf(setup)).toMatchObject({
      user: 'Ada',
      device: 'B7-P3',
      temperature: 25,
      time: '2026-03-01T10:00:00.000Z',
      scan: { columns: ['Wavelength (nm)', 'EQE (%)', 'J_DUT (A/cm2)', 'J_int (A/cm2)'] },
    });
  });

  it.each([
    ['SetShutter', { shutter_status: true }],
    ['SetShutter', { shutter_status: false }],
    ['SetWavelength', { wavelength: 600 }],
    ['StartCalibration', {}],
  ])('is ended by %s %j: Ready, no error, partial data', async (command, parameter) => {
    const setup = await openIpce();
    const { client, clock } = setup;
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(0.3 + 10 * 1.7 + 0.5);
    await client.data('ROUTINE', command, parameter);
    clock.pass(1);
    expect(await statusOf(client)).toMatchObject({ routine_status: 'Ready', error: null });
    clock.pass(500);
    expect((await dataOf(setup)).scan.data).toHaveLength(10);
    expect(await measure(setup)).toHaveLength(61);
  });

  it.each(['GetChopperFrequency', 'GetMonochromatorStatus'])('goes on during %s', async (command) => {
    const setup = await openIpce();
    const { client, clock } = setup;
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(20);
    await client.data('ROUTINE', command);
    expect((await statusOf(client)).routine_status).toBe('Running');
    clock.pass(500);
    expect((await dataOf(setup)).scan.data).toHaveLength(61);
  });

  it('keeps what it had when it is stopped', async () => {
    const setup = await openIpce();
    await setup.client.data('ROUTINE', 'StartMeasurement');
    setup.clock.pass(0.3 + 4 * 1.7 + 0.1);
    await setup.client.data('ROUTINE', 'StopMeasurement');
    setup.clock.pass(500);
    expect((await dataOf(setup)).scan.data).toHaveLength(4);
  });
});

describe('monochromator and shutter', () => {
  it('go where they are sent, filter and grating with them, and the last filter ends at a bare Infinity (row 11)', async () => {
    const { client } = await openIpce();
    const at = async (wavelength: number): Promise<unknown> => {
      await client.data('ROUTINE', 'SetWavelength', { wavelength });
      return client.data('ROUTINE', 'GetMonochromatorStatus');
    };
    expect(await client.data('ROUTINE', 'GetMonochromatorStatus')).toMatchObject({
      type: 'Serial Monochromator',
      connected: true,
      wavelength: 550,
      shutter: 'Closed',
      filter: 2,
      grating: 1,
      config: { gratwave: [0, 1000], fltrwave: [100, 355, 625, 1115, 1580, Number.POSITIVE_INFINITY] },
    });
    expect(client.received.at(-1)?.toString()).toContain('1580,Infinity]');
    expect(await at(320)).toMatchObject({ filter: 1, grating: 1 });
    expect(await at(700)).toMatchObject({ filter: 3, grating: 1 });
    const infrared = z.looseObject({ wavelength: z.number() }).parse(await at(1200));
    expect(infrared).toMatchObject({ filter: 4, grating: 2 });
    expect(Math.abs(infrared.wavelength - 1200)).toBeLessThanOrEqual(0.1);
  });

  it('open for a measurement and stay open', async () => {
    const setup = await openIpce();
    const { client } = setup;
    const shutter = async (): Promise<unknown> =>
      z.looseObject({ shutter: z.string() }).parse(await client.data('ROUTINE', 'GetMonochromatorStatus'))
        .shutter;
    await measure(setup);
    expect(await shutter()).toBe('Open');
    await client.data('ROUTINE', 'SetShutter', { shutter_status: false });
    expect(await shutter()).toBe('Closed');
  });

  it('with a chopper at the frequency that is set', async () => {
    const { client } = await openIpce();
    const frequency = async (): Promise<number> =>
      z.strictObject({ frequency: z.number() }).parse(await client.data('ROUTINE', 'GetChopperFrequency'))
        .frequency;
    expect(await frequency()).toBe(0);
    await client.data('ROUTINE', 'ApplySettings', { acquisition: { 'Chopper Frequency (Hz)': 13.35 } });
    expect(Math.abs((await frequency()) - 13.35)).toBeLessThan(0.03);
  });

  it('calibrated anew, change the scale of the EQE by little, and for good', async () => {
    const setup = await openIpce();
    const before = lastIntegral(await measure(setup, { Averaging: 100 }));
    await setup.client.data('ROUTINE', 'StartCalibration', {
      path: 'C:\\Arkeo\\calibration\\photodiode.txt',
    });
    const [a, b] = [
      lastIntegral(await measure(setup, { Averaging: 100 })),
      lastIntegral(await measure(setup, { Averaging: 100 })),
    ];
    expect(Math.abs(a / before - 1)).toBeGreaterThan(1e-4);
    expect(Math.abs(a / before - 1)).toBeLessThan(0.01);
    expect(Math.abs(b / a - 1)).toBeLessThan(1e-4);
  });

  it.each([
    ['SetShutter', {}, 'shutter_status is missing'],
    ['SetShutter', { shutter_status: 1 }, 'must be true or false'],
    ['SetWavelength', { wavelength: 50 }, 'between 200 and 1800'],
    ['SetWavelength', { nm: 500 }, 'has no "nm"'],
    ['StartCalibration', { path: 3 }, 'must be a string'],
    ['GetChopperFrequency', { x: 1 }, 'has no "x"'],
    ['GetMonochromatorStatus', { shutter_status: true }, 'has no "shutter_status"'],
  ])('refuse %s %j', async (command, parameter, message) => {
    const { client } = await openIpce();
    expect(await client.refusal('ROUTINE', command, parameter)).toMatchObject({
      code: 101,
      message: containing(message),
    });
  });
});

describe('IPCE settings', () => {
  it.each([
    ['an end below the start', { wavelength: { Start: 900, End: 300 } }, 'must be above'],
    ['far too many points', { wavelength: { Step: 1e-3 } }, 'more than 5000 points'],
    [
      'an average of half',
      { acquisition: { Averaging: 0.5 } },
      'acquisition.Averaging must be a whole number',
    ],
    ['an unknown range', { device: { configuration: { 'Current Range': 7 } } }, 'between 0 and 6'],
    ['an unknown name', { acquisition: { Bias: 1 } }, 'acquisition has no "Bias"'],
  ])('refuse %s', async (_, settings, message) => {
    const { client } = await openIpce();
    expect(await client.refusal('ROUTINE', 'ApplySettings', settings)).toMatchObject({
      code: 101,
      message: containing(message),
    });
  });

  it('have a simulated device in the oldest dialect (row 47)', async () => {
    const setup = await setUp({ dialect: 'oldest' });
    const { client, clock } = setup;
    succeeded(await client.ask('MAIN', 'StartRoutine', { params: { routine: 'IPCE' } }));
    clock.pass(2);
    expect(await client.data('ROUTINE', 'LoadSettings')).toMatchObject({
      settings: { wavelength: { Start: 300 }, device: { type: 'Simulate', configuration: { foo: 'bar' } } },
    });
    succeeded(await client.ask('ROUTINE', 'StartMeasurement', {}));
    clock.pass(0.3 + 25 * 1.7 + 0.1);
    expect(await client.data('ROUTINE', 'GetStatus')).toMatchObject({
      progress: 41,
      details: { points_acquired: 25 },
    });
    clock.pass(200);
    expect(lastIntegral((await dataOf(setup)).scan.data)).toBeGreaterThan(21.6);
  });
});
