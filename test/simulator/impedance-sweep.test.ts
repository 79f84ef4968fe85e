import { describe, expect, it } from 'vitest';
import { OPEN_PIXEL } from '../../src/simulator/physics/sample.ts';
import { statusOf } from './helpers.ts';
import { dataOf, impedanceData, measure, open } from './impedance-fixture.ts';
import { openOldest } from './oldest.ts';

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
    const { ask, clock } = await openOldest('Impedance');
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
    const { ask, clock } = await openOldest('Impedance');
    await ask('MUX', 'SetStatus', { channels: Array.from({ length: 8 }, (_, i) => i + 1 === OPEN_PIXEL) });
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
