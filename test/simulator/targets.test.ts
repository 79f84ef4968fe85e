import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { about, setUp, type TestClient } from './helpers.ts';

describe('LED', () => {
  const levels = [0, 0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

  it('has one board of twelve channels, and coerces to 0…1', async () => {
    const { client } = await setUp();
    await client.data('LED', 'SetValues', { address: 1, values: levels.with(0, -3).with(11, 7) });
    expect(await client.data('LED', 'GetStatus')).toEqual({
      connected: true,
      driver: 'LVVISA',
      boards: [{ address: 1, connected: true, values: levels }],
    });
  });

  it('refuses a wrong length in the documented odd form', async () => {
    const { client } = await setUp();
    client.sendJson({
      target: 'LED',
      command: 'SetValues',
      parameter: { address: 1, values: [1] },
      request_id: 5,
    });
    expect(String(await client.payload())).toBe(
      '{"state":"error","error":{"code":1001,"message":"Invalid array size: 1. ' +
        'Must match number of channels: 12"},"simulator":"arkeo-mcp 1.2.3"}',
    );
  });

  it.each([
    ['no address', { values: levels }],
    ['another address', { address: 2, values: levels }],
    ['a level that is no number', { address: 1, values: levels.map(String) }],
  ])('refuses %s', async (_, parameter) => {
    const { client } = await setUp();
    expect((await client.refusal('LED', 'SetValues', parameter)).code).toBe(101);
  });
});

describe('MUX', () => {
  const open = Array.from({ length: 8 }, () => false);

  it('has eight relays', async () => {
    const { client } = await setUp();
    await client.data('MUX', 'SetStatus', { state: open.with(3, true) });
    expect(await client.data('MUX', 'GetStatus')).toEqual({
      connected: true,
      firmware: 'Multiplexer_v1.1',
      nrRelays: 8,
      status: open.with(3, true),
    });
    client.sendJson({ target: 'MUX', command: 'GetStatus', request_id: 1 });
    expect(String(await client.payload())).toMatch(/^\{"status":"ok",/);
  });

  it('refuses a wrong length, wrong values and the old name', async () => {
    const { client } = await setUp();
    for (const parameter of [{ state: [true] }, { state: open.map(Number) }, { channels: open }, {}]) {
      expect((await client.refusal('MUX', 'SetStatus', parameter)).code).toBe(101);
    }
  });

  it('opens its relays when it is disconnected, and then does not switch', async () => {
    const { client } = await setUp();
    await client.data('MUX', 'SetStatus', { state: open.with(0, true) });
    await client.data('MUX', 'Disconnect');
    expect(await client.data('MUX', 'GetStatus')).toMatchObject({ connected: false, status: open });
    expect((await client.refusal('MUX', 'SetStatus', { state: open })).code).toBe(2001);
    await client.data('MUX', 'Connect');
    await client.data('MUX', 'SetStatus', { state: open });
  });
});

const number = z.number();
const controllers = z.tuple([
  z.strictObject({
    address: z.literal(1),
    channel: z.literal(1),
    name: z.string(),
    DeviceStatus: z.strictObject({
      State: z.literal('Ready'),
      'Error Number': z.literal(0),
      'Error Instance': z.literal(0),
      'Error Parameter': z.literal(0),
    }),
    LatestMeasurement: z.strictObject({
      'Time Stamp': z.iso.datetime(),
      'Temp. Measurement': z.strictObject({
        'Object Temperature': number,
        'Sink Temperature': number,
        Stable: z.string(),
      }),
      'Temp. Control': z.strictObject({
        'Target Object Temperature': number,
        '(Ramp) Nominal Object Temperature': number,
        'Thermal Power Model Current': number,
      }),
      'Output Stage Monitoring': z.strictObject({ 'Output Current': number, 'Output Voltage': number }),
      'Sink Temp. General': z.strictObject({
        'Temperature Selection': z.literal('External'),
        'Fixed Temperature': number,
      }),
      'Fan Controller': z.strictObject({
        'Relative Cooling Power': number,
        'Nominal FAN Speed': number,
        'Actual FAN Speed': number,
        'FAN PWM Level': number,
        Enabled: number,
        'Target Temperature': number,
        '0% Speed': number,
        '100% Speed': number,
      }),
    }),
  }),
]);

type Controller = z.infer<typeof controllers>[0]['LatestMeasurement'];

async function latest(client: TestClient): Promise<Controller> {
  const [controller] = controllers.parse(await client.data('TMPCTL', 'GetStatus'));
  return controller.LatestMeasurement;
}

describe('TMPCTL', () => {
  it('rests at room temperature', async () => {
    const { client, clock } = await setUp();
    clock.pass(1000);
    expect((await latest(client))['Temp. Measurement']).toEqual({
      'Object Temperature': 25,
      'Sink Temperature': 25,
      Stable: 'Not Active',
    });
  });

  it('ramps at 1 °C/s, the object behind, and says when it is stable', async () => {
    const { client, clock } = await setUp();
    await client.data('TMPCTL', 'SetController', { address: 1, channel: 1 });
    await client.data('TMPCTL', 'SetTemperature', { temperature: 65 });
    await client.data('TMPCTL', 'SetEnable', { enable: true });
    clock.pass(20);
    const ramping = await latest(client);
    expect(ramping['Temp. Control']['(Ramp) Nominal Object Temperature']).toBeCloseTo(45, 6);
    expect(ramping['Temp. Measurement']['Object Temperature']).toBeCloseTo(41.03, 1);
    expect(ramping['Temp. Measurement'].Stable).toBe('Not Stable');
    expect(ramping['Output Stage Monitoring']['Output Current']).toBeGreaterThan(0);
    clock.pass(60);
    expect((await latest(client))['Temp. Measurement']).toMatchObject({
      'Object Temperature': about(65, 1),
      Stable: 'Stable',
    });
  });

  it('heats the sink when it cools the sample', async () => {
    const { client, clock } = await setUp();
    await client.data('TMPCTL', 'SetTemperature', { temperature: -5 });
    await client.data('TMPCTL', 'SetEnable', { enable: true });
    clock.pass(300);
    const cold = await latest(client);
    expect(cold['Temp. Measurement']['Object Temperature']).toBeCloseTo(-5, 2);
    expect(cold['Temp. Measurement']['Sink Temperature']).toBeGreaterThan(32);
    expect(cold['Fan Controller']['Actual FAN Speed']).toBeGreaterThan(1000);
    expect(cold['Output Stage Monitoring']['Output Current']).toBeLessThan(0);
    await client.data('TMPCTL', 'SetEnable', { enable: false });
    clock.pass(2000);
    expect((await latest(client))['Temp. Measurement']).toEqual({
      'Object Temperature': 25,
      'Sink Temperature': 25,
      Stable: 'Not Active',
    });
  });

  it('refuses what the stage cannot do and controllers it does not have', async () => {
    const { client } = await setUp();
    for (const temperature of [-5.1, 85.1, '25', undefined]) {
      expect((await client.refusal('TMPCTL', 'SetTemperature', { temperature })).code).toBe(101);
    }
    expect((await client.refusal('TMPCTL', 'SetController', { address: 2, channel: 1 })).code).toBe(101);
    expect((await client.refusal('TMPCTL', 'SetEnable', { enable: 1 })).code).toBe(101);
    for (const temperature of [-5, 85]) await client.data('TMPCTL', 'SetTemperature', { temperature });
  });
});
