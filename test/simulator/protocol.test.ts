import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { encodeFrame } from '../../src/protocol/frame-codec.ts';
import { type SimulatorRequest, startSimulator } from '../../src/simulator/server.ts';
import { containing, connectTo, openRoutine, setUp, statusOf, succeeded } from './helpers.ts';

describe('requests', () => {
  it.each(['parameter', 'params', 'parameters', 'data'])('takes parameters from %s', async (key) => {
    const { client } = await setUp();
    succeeded(await client.ask('MAIN', 'StartRoutine', { [key]: { routine: 'JV' } }));
    expect(await client.data('MAIN', 'GetActiveRoutine')).toEqual({ routine: 'JV' });
  });

  it('needs no parameters where none are defined', async () => {
    const { client } = await setUp();
    for (const members of [{}, { parameter: null }, { params: {} }]) {
      expect(await client.ask('MAIN', 'GetActiveRoutine', members)).toMatchObject({ ok: true });
    }
  });

  it.each([
    ['missing', {}, 'routine is missing'],
    ['of the wrong type', { routine: 3 }, 'routine must be a string'],
    ['of an unknown name', { routine: 'JV', routine_name: 'JV' }, 'no "routine_name" (known: routine)'],
    ['of an unknown value', { routine: 'XRD' }, 'unknown routine "XRD"'],
    ['no object', ['JV'], 'must be an object'],
    ['called like a prototype member', { routine: 'JV', constructor: 1 }, 'no "constructor"'],
  ])('refuses a parameter that is %s', async (_, parameter, message) => {
    const { client } = await setUp();
    const reply = await client.ask('MAIN', 'StartRoutine', { parameter });
    expect(reply).toMatchObject({ ok: false, code: 101, message: containing(message) });
  });

  it('names an unknown command or target', async () => {
    const { client } = await setUp();
    expect(await client.refusal('MAIN', 'Reboot')).toMatchObject({
      code: 103,
      message: 'target MAIN has no command "Reboot"',
    });
    expect(await client.refusal('LASER', 'On')).toMatchObject({
      code: 102,
      message: 'unknown target "LASER"',
    });
    expect(await client.refusal('LED', 'constructor')).toMatchObject({ code: 103 });
  });

  it('says in every reply that it is simulated', async () => {
    const { client } = await setUp();
    for (const [target, command] of [
      ['MAIN', 'GetActiveRoutine'],
      ['ROUTINE', 'GetTestStatus'],
      ['NOTHING', 'x'],
      ['LED', 'GetStatus'],
    ] as const) {
      expect((await client.ask(target, command)).simulator).toBe('arkeo-mcp 1.2.3');
    }
    const led = await client.refusal('LED', 'SetValues', { address: 1, values: [1] });
    expect(led.simulator).toBe('arkeo-mcp 1.2.3');
  });

  it('echoes the id it was given, and none when there was none', async () => {
    const { client } = await setUp();
    client.sendJson({ target: 'MAIN', command: 'GetActiveRoutine', request_id: 4711 });
    expect(String(await client.payload())).toBe(
      '{"status":"OK","data":{"routine":""},"request_id":4711,"simulator":"arkeo-mcp 1.2.3"}',
    );
    client.sendJson({ target: 'ROUTINE', command: 'GetTestStatus' });
    expect(String(await client.payload())).toBe(
      '{"status":"ERROR","error":{"code":4006,"message":"no active routine"},"simulator":"arkeo-mcp 1.2.3"}',
    );
  });

  it('answers requests sent in one go one by one, in order', async () => {
    const { client } = await setUp();
    for (let i = 0; i < 20; i++) client.sendJson({ target: 'MUX', command: 'GetStatus', request_id: i });
    for (let i = 0; i < 20; i++) expect((await client.reply()).requestId).toBe(i);
  });
});

describe('malformed input', () => {
  it.each(['', 'hello', '[1,2]', 'null', '{"target":"MAIN"}', '{"target":1,"command":2}'])(
    'is answered with an error, and the connection goes on: %j',
    async (body) => {
      const { client } = await setUp();
      client.socket.write(encodeFrame(Buffer.from(body)));
      expect(await client.reply()).toMatchObject({ ok: false, code: 100, simulator: 'arkeo-mcp 1.2.3' });
      succeeded(await client.ask('MAIN', 'GetActiveRoutine'));
    },
  );

  it('closes only the connection whose length cannot be right', async () => {
    const { client, simulator } = await setUp();
    const other = await connectTo(simulator);
    client.socket.write('GET / HTTP/1.1\r\n\r\n');
    expect(await client.payload()).toBeUndefined();
    succeeded(await other.ask('MAIN', 'GetActiveRoutine'));
  });

  it('survives a client that leaves in the middle of a request', async () => {
    const { client, simulator } = await setUp();
    client.socket.write(Buffer.from([0, 0, 0, 50, 0x7b]));
    client.socket.resetAndDestroy();
    const next = await connectTo(simulator);
    succeeded(await next.ask('MAIN', 'GetActiveRoutine'));
    expect(simulator.connections).toBe(1);
  });
});

describe('server', () => {
  it('shares one state among its clients', async () => {
    const setup = await setUp();
    const other = await connectTo(setup.simulator);
    await openRoutine(setup, 'JV');
    expect((await statusOf(other)).routine_status).toBe('Ready');
    expect(setup.simulator.connections).toBe(2);
  });

  it('tells what it was asked', async () => {
    const seen: SimulatorRequest[] = [];
    const { client } = await setUp({ onRequest: (request) => seen.push(request) });
    await client.ask('LED', 'GetStatus', { params: { a: 1 } });
    expect(seen).toEqual([{ target: 'LED', command: 'GetStatus', parameter: { a: 1 }, requestId: 101 }]);
  });

  it('frees the port and cuts its clients off when it closes', async () => {
    const simulator = await startSimulator();
    const client = await connectTo(simulator);
    const closing = simulator.close();
    expect(await client.payload()).toBeUndefined();
    await Promise.all([closing, simulator.close()]);
    const server = createServer().listen(simulator.port, simulator.host);
    await once(server, 'listening');
    server.close();
  });

  it('rejects when the port is taken', async () => {
    const { simulator } = await setUp();
    await expect(startSimulator({ port: simulator.port })).rejects.toThrow('EADDRINUSE');
  });

  it('compresses time as asked', async () => {
    const simulator = await startSimulator({ speed: 2000 });
    onTestFinished(() => simulator.close());
    const client = await connectTo(simulator);
    await client.data('MAIN', 'StartRoutine', { routine: 'JV' });
    const until = async (status: string): Promise<void> => {
      while ((await statusOf(client)).routine_status !== status);
    };
    await until('Ready');
    const started = performance.now();
    await client.data('ROUTINE', 'StartMeasurement');
    await until('Ready');
    // 15.5 simulated seconds take at least 7.75 ms at this speed, and less than real time on any machine.
    expect(performance.now() - started).toBeGreaterThan(7);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
