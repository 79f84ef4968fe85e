import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ONE_SUN, type Setup, succeeded } from './helpers.ts';
import { openOldest } from './oldest.ts';

const oldData = z.strictObject({
  user: z.string(),
  device: z.string(),
  area: z.strictObject({ value: z.number(), unit: z.string() }),
  temperature: z.number(),
  time: z.string(),
  sweep: z.array(z.unknown()),
  scans: z.array(
    z.strictObject({
      name: z.enum(['forward', 'reverse']),
      file: z.string(),
      data_schema: z.array(z.strictObject({ name: z.string(), unit: z.string() })),
      data: z.array(z.tuple([z.number(), z.number()])),
      parameter_schema: z.array(z.strictObject({ name: z.string(), unit: z.string() })),
      parameters: z.array(z.custom<number>((value) => typeof value === 'number')),
    }),
  ),
});

const ask = ({ client }: Setup, command: string, params: object = {}) =>
  client.ask('ROUTINE', command, { params });

describe('JV in the oldest dialect', () => {
  it('has parameters as an array with a schema, the area with its unit and a file per scan (rows 36, 37, 38)', async () => {
    const setup = await openOldest('JV');
    succeeded(await ask(setup, 'SetInfo', { user_name: 'Ada', device_name: 'B7-P3', device_area: 0.1 }));
    succeeded(await ask(setup, 'ApplySettings', { light: ONE_SUN }));
    succeeded(await ask(setup, 'StartMeasurement'));
    setup.clock.pass(60);
    const data = oldData.parse(await setup.client.data('ROUTINE', 'GetTestData'));
    expect(data).toMatchObject({ user: 'Ada', area: { value: 0.1, unit: 'cm2' }, sweep: [] });
    expect(data.time).toBe('2026-03-01T10:00:00.000Z');
    const [forward] = data.scans;
    expect(data.scans.map(({ name }) => name)).toEqual(['forward', 'reverse']);
    expect(forward?.file).toBe(
      'D:\\Arkeo\\Results\\Ada\\2026_03_01\\B7-P3\\JV\\2026-03-01_10.00.00_JV_B7-P3.txt',
    );
    expect(forward?.parameter_schema.map(({ name }) => name)).toEqual([
      'Voc',
      'Jsc',
      'Vmpp',
      'Jmpp',
      'Pmpp',
      'Rs',
      'R//',
      'Fill Factor',
      'Efficiency',
    ]);
    const [voc = 0, jsc = 0] = forward?.parameters ?? [];
    expect(voc).toBeCloseTo(1.09, 1);
    // The same label over numbers a thousand times apart.
    expect(forward?.data_schema[1]?.unit).toBe(forward?.parameter_schema[1]?.unit);
    expect(jsc).toBeCloseTo(21.97, 0);
    expect(forward?.data[0]?.[1]).toBeCloseTo(0.022, 3);
  });

  it('has no scans before the first, and an unset time', async () => {
    const setup = await openOldest('JV');
    const data = oldData.parse(await setup.client.data('ROUTINE', 'GetTestData'));
    expect(data).toMatchObject({ time: '1904-01-01T00:00:00.000Z', scans: [] });
  });

  it('opens with a compliance of 0.01 A', async () => {
    const setup = await openOldest('JV');
    expect(await setup.client.data('ROUTINE', 'LoadSettings')).toMatchObject({
      settings: { device_settings: { 'Compliance (A)': 0.01 } },
    });
  });
});
