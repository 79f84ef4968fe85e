import { describe, expect, it } from 'vitest';
import { containing, statusOf } from './helpers.ts';
import { dataOf, lastIntegral, measure, openIpce } from './ipce-fixture.ts';
import { openOldest } from './oldest.ts';

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
    const setup = await openOldest('IPCE');
    const { ask, clock } = setup;
    expect(await ask('ROUTINE', 'LoadSettings')).toMatchObject({
      settings: { wavelength: { Start: 300 }, device: { type: 'Simulate', configuration: { foo: 'bar' } } },
    });
    await ask('ROUTINE', 'StartMeasurement');
    clock.pass(0.3 + 25 * 1.7 + 0.1);
    expect(await ask('ROUTINE', 'GetStatus')).toMatchObject({
      progress: 41,
      details: { points_acquired: 25 },
    });
    clock.pass(200);
    expect(lastIntegral((await dataOf(setup)).scan.data)).toBeGreaterThan(21.6);
  });
});
