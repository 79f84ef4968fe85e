import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Host, startHost } from '../helpers/hosts.ts';
import { startStateful } from '../helpers/stateful-instrument.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');

/** A TCP server that greets, or answers the first bytes. */
const talking = (greet: (socket: net.Socket) => void, answer: (socket: net.Socket) => void): net.Server =>
  net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
    greet(socket);
  });
const nothing = (): void => undefined;

interface Other {
  server: () => net.Server;
  code: string;
  /** How long a connection may take, in seconds, where that is what ends it. */
  timeout?: string;
  /** What happened, and what to do about it. */
  says: RegExp;
  next: RegExp;
}

const NEVER = /Nothing has answered there yet: is it the port of the ARKEO API.*doctor/;
const CHECK = /Check host and port/;
const PLAIN: Record<string, Other> = {
  'an HTTP server': {
    server: () => http.createServer((_, answer) => answer.end('hello')),
    code: 'not_an_arkeo',
    says: /begins with an HTTP answer/,
    next: CHECK,
  },
  'a server that greets by SSH': {
    server: () => talking((socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n'), nothing),
    code: 'not_an_arkeo',
    says: /begins with an SSH greeting/,
    next: CHECK,
  },
  'a server that sends JSON without lengths': {
    server: () => talking(nothing, (socket) => void socket.write('{"status":"error"}\n')),
    code: 'not_an_arkeo',
    says: /begins with JSON text without a length/,
    next: CHECK,
  },
  'a TLS server that answers with an alert': {
    server: () => talking(nothing, (socket) => void socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 0x46]))),
    code: 'not_an_arkeo',
    says: /begins with a TLS record/,
    next: /start arkeo-mcp with --tls/,
  },
  'a TLS server that closes without a word, as Node does': {
    server: () => tls.createServer({ cert: fixture('cert.pem'), key: fixture('key.pem') }, nothing),
    code: 'connection_lost',
    says: /the connection was closed/,
    next: /Nothing has answered there yet.*start arkeo-mcp with --tls/,
  },
  'a server that resets the connection': {
    server: () => talking(nothing, (socket) => void socket.resetAndDestroy()),
    code: 'connection_lost',
    says: /the connection broke: .*ECONNRESET/,
    next: NEVER,
  },
  'a server that accepts and says nothing': {
    server: () => talking(nothing, nothing),
    code: 'reply_timeout',
    says: /no reply to .* within 0.5 s/,
    next: NEVER,
  },
};

const WITHOUT_TLS = /without a terminator, start arkeo-mcp without --tls/;
const WITH_TLS: Record<string, Other> = {
  'an HTTP server': {
    server: () => http.createServer((_, answer) => answer.end('hello')),
    code: 'tls_failed',
    says: /what answers does not speak TLS/,
    next: WITHOUT_TLS,
  },
  'a plain server that closes': {
    server: () => talking(nothing, (socket) => void socket.end()),
    code: 'tls_failed',
    says: /it was accepted, and closed when TLS was begun/,
    next: WITHOUT_TLS,
  },
  'an instrument, which waits for the rest of what it takes for a length': {
    server: () => talking(nothing, nothing),
    code: 'tls_failed',
    timeout: '0.5',
    says: /it was accepted, but TLS got no answer within 0.5 s/,
    next: WITHOUT_TLS,
  },
  'a TLS server with a certificate nobody vouches for': {
    server: () => tls.createServer({ cert: fixture('cert.pem'), key: fixture('key.pem') }, nothing),
    code: 'tls_failed',
    says: /self-signed certificate/,
    next: /pass its CA with --tls-ca/,
  },
};

async function listen(server: net.Server, port = 0): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Calls a read, a command and instrument_status. Returns what is said of the read. */
async function meet(host: Host, { code, next }: Other, outcome: string): Promise<string> {
  const read = await host.call('led_get_status');
  expect(read.error, read.text).toMatchObject({ code, outcome });
  expect(read.text).toMatch(next);
  expect(read.text).not.toMatch(/:error:|ssl3_|openssl/);
  // A command is not sent before something was read.
  const command = await host.call('routine_start_measurement');
  expect(command.error, command.text).toMatchObject({ code, outcome: 'not_sent' });
  expect(command.text).toMatch(next);
  const status = await host.call('instrument_status');
  expect(status).toMatchObject({
    isError: false,
    structured: { connection: { state: 'not_connected' }, simulated: null },
  });
  expect(status.text).toMatch(/^ALARM: NOT CONNECTED: /);
  expect(status.text).toMatch(next);
  return read.text;
}

describe('in place of the instrument', () => {
  let host: Host;
  let port: number;
  beforeAll(async () => {
    const spare = await listen(net.createServer());
    ({ port } = spare);
    await spare.close();
    host = await startHost(['--port', String(port), '--request-timeout', '0.5']);
  });
  afterAll(() => host.close());

  it.each(Object.entries(PLAIN))('%s: is named, or what it may be', async (_, other) => {
    const server = await listen(other.server(), port);
    // Where the connection stands, the request went out.
    try {
      expect(await meet(host, other, 'unknown')).toMatch(other.says);
    } finally {
      await server.close();
    }
  });

  it('at last the instrument: the same server operates it', async () => {
    const instrument = await startStateful(undefined, port);
    const found = await host.call('routine_start_measurement');
    await instrument.close();
    expect(found, found.text).toMatchObject({ isError: false });
    expect(instrument.connections).toBe(1);
  });
});

describe.concurrent('with --tls, in place of a TLS terminator', () => {
  it.each(Object.entries(WITH_TLS))('%s: nothing is sent, and it is said what is wrong', async (_, other) => {
    const server = await listen(other.server());
    const { timeout = '20' } = other;
    const args = ['--tls', '--port', String(server.port), '--connect-timeout', timeout];
    const host = await startHost(args);
    try {
      expect(await meet(host, other, 'not_sent')).toMatch(other.says);
    } finally {
      await host.close();
      await server.close();
    }
  });
});
