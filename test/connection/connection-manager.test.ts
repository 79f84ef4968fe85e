import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectionManager } from '../../src/connection/connection-manager.ts';
import { encodeFrame } from '../../src/protocol/frame-codec.ts';
import { call, connectTo, rejection } from '../helpers/connection.ts';
import { type FakeInstrument, frame, startFake } from '../helpers/fake-instrument.ts';

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function fake(...behaviour: Parameters<typeof startFake>): Promise<FakeInstrument> {
  const instrument = await startFake(...behaviour);
  open.push(instrument);
  return instrument;
}

function connected(...args: Parameters<typeof connectTo>): ConnectionManager {
  const connection = connectTo(...args);
  open.push(connection);
  return connection;
}

const echo = (data: unknown) => ({ status: 'OK', data });

describe('one request at a time', () => {
  it('keeps one in flight and answers first come first served, over one connection', async () => {
    let inFlight = 0;
    let most = 0;
    const instrument = await fake((request, { reply }) => {
      most = Math.max(most, ++inFlight);
      setImmediate(() => {
        inFlight--;
        reply(request, echo(request.command));
      });
    });
    const connection = connected(instrument);
    const names = Array.from({ length: 30 }, (_, i) => `Get${i}`);
    const replies = await Promise.all(names.map((name) => connection.send(call(name))));
    expect(replies.map(({ reply }) => reply.ok && reply.data)).toEqual(names);
    expect(instrument.received.map(({ command }) => command)).toEqual(names);
    expect(most).toBe(1);
    expect(instrument.connections).toBe(1);
  });

  it('refuses more than 64 waiting requests, and sends none of the refused', async () => {
    const instrument = await fake(() => undefined);
    const connection = connected(instrument);
    const all = Array.from({ length: 67 }, (_, i) => rejection(connection.send(call(`Set${i}`))));
    const refused = await Promise.race([all[65], all[66]]);
    expect(refused).toMatchObject({ code: 'queue_full', outcome: 'not_sent' });
    await instrument.requests(1);
    connection.close();
    const outcomes = (await Promise.all(all)) as { outcome: string }[];
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      'unknown',
      ...Array.from({ length: 66 }, () => 'not_sent'),
    ]);
    expect(instrument.received).toHaveLength(1);
  });
});

describe('dialling', () => {
  it('dials on first use, once for all callers', async () => {
    const instrument = await fake((request, { reply }) => reply(request));
    const connection = connected(instrument);
    expect(connection.status()).toMatchObject({ state: 'not_connected', simulator: undefined });
    expect(instrument.connections).toBe(0);
    await Promise.all([connection.send(call('GetA')), connection.send(call('GetB'))]);
    expect(instrument.connections).toBe(1);
    expect(connection.status()).toMatchObject({ state: 'connected', simulator: null });
  });

  it('tells everyone who waits when the dial fails, then dials afresh', async () => {
    const spare = await startFake(() => undefined);
    await spare.close();
    const connection = connected(spare);
    const errors = await Promise.all([1, 2, 3].map((i) => rejection(connection.send(call(`Set${i}`)))));
    for (const error of errors)
      expect(error).toMatchObject({ code: 'connection_refused', outcome: 'not_sent' });
    expect(connection.status().lastError).toMatchObject({ code: 'connection_refused' });

    const server = net.createServer((socket) =>
      socket.on('data', () => socket.write(frame({ status: 'ok' }))),
    );
    await new Promise<void>((resolve) => server.listen(spare.port, '127.0.0.1', resolve));
    open.push(server);
    expect((await connection.send(call('Set'))).reply.ok).toBe(true);
  });

  it('connects again after the instrument was restarted', async () => {
    const instrument = await fake((request, { reply, socket }) => {
      if (request.command === 'GetLast') socket.end(frame({ status: 'OK', request_id: request.request_id }));
      else reply(request);
    });
    const connection = connected(instrument);
    await connection.send(call('GetLast'));
    await expect.poll(() => connection.status().state).toBe('not_connected');
    await connection.send(call('Set'));
    expect(instrument.connections).toBe(2);
  });
});

describe('no usable reply', () => {
  it.each([
    ['closes', 'connection_lost', (socket: net.Socket) => socket.destroy()],
    ['cuts the length', 'connection_lost', (socket: net.Socket) => socket.end(Buffer.from([0, 0]))],
    ['cuts the body', 'connection_lost', (socket: net.Socket) => socket.end(Buffer.from([0, 0, 0, 9, 0x7b]))],
    ['resets', 'connection_lost', (socket: net.Socket) => socket.resetAndDestroy()],
    [
      'sends what is not JSON',
      'bad_reply',
      (socket: net.Socket) => socket.write(encodeFrame(Buffer.from('Not a valid command'))),
    ],
    ['sends what is not a reply', 'bad_reply', (socket: net.Socket) => socket.write(frame([1]))],
    [
      'sends nothing in a frame',
      'bad_reply',
      (socket: net.Socket) => socket.write(encodeFrame(Buffer.alloc(0))),
    ],
    ['sends too much', 'bad_reply', (socket: net.Socket) => socket.write(Buffer.from([0, 0x10, 0, 1]))],
    [
      'is an HTTP server',
      'not_an_arkeo',
      (socket: net.Socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
    ],
  ])(
    'when it %s: a write is unknown and never repeated, the next goes to a fresh socket',
    async (_, code, misbehave) => {
      const instrument = await fake((request, { reply, socket }) => {
        if (request.connection === 1) misbehave(socket);
        else reply(request);
      });
      const connection = connected(instrument);
      expect(await rejection(connection.send(call('StartMeasurement')))).toMatchObject({
        code,
        outcome: 'unknown',
      });
      await connection.send(call('GetTestStatus'));
      expect(instrument.received.map((r) => [r.command, r.connection])).toEqual([
        ['StartMeasurement', 1],
        ['GetTestStatus', 2],
      ]);
    },
  );

  it('repeats a lost read once, and only once', async () => {
    const once = await fake((request, { reply, socket }) =>
      request.connection === 1 ? socket.destroy() : reply(request),
    );
    await connected(once).send(call('GetTestData'));
    expect(once.received).toHaveLength(2);

    const never = await fake((_, { socket }) => socket.destroy());
    const error = await rejection(connected(never).send(call('GetTestData')));
    expect(error).toMatchObject({ code: 'connection_lost', outcome: 'unknown' });
    expect(never.received).toHaveLength(2);
  });

  it('a lost read that cannot be asked again was sent all the same', async () => {
    const instrument: FakeInstrument = await startFake((_, { socket }) => {
      void instrument.close();
      socket.destroy();
    });
    const error = await rejection(connected(instrument).send(call('GetTestData')));
    expect(error).toMatchObject({
      code: 'connection_refused',
      outcome: 'unknown',
      hint: expect.stringContaining('ARKEO application'),
    });
    expect(instrument.received).toHaveLength(1);
  });

  it('never lets a late reply answer the next request', async () => {
    let answerLate: () => void = () => undefined;
    const instrument = await fake((request, { reply }) => {
      if (request.command === 'Slow') answerLate = () => reply(request, echo('late'));
      else reply(request, echo('right'));
    });
    const connection = connected(instrument);
    const slow = await rejection(connection.send(call('Slow', { timeoutMs: 50 })));
    expect(slow).toMatchObject({ code: 'reply_timeout', outcome: 'unknown' });
    answerLate();
    const { reply } = await connection.send(call('GetNext'));
    expect(reply).toMatchObject({ ok: true, data: 'right' });
    expect(instrument.connections).toBe(2);
  });
});

describe('request ids', () => {
  it('start at random and count up', async () => {
    const instrument = await fake((request, { reply }) => reply(request));
    const connection = connected(instrument);
    for (const name of ['GetA', 'GetB', 'GetC']) await connection.send(call(name));
    const [a = 0, b = 0, c = 0] = instrument.received.map(({ request_id: id }) => id);
    expect([b - a, c - b]).toEqual([1, 1]);
    expect(a).toBeGreaterThan(0);
  });

  it('drops a second reply to an earlier request, whenever it comes', async () => {
    const instrument = await fake((request, connection) => {
      if (request.command === 'GetFirst') {
        connection.reply(request, echo(1));
        connection.reply(request, echo('again, at once'));
      } else {
        connection.reply({ ...request, request_id: request.request_id - 1 }, echo('again, later'));
        connection.reply(request, echo(2));
      }
    });
    const connection = connected(instrument);
    expect((await connection.send(call('GetFirst'))).reply).toMatchObject({ data: 1 });
    expect((await connection.send(call('GetSecond'))).reply).toMatchObject({ data: 2 });
    expect(instrument.connections).toBe(1);
  });

  it('accepts a reply with another id, with a warning, and one without any (row 8)', async () => {
    const instrument = await fake((request, { raw }) =>
      raw(frame(request.command === 'GetOther' ? { status: 'OK', request_id: 3 } : { status: 'OK' })),
    );
    const connection = connected(instrument);
    const other = await connection.send(call('GetOther'));
    expect(other.warnings.join()).toMatch(/request_id 3 instead of \d+/);
    expect((await connection.send(call('GetNone'))).warnings).toEqual([]);
  });

  it('takes a reply that nobody asked for as a reason to distrust the socket', async () => {
    const instrument = await fake((request, { reply, raw }) => {
      reply(request, echo(1));
      if (request.connection === 1) raw(frame({ status: 'OK', data: 'stray' }));
    });
    const connection = connected(instrument);
    await connection.send(call('GetFirst'));
    await expect.poll(() => connection.status().state).toBe('not_connected');
    expect((await connection.send(call('GetSecond'))).reply).toMatchObject({ data: 1 });
  });
});

describe('cancelling', () => {
  it('before sending: nothing is sent and the others go on', async () => {
    const instrument = await fake((request, { reply }) => setImmediate(() => reply(request)));
    const connection = connected(instrument);
    const controller = new AbortController();
    const first = connection.send(call('SetA'));
    const second = rejection(connection.send(call('SetB', { signal: controller.signal })));
    const third = connection.send(call('SetC'));
    controller.abort();
    expect(await second).toMatchObject({ code: 'cancelled', outcome: 'not_sent' });
    await Promise.all([first, third]);
    expect(instrument.received.map(({ command }) => command)).toEqual(['SetA', 'SetC']);
  });

  it('while waiting for the reply: unknown, and the socket is gone', async () => {
    const instrument = await fake((request, { reply }) => {
      if (request.command !== 'SetA') reply(request);
    });
    const connection = connected(instrument);
    const controller = new AbortController();
    const sent = rejection(connection.send(call('SetA', { signal: controller.signal })));
    await instrument.requests(1);
    controller.abort();
    expect(await sent).toMatchObject({ code: 'cancelled', outcome: 'unknown' });
    await connection.send(call('GetB'));
    expect(instrument.received.map((r) => r.connection)).toEqual([1, 2]);
  });
});

describe('after a long silence', () => {
  const probe = {
    request: { target: 'MAIN', command: 'GetActiveRoutine', parameter: {} },
    afterMs: -1,
    timeoutMs: 100,
  };

  it('a read goes before a write, and not before a read', async () => {
    const instrument = await fake((request, { reply }) => reply(request));
    const connection = connected(instrument, { probe });
    await connection.send(call('GetTestStatus'));
    await connection.send(call('StartMeasurement'));
    expect(instrument.received.map(({ command }) => command)).toEqual([
      'GetTestStatus',
      'GetActiveRoutine',
      'StartMeasurement',
    ]);
  });

  it('a dead connection is found by the read, and the write goes once to a fresh one', async () => {
    const instrument = await fake((request, { reply }) => {
      if (request.command !== 'GetActiveRoutine' || request.connection > 1) reply(request);
    });
    const connection = connected(instrument, { probe });
    await connection.send(call('GetTestStatus'));
    await connection.send(call('StartMeasurement'));
    expect(instrument.received.map((r) => [r.command, r.connection])).toEqual([
      ['GetTestStatus', 1],
      ['GetActiveRoutine', 1],
      ['StartMeasurement', 2],
    ]);
  });
});
