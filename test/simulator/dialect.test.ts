import { describe, expect, it } from 'vitest';
import { about, containing, setUp, succeeded } from './helpers.ts';
import { openOldest } from './oldest.ts';

describe('the oldest dialect', () => {
  it('reads params and nothing else', async () => {
    const { client } = await setUp({ dialect: 'oldest' });
    for (const key of ['parameter', 'parameters', 'data']) {
      const reply = await client.ask('MAIN', 'StartRoutine', { [key]: { routine: 'JV' } });
      expect(reply).toMatchObject({ ok: false, code: 101 });
    }
    succeeded(await client.ask('MAIN', 'StartRoutine', { params: { routine: 'JV' } }));
  });

  it.each([
    ['ROUTINE', 'GetTestStatus'],
    ['ROUTINE', 'GetSettings'],
    ['ROUTINE', 'CloseRoutine'],
  ])('does not know %s.%s', async (target, command) => {
    const { client } = await openOldest('JV');
    expect((await client.refusal(target, command)).code).toBe(103);
  });

  it('has a bare percentage for progress', async () => {
    const { client, clock } = await openOldest('JV');
    succeeded(await client.ask('ROUTINE', 'StartMeasurement', {}));
    clock.pass(0.3 + 1 + 6.05);
    expect(await client.data('ROUTINE', 'GetStatus')).toEqual({
      routine_status: 'Running',
      progress: 42,
      error: null,
      details: { current_voltage: 1, points_acquired: 60 },
    });
    clock.pass(20);
    expect(await client.data('ROUTINE', 'GetStatus')).toEqual({
      routine_status: 'Ready',
      progress: null,
      error: null,
    });
  });

  it('has LoadSettings with the settings one level down', async () => {
    const { client } = await openOldest('JV');
    expect(await client.data('ROUTINE', 'LoadSettings')).toMatchObject({
      settings: { device_type: 'NI-SMU', sweep_settings: [] },
    });
  });

  it('does not mind StopMeasurement when idle, and closes under MAIN', async () => {
    const { client } = await openOldest('JV');
    succeeded(await client.ask('ROUTINE', 'StopMeasurement', {}));
    succeeded(await client.ask('MAIN', 'CloseRoutine', {}));
    expect(await client.data('MAIN', 'GetActiveRoutine')).toEqual({ routine: '' });
  });

  it('knows no LED boards', async () => {
    const { client } = await setUp({ dialect: 'oldest' });
    const values = Array.from({ length: 12 }, (_, i) => i / 12);
    succeeded(await client.ask('LED', 'SetValues', { params: { values } }));
    expect(await client.data('LED', 'GetStatus')).toEqual({
      connected: true,
      driver: 'LVVISA',
      values: values.map((value) => about(value, 12)),
    });
    const addressed = await client.ask('LED', 'SetValues', { params: { address: 1, values } });
    expect(addressed).toMatchObject({ ok: false, code: 101 });
  });

  it('calls relays channels, and can connect one', async () => {
    const { client } = await setUp({ dialect: 'oldest' });
    const open = Array.from({ length: 8 }, () => false);
    succeeded(await client.ask('MUX', 'SetStatus', { params: { channels: open.with(1, true) } }));
    expect(await client.data('MUX', 'GetStatus')).toMatchObject({ channels: open.with(1, true) });
    expect(await client.data('MUX', 'GetStatus')).not.toHaveProperty('status');
    succeeded(await client.ask('MUX', 'Connect', { params: { channel: 3 } }));
    succeeded(await client.ask('MUX', 'Disconnect', { params: { channel: 2 } }));
    expect(await client.data('MUX', 'GetStatus')).toMatchObject({ channels: open.with(2, true) });
  });
});

describe('the newest dialect', () => {
  it.each([
    ['ROUTINE', 'GetStatus'],
    ['ROUTINE', 'LoadSettings'],
    ['MAIN', 'CloseRoutine'],
  ])('does not know %s.%s', async (target, command) => {
    const { client } = await setUp();
    await client.data('MAIN', 'StartRoutine', { routine: 'JV' });
    expect(await client.refusal(target, command)).toMatchObject({
      code: 103,
      message: containing(command),
    });
  });
});
