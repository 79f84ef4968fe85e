import { describe, expect, it } from 'vitest';
import { FrameLengthError } from '../../src/protocol/frame-codec.ts';
import { JsonTextError } from '../../src/protocol/tolerant-json.ts';
import { type Fault, type FaultName, parseFault } from '../../src/simulator/server.ts';
import { connectTo, setUp, succeeded } from './helpers.ts';

describe('parseFault', () => {
  it.each<[string, Fault]>([
    ['split', { name: 'split' }],
    ['cut:GetTestData', { name: 'cut', command: 'GetTestData' }],
    ['wrong-id@3', { name: 'wrong-id', nth: 3 }],
    ['silent:LED.GetStatus@2', { name: 'silent', command: 'LED.GetStatus', nth: 2 }],
    ['delay:GetTestStatus@1=0.5', { name: 'delay', command: 'GetTestStatus', nth: 1, seconds: 0.5 }],
  ])('reads %s', (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  });

  it.each(['', 'explode', 'cut@0', 'cut:@1', 'cut@', 'cut:Get Data', 'delay=', 'cut@1:GetData'])(
    'refuses %j and lists the names',
    (text) => {
      expect(() => parseFault(text)).toThrow(
        /split, delay, cut, garbage, late, wrong-id, http, silent, smu-error/,
      );
    },
  );
});

describe('fault', () => {
  const faulty = (name: FaultName, more: Partial<Fault> = {}) =>
    setUp({ faults: [{ name, nth: 1, ...more }] });

  it('split: the reply comes whole, in many pieces', async () => {
    const { client } = await faulty('split', { command: 'GetAvailableRoutines' });
    succeeded(await client.ask('MAIN', 'GetAvailableRoutines'));
    expect(client.received.length).toBeGreaterThan(5);
  });

  it('delay: the reply takes its time, and so does the one behind it', async () => {
    const { client, simulator } = await faulty('delay', { seconds: 0.15 });
    const started = performance.now();
    client.sendJson({ target: 'MUX', command: 'GetStatus', request_id: 1 });
    client.sendJson({ target: 'MUX', command: 'GetStatus', request_id: 2 });
    const other = await connectTo(simulator);
    succeeded(await other.ask('MUX', 'GetStatus'));
    expect((await client.reply()).requestId).toBe(1);
    expect(performance.now() - started).toBeGreaterThan(140);
    expect((await client.reply()).requestId).toBe(2);
  });

  it('cut: the connection closes in the middle of the reply', async () => {
    const { client, simulator } = await faulty('cut');
    client.sendJson({ target: 'MUX', command: 'GetStatus' });
    expect(await client.payload()).toBeUndefined();
    const bytes = Buffer.concat(client.received);
    expect(bytes.length).toBeGreaterThan(4);
    expect(bytes.length).toBeLessThan(4 + bytes.readUInt32BE(0));
    succeeded(await (await connectTo(simulator)).ask('MUX', 'GetStatus'));
  });

  it('garbage: the frame is right, what is in it is not JSON', async () => {
    const { client } = await faulty('garbage');
    await expect(client.ask('MUX', 'GetStatus')).rejects.toThrow(JsonTextError);
    succeeded(await client.ask('MUX', 'GetStatus'));
  });

  it('late: the reply comes with the next', async () => {
    const { client } = await faulty('late');
    client.sendJson({ target: 'MUX', command: 'GetStatus', request_id: 1 });
    client.sendJson({ target: 'LED', command: 'GetStatus', request_id: 2 });
    expect((await client.reply()).requestId).toBe(1);
    expect((await client.reply()).requestId).toBe(2);
  });

  it('wrong-id: the reply has another id', async () => {
    const { client } = await faulty('wrong-id');
    client.sendJson({ target: 'MUX', command: 'GetStatus', request_id: 1 });
    expect((await client.reply()).requestId).toBe(1001);
  });

  it('http: a web server answers', async () => {
    const { client } = await faulty('http');
    client.socket.removeAllListeners('data');
    const chunks: Buffer[] = [];
    client.socket.on('data', (chunk) => chunks.push(chunk));
    client.sendJson({ target: 'MUX', command: 'GetStatus' });
    expect(await client.payload()).toBeUndefined();
    const bytes = Buffer.concat(chunks);
    expect(String(bytes)).toMatch(/^HTTP\/1\.1 400 /);
    expect(new FrameLengthError(bytes.subarray(0, 4), 1000).looksLike).toBe('an HTTP answer');
  });

  it('silent: no reply, but the request was carried out', async () => {
    const { client, simulator } = await faulty('silent', { command: 'StartRoutine' });
    client.sendJson({ target: 'MAIN', command: 'StartRoutine', parameter: { routine: 'JV' }, request_id: 1 });
    client.sendJson({ target: 'MAIN', command: 'GetActiveRoutine', request_id: 2 });
    expect((await client.reply()).requestId).toBe(2);
    const other = await connectTo(simulator);
    expect(await other.data('MAIN', 'GetActiveRoutine')).toEqual({ routine: 'JV' });
  });

  it('hits the nth matching request, or every one', async () => {
    const { client } = await setUp({
      faults: [
        { name: 'wrong-id', command: 'LED.GetStatus', nth: 2 },
        { name: 'wrong-id', command: 'getactiveroutine' },
      ],
    });
    const wrong: boolean[] = [];
    for (const [target, command] of [
      ['LED', 'GetStatus'],
      ['MUX', 'GetStatus'],
      ['LED', 'GetStatus'],
      ['LED', 'GetStatus'],
      ['MAIN', 'GetActiveRoutine'],
      ['MAIN', 'GetActiveRoutine'],
    ]) {
      client.sendJson({ target, command, request_id: 1 });
      wrong.push((await client.reply()).requestId !== 1);
    }
    expect(wrong).toEqual([false, false, true, false, true, true]);
  });

  it('goes with its connection when the simulator closes', async () => {
    const { client, simulator } = await faulty('delay', { seconds: 3600 });
    client.sendJson({ target: 'MUX', command: 'GetStatus' });
    succeeded(await (await connectTo(simulator)).ask('MUX', 'GetStatus'));
    await simulator.close();
    expect(await client.payload()).toBeUndefined();
  });
});
