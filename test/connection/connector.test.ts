import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { connect } from '../../src/connection/connector.ts';
import { call, connectTo, rejection } from '../helpers/connection.ts';
import { startFake } from '../helpers/fake-instrument.ts';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');
const certificate = fixture('cert.pem');

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function tlsFake() {
  const instrument = await startFake(
    (request, { reply }) => reply(request),
    (onSocket) => tls.createServer({ cert: certificate, key: fixture('key.pem') }, onSocket),
  );
  open.push(instrument);
  return instrument;
}

describe('TLS', () => {
  it('carries the protocol when the certificate is trusted', async () => {
    const { port } = await tlsFake();
    const connection = connectTo({ port, tls: { ca: certificate } });
    open.push(connection);
    expect((await connection.send(call('GetTestStatus'))).reply.ok).toBe(true);
  });

  it('refuses a certificate that nobody vouches for', async () => {
    const { port } = await tlsFake();
    const error = await rejection(connect({ host: '127.0.0.1', port, tls: {} }, 2000));
    expect(error).toMatchObject({
      code: 'tls_failed',
      outcome: 'not_sent',
      hint: expect.stringContaining('--tls-ca'),
    });
  });

  it('says that a port speaks TLS when it answers plain text with an alert', async () => {
    const alert = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46]);
    const instrument = await startFake((_, { raw }) => raw(alert));
    open.push(instrument);
    const connection = connectTo(instrument);
    open.push(connection);
    const error = await rejection(connection.send(call('SetA')));
    expect(error).toMatchObject({
      code: 'not_an_arkeo',
      outcome: 'unknown',
      message: expect.stringContaining('TLS'),
    });
  });
});

describe('what cannot be reached', () => {
  it('a name that does not exist', async () => {
    const error = await rejection(connect({ host: 'no-such-host.invalid', port: 6360 }, 5000));
    expect(error).toMatchObject({ code: 'host_not_found', outcome: 'not_sent' });
  });

  it('a port that accepts and then says nothing', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(server);
    const address = server.address() as net.AddressInfo;
    const sockets: net.Socket[] = [];
    server.on('connection', (socket) => sockets.push(socket));
    const error = await rejection(connect({ host: '127.0.0.1', port: address.port, tls: {} }, 50));
    expect(error).toMatchObject({
      code: 'tls_failed',
      outcome: 'not_sent',
      hint: expect.stringContaining('TLS terminator'),
    });
    for (const socket of sockets) socket.destroy();
  });

  it('a call that was given up', async () => {
    const error = await rejection(connect({ host: '127.0.0.1', port: 9 }, 5000, AbortSignal.abort()));
    expect(error).toMatchObject({ code: 'cancelled', outcome: 'not_sent' });
  });
});
