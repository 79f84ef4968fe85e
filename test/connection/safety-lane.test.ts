import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { call, connectTo, rejection } from '../helpers/connection.ts';
import { startFake } from '../helpers/fake-instrument.ts';
import { oneAtATime } from '../helpers/one-at-a-time.ts';

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});
const opened = <T extends { close: () => unknown }>(thing: T): T => {
  open.push(thing);
  return thing;
};

describe('switching off while another request hangs', () => {
  it('goes beside it on a socket of its own, and leaves the other alone when answered', async () => {
    const hanging: (() => void)[] = [];
    const instrument = opened(
      await startFake((request, { reply }) => {
        if (request.command === 'GetTestData') hanging.push(() => reply(request));
        else reply(request);
      }),
    );
    const connection = opened(connectTo(instrument));
    const slow = connection.send(call('GetTestData'));
    await instrument.requests(1);
    await connection.send(call('StopMeasurement', { kind: 'safety' }));
    expect(instrument.received.map((r) => [r.command, r.connection])).toEqual([
      ['GetTestData', 1],
      ['StopMeasurement', 2],
    ]);
    for (const answer of hanging) answer();
    expect((await slow).reply.ok).toBe(true);
  });

  it('overtakes what waits, and uses the open socket when nothing is in flight', async () => {
    const instrument = opened(await startFake((request, { reply }) => reply(request)));
    const connection = opened(connectTo(instrument));
    await connection.send(call('GetTestStatus'));
    await connection.send(call('StopMeasurement', { kind: 'safety' }));
    expect(instrument.connections).toBe(1);
  });

  it('takes the place of the hanging one when it stays silent: an instrument that serves one client at a time', async () => {
    const instrument = opened(
      await startFake((request, { reply }) => {
        if (request.command !== 'Hang') reply(request);
      }, oneAtATime),
    );
    const connection = opened(connectTo(instrument));
    const hanging = rejection(connection.send(call('Hang')));
    await instrument.requests(1);
    await connection.send(call('StopMeasurement', { kind: 'safety' }));
    expect(await hanging).toMatchObject({ code: 'safe_shutdown', outcome: 'unknown' });
    expect(instrument.received.map((r) => r.command)).toEqual(['Hang', 'StopMeasurement']);
  });

  it('takes the place of the hanging one when a second connection is refused', async () => {
    let server: net.Server | undefined;
    const instrument = opened(
      await startFake(
        (request, { reply }) => {
          if (request.command !== 'Hang') reply(request);
          // One client at a time: closed to others until this one is gone.
          else server?.close();
        },
        (onSocket) => {
          server = net.createServer((socket) => {
            onSocket(socket);
            socket.on('close', () => server?.listening === false && server.listen(port, '127.0.0.1'));
          });
          return server;
        },
      ),
    );
    const { port } = instrument;
    const connection = opened(connectTo(instrument));
    const hanging = rejection(connection.send(call('Hang')));
    await instrument.requests(1);
    await connection.send(call('StopMeasurement', { kind: 'safety' }));
    expect(await hanging).toMatchObject({ outcome: 'unknown' });
    expect(instrument.received.map((r) => r.command)).toEqual(['Hang', 'StopMeasurement']);
  });

  it('says so when there is no way at all', async () => {
    const gone = await startFake(() => undefined);
    await gone.close();
    const connection = opened(connectTo(gone));
    const error = await rejection(connection.send(call('StopMeasurement', { kind: 'safety' })));
    expect(error).toMatchObject({ code: 'connection_refused', outcome: 'not_sent' });
  });
});
