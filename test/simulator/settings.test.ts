import { describe, expect, it } from 'vitest';
import { JV_SETTINGS } from '../helpers/stateful-instrument.ts';
import { containing, jvDataOf, jvSettings, measureJv, openRoutine, type Setup, setUp } from './helpers.ts';

/** The vendor's documented defaults, but for the area, which is that of the simulated cell. */
const DEFAULTS = JV_SETTINGS;

async function openJv(): Promise<Setup> {
  const setup = await setUp();
  await openRoutine(setup, 'JV');
  return setup;
}

describe('JV settings', () => {
  it('open with the documented defaults', async () => {
    const { client } = await openJv();
    expect(await client.data('ROUTINE', 'GetSettings')).toEqual(DEFAULTS);
  });

  it('can be sent back whole, and partly', async () => {
    const { client } = await openJv();
    await client.data('ROUTINE', 'ApplySettings', { ...DEFAULTS, light_config: { 'LED Level': 0.5 } });
    await client.data('ROUTINE', 'ApplySettings', jvSettings({ scan: { 'End (V)': 1.1 } }));
    expect(await client.data('ROUTINE', 'GetSettings')).toEqual({
      ...DEFAULTS,
      light_config: { 'LED Level': 0.5 },
      scan_settings: { scan: { ...DEFAULTS.scan_settings.scan, 'End (V)': 1.1 } },
    });
  });

  it.each([
    ['an unknown name', { light: { Colour: 'red' } }, 'light has no "Colour"'],
    [
      'a wrong type',
      jvSettings({ scan: { 'End (V)': '1.2' } }),
      'scan_settings.scan.End (V) must be a number',
    ],
    [
      'an unknown choice',
      jvSettings({ scan: { Order: 'Sideways' } }),
      'must be one of Forward then Reverse,',
    ],
    ['a number for a group', { light: 3 }, 'light must be an object'],
    ['a level beyond 100 %', jvSettings({ light: { 'Level (%)': 101 } }), 'between 0 and 100'],
    ['no step', jvSettings({ scan: { 'Step (V)': 0 } }), 'greater than 0'],
    ['an end below the start', jvSettings({ scan: { 'End (V)': -1 } }), 'End (V) must be above Start (V)'],
    ['far too many points', jvSettings({ scan: { 'Step (V)': 1e-6 } }), 'more than 5000 points'],
    ['a sweep it does not know', { sweep_settings: [{ Type: 'Moon' }] }, 'sweep_settings[0].Type must be'],
  ])('refuse %s, and then nothing has changed', async (_, settings, message) => {
    const { client } = await openJv();
    expect(
      await client.refusal('ROUTINE', 'ApplySettings', { ...settings, device: { Inverted: true } }),
    ).toMatchObject({ code: 101, message: containing(message) });
    expect(await client.data('ROUTINE', 'GetSettings')).toEqual(DEFAULTS);
  });
});

describe('SetInfo', () => {
  it('names user, device and area of the next measurement, in any combination', async () => {
    const setup = await openJv();
    const { client } = setup;
    await client.data('ROUTINE', 'SetInfo', { user_name: 'Ada', device_area: 0.25 });
    await client.data('ROUTINE', 'SetInfo', { device_name: 'B7-P3' });
    expect(await measureJv(setup)).toMatchObject({
      user: 'Ada',
      device: 'B7-P3',
      area_cm2: 0.25,
      temperature: 25,
      acquisition_time: '2026-03-01T10:00:00.000Z',
    });
    await client.data('ROUTINE', 'SetInfo', { device_name: 'later' });
    expect((await jvDataOf(client)).device).toBe('B7-P3');
  });

  it('outlives the routine', async () => {
    const setup = await openJv();
    await setup.client.data('ROUTINE', 'SetInfo', { user_name: 'Ada', device_area: 0.25 });
    await setup.client.data('ROUTINE', 'CloseRoutine');
    await openRoutine(setup, 'JV');
    expect(await jvDataOf(setup.client)).toMatchObject({
      user: 'Ada',
      area_cm2: 0.25,
      acquisition_time: '1904-01-01T00:00:00.000Z',
      scans: [],
    });
  });

  it('refuses unknown names and impossible areas', async () => {
    const { client } = await openJv();
    expect((await client.refusal('ROUTINE', 'SetInfo', { user: 'Ada' })).code).toBe(101);
    expect((await client.refusal('ROUTINE', 'SetInfo', { device_area: 0 })).code).toBe(101);
  });
});
