import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SUN_MIX } from '../../src/simulator/physics/light.ts';
import { OPEN_PIXEL, SHORTED_PIXEL } from '../../src/simulator/physics/sample.ts';
import {
  jvSettings,
  measureJv,
  openRoutine,
  type Setup,
  scanOf,
  setUp,
  statusOf,
  succeeded,
} from './helpers.ts';

const wireNumber = z.custom<number>((value) => typeof value === 'number');
const cell = z.union([wireNumber, z.string()]);
const output = z.strictObject({ unit: z.string(), values: z.array(wireNumber) });
const impedanceData = z.strictObject({
  user: z.string(),
  device: z.string(),
  temperature: z.number(),
  test: z.literal('Impedance'),
  time: z.string(),
  output_values: z.strictObject({ light: output, offset: output, frequency: output }),
  data_columns: z.array(z.strictObject({ name: z.string(), unit: z.string() })),
  scans: z.array(
    z.strictObject({
      iteration: z.strictObject({ light: z.number(), offset: z.number(), frequency: z.number() }),
      data: z.array(z.array(cell)),
    }),
  ),
});
type ImpedanceData = z.infer<typeof impedanceData>;

interface Wanted {
  start?: number;
  stop?: number;
  steps?: number;
  amplitude?: number;
  offset?: object;
  light?: object;
}

function settingsFor({ start = 0.01, stop = 0.01, steps = 1, amplitude = 0.005, offset, light }: Wanted) {
  return {
    config: {
      frequency: {
        ramp: { 'Start (Hz)': start, 'Stop (Hz)': stop, Steps: steps },
        'Amplitude (V)': amplitude,
        Periods: 1,
      },
      ...(offset && { offset }),
      ...(light && { light }),
    },
  };
}

async function dataOf({ client }: Setup): Promise<ImpedanceData> {
  return impedanceData.parse(await client.data('ROUTINE', 'GetTestData'));
}

async function measure(setup: Setup, wanted: Wanted): Promise<ImpedanceData> {
  await setup.client.data('ROUTINE', 'ApplySettings', settingsFor(wanted));
  await setup.client.data('ROUTINE', 'StartMeasurement');
  setup.clock.pass(5000);
  expect((await statusOf(setup.client)).routine_status).toBe('Ready');
  return dataOf(setup);
}

async function open(): Promise<Setup> {
  const setup = await setUp();
  await openRoutine(setup, 'Impedance');
  return setup;
}

const fixed = (volts: number): object => ({ mode: 'Fixed', 'Offset (V)': volts });
const ONE_SUN = { mode: 'Fixed', Level: 1 };

/** Re Z in the first point of the first scan. */
function resistance({ scans }: ImpedanceData): number {
  return Number(scans[0]?.data[0]?.[1]);
}

describe('the impedance of the reference cell at 0.01 Hz', () => {
  // 40 Ω in series. The first two figures are known to one digit; noise is 0.3 %. Under light the junction is
  // J·Rs above the terminals: 0.9 and 1.0 V here.
  it.each([
    { volts: 0, light: { mode: 'Off' }, ohm: 5e5, tolerance: 0.02 },
    { volts: 0.8, light: { mode: 'Off' }, ohm: 4e4, tolerance: 0.08 },
    { volts: 0.8138, light: ONE_SUN, ohm: 2940, tolerance: 0.03 },
    { volts: 0.9198, light: ONE_SUN, ohm: 280, tolerance: 0.03 },
    { volts: 1.1, light: ONE_SUN, ohm: 58, tolerance: 0.03 },
  ])('is $ohm Ω at $volts V, light $light.mode', async ({ volts, light, ohm, tolerance }) => {
    const got = resistance(await measure(await open(), { offset: fixed(volts), light }));
    expect(Math.abs(got / ohm - 1)).toBeLessThan(tolerance);
  });

  it('is −dV/dI of the JV at the same bias, light and temperature', async () => {
    const setup = await setUp();
    const { client } = setup;
    await client.data('LED', 'SetValues', { address: 1, values: SUN_MIX });
    await openRoutine(setup, 'JV');
    // Ions frozen where they cost nothing, as impedance takes them.
    const jv = await measureJv(
      setup,
      jvSettings({
        scan: {
          'Start (V)': 0.99,
          'End (V)': 1.01,
          'Step (V)': 0.0005,
          'Rate (V/s)': 2000,
          Order: 'Reverse Only',
          'Auto Voc': false,
        },
        precondition: { 'Hold Voltage (V)': 1.2, 'Hold Time (s)': 60 },
        device: { 'Area (cm2)': 0.1 },
      }),
    );
    await client.data('ROUTINE', 'CloseRoutine');
    await openRoutine(setup, 'Impedance');
    const ohm = resistance(await measure(setup, { offset: fixed(1) }));
    const points = scanOf(jv, 'reverse').data.map(([v, j]) => [v, j * 0.1] as const);
    // A line over ±10 mV of an exponential of 39 mV is 0.7 % off; noise of the current makes 1 %, of Z 0.3 %.
    expect(Math.abs(ohm * slope(points) + 1)).toBeLessThan(0.03);
  });

  it('falls when the sine is no small signal', async () => {
    const setup = await open();
    const small = resistance(await measure(setup, { offset: fixed(0.8) }));
    const large = resistance(await measure(setup, { offset: fixed(0.8), amplitude: 0.1 }));
    // 2·I1(u)/u = 2.11 at u = 100 mV/38.5 mV, for all but the shunt.
    expect(small / large).toBeGreaterThan(1.9);
    expect(small / large).toBeLessThan(2.15);
  });
});

describe('contacts', () => {
  async function relay(number: number, wanted: Wanted): Promise<ImpedanceData> {
    const setup = await open();
    await setup.client.data('MUX', 'Connect');
    const state = Array.from({ length: 8 }, (_, i) => i + 1 === number);
    await setup.client.data('MUX', 'SetStatus', { state });
    return measure(setup, wanted);
  }

  it('shorted: two ohms', async () => {
    expect(resistance(await relay(SHORTED_PIXEL, { start: 1000, stop: 1000 }))).toBeCloseTo(2, 0);
  });

  it('open: stray capacitance, and zeros with infinite capacitances where no current is found', async () => {
    const { scans } = await relay(OPEN_PIXEL, { start: 100, stop: 10_000, steps: 20, amplitude: 0.01 });
    const rows = scans[0]?.data ?? [];
    expect(rows[0]?.slice(1, 5)).toEqual([0, 0, 0, 0]);
    expect(Math.abs(Number(rows[0]?.[5]))).toBe(Number.POSITIVE_INFINITY);
    expect(Number(rows.at(-1)?.[5])).toBeCloseTo(1e-11, 12);
  });
});

describe('a sweep', () => {
  it('measures near the frequencies asked for, and takes Σ periods/f', async () => {
    const setup = await open();
    const { client, clock } = setup;
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(0.3 + 0.04);
    expect(await statusOf(client)).toMatchObject({
      routine_status: 'Running',
      progress: { 'points done': 0, 'total points': 10, progres_pct: 0 },
    });
    // 10 periods at 200 Hz … 10 kHz are 0.14 s; each frequency is up to 5 % off.
    clock.pass(0.08);
    expect((await statusOf(client)).routine_status).toBe('Running');
    clock.pass(0.04);
    expect((await statusOf(client)).routine_status).toBe('Ready');
    const { scans, output_values, data_columns } = await dataOf(setup);
    expect(data_columns.at(-1)).toEqual({ name: 'Capacitance', unit: 'C' });
    expect(output_values.frequency.values.slice(0, 2)).toEqual([200, expect.closeTo(308.8904, 3)]);
    const ratios = (scans[0]?.data ?? []).map(
      ([f], i) => Number(f) / (output_values.frequency.values[i] ?? 1),
    );
    expect(ratios).toHaveLength(10);
    expect(ratios.some((ratio) => Math.abs(ratio - 1) > 0.005)).toBe(true);
    // 10 kHz is 8 samples of the output; 7 or 9 may be nearest to what it wanted.
    expect(ratios.every((ratio) => Math.abs(ratio - 1) < 0.15)).toBe(true);
  });

  it('loops over light, then offset, and keeps what it has when stopped', async () => {
    const setup = await open();
    const { client, clock } = setup;
    const data = await measure(setup, {
      start: 100,
      stop: 1000,
      steps: 3,
      light: { mode: 'Ramp', ramp: { Start: 0, Stop: 1, Steps: 2 } },
      offset: { mode: 'Ramp', ramp: { 'Start (V)': 0, 'Stop (V)': 0.8, Steps: 3 } },
    });
    expect(data.scans.map(({ iteration: { light, offset } }) => [light, offset])).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
    expect(data.output_values).toMatchObject({
      light: { unit: 'a.u.', values: [0, 1] },
      offset: { unit: 'V', values: [0, 0.4, 0.8] },
    });
    await client.data('ROUTINE', 'StartMeasurement');
    // One period at 100 Hz and not yet one at 316 Hz, each up to 5 % off.
    clock.pass(0.3 + 0.0115);
    await client.data('ROUTINE', 'StopMeasurement');
    expect((await dataOf(setup)).scans.flatMap((scan) => scan.data)).toHaveLength(1);
  });

  it('stays at the open-circuit voltage of each light level', async () => {
    const data = await measure(await open(), {
      offset: { mode: 'Voc' },
      light: { mode: 'Ramp', ramp: { Start: 0.1, Stop: 1, Steps: 2 } },
    });
    expect(data.scans.map(({ iteration }) => iteration.offset)).toEqual([0, 1]);
    const [dim = 0, bright = 0] = data.output_values.offset.values;
    // 1.011 V at a tenth of a sun, less what the ions cost there.
    expect(Math.abs(dim - 1.011)).toBeLessThan(0.003);
    expect(Math.abs(bright - 1.1)).toBeLessThan(0.001);
  });

  it('is the same for the same seed', async () => {
    const wanted = { start: 10, stop: 1000, steps: 5 };
    const [one, two] = [await measure(await open(), wanted), await measure(await open(), wanted)];
    expect(two.scans).toEqual(one.scans);
  });
});

describe('settings', () => {
  it.each([
    [{ config: { offset: { mode: 'Ramp' } } }, 'ramp'],
    [{ config: { light: { mode: 'Fixed' } } }, 'Level'],
    [{ config: { frequency: { ramp: { 'Stop (Hz)': 1e5 } } } }, '40000'],
    [{ config: { frequency: { ramp: { Steps: 0 } } } }, 'Steps'],
    [{ config: { frequency: { 'Amplitude (V)': 0 } } }, 'Amplitude'],
    [{ Freq: {} }, 'Freq'],
  ])('%j is refused', async (settings, named) => {
    const { client } = await open();
    const refusal = await client.refusal('ROUTINE', 'ApplySettings', settings);
    expect(refusal.code).toBe(101);
    expect(refusal.message).toContain(named);
  });
});

describe('the oldest dialect', () => {
  it('has settings of the old form and numbers as text (rows 12 and 46)', async () => {
    const setup = await setUp({ dialect: 'oldest' });
    const { client, clock } = setup;
    const ask = async (target: string, command: string, params: object = {}): Promise<unknown> =>
      succeeded(await client.ask(target, command, { params })).data;
    await ask('MAIN', 'StartRoutine', { routine: 'Impedance' });
    clock.pass(2);
    expect(await ask('ROUTINE', 'LoadSettings')).toMatchObject({
      settings: { Freq: { Periods: 10 }, Offset: { Type: 'Fixed' }, Light: {}, LED: {} },
    });
    await ask('ROUTINE', 'ApplySettings', {
      Freq: { Amplitude: 0.01 },
      Light: { LightType: 'Fixed', Start: 1 },
      Offset: { Start: 0.9 },
    });
    await ask('ROUTINE', 'StartMeasurement');
    clock.pass(10);
    const data = impedanceData.parse(await ask('ROUTINE', 'GetTestData'));
    expect(data.output_values.frequency.values[0]).toBe(100);
    const row = data.scans[0]?.data[0] ?? [];
    expect(row).toHaveLength(6);
    for (const text of row) expect(text).toMatch(/^-?\d+\.\d\d$/);
    // Rs and the fast arc, 40 Ω and 0.7·369 Ω; the slow one is far below.
    expect(Math.abs(Number(row[1]) - 298)).toBeLessThan(6);
  });

  it('has Inf for text where no current was found', async () => {
    const setup = await setUp({ dialect: 'oldest' });
    const { client, clock } = setup;
    const ask = async (target: string, command: string, params: object = {}): Promise<unknown> =>
      succeeded(await client.ask(target, command, { params })).data;
    await ask('MUX', 'SetStatus', { channels: Array.from({ length: 8 }, (_, i) => i + 1 === OPEN_PIXEL) });
    await ask('MAIN', 'StartRoutine', { routine: 'Impedance' });
    clock.pass(2);
    await ask('ROUTINE', 'ApplySettings', { Freq: { Amplitude: 0.01 } });
    await ask('ROUTINE', 'StartMeasurement');
    clock.pass(10);
    const { scans } = impedanceData.parse(await ask('ROUTINE', 'GetTestData'));
    expect(scans[0]?.data[0]?.slice(1)).toEqual([
      '0.00',
      '0.00',
      '0.00',
      '0.00',
      expect.stringMatching(/^-?Inf$/),
    ]);
  });
});

function slope(points: readonly (readonly [number, number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const top = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return top / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
