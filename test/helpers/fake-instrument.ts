import net from 'node:net';
import type tls from 'node:tls';
import { encodeFrame, FrameDecoder } from '../../src/protocol/frame-codec.ts';

export interface Received {
  target: string;
  command: string;
  parameter?: Record<string, unknown>;
  params?: Record<string, unknown>;
  request_id: number;
  /** Which connection it came on, counted from 1. */
  connection: number;
}

export interface FakeConnection {
  readonly socket: net.Socket;
  /** Writes a reply with the request's own id, unless told otherwise. */
  reply: (request: Received, body?: Record<string, unknown>) => void;
  /** Writes raw bytes. */
  raw: (bytes: Uint8Array | string) => void;
}

export interface FakeInstrument {
  readonly port: number;
  readonly received: Received[];
  readonly connections: number;
  /** Those that are open. */
  readonly sockets: ReadonlySet<net.Socket>;
  /** Resolves when that many requests have been received. */
  requests: (count: number) => Promise<Received[]>;
  close: () => Promise<void>;
}

type Behaviour = (request: Received, connection: FakeConnection) => void;

export const frame = (value: unknown): Buffer => encodeFrame(Buffer.from(JSON.stringify(value)));

/** A TCP instrument that does exactly what a test wants, on a loopback port, a free one unless told. */
export async function startFake(
  behaviour: Behaviour,
  makeServer: (onSocket: (socket: net.Socket) => void) => net.Server | tls.Server = (onSocket) =>
    net.createServer(onSocket),
  port = 0,
): Promise<FakeInstrument> {
  const received: Received[] = [];
  const sockets = new Set<net.Socket>();
  const waiting: { count: number; resolve: (requests: Received[]) => void }[] = [];
  let connections = 0;
  const server = makeServer((socket) => {
    const number = ++connections;
    sockets.add(socket);
    // Pieces that a test writes one by one must not wait for each other's receipt.
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    const decoder = new FrameDecoder();
    const connection: FakeConnection = {
      socket,
      reply: (request, body = { status: 'OK', data: {} }) => {
        socket.write(frame({ request_id: request.request_id, ...body }));
      },
      raw: (bytes) => void socket.write(bytes),
    };
    socket.on('data', (chunk: Buffer) => {
      for (const payload of decoder.push(chunk)) {
        const request = {
          ...(JSON.parse(payload.toString()) as Omit<Received, 'connection'>),
          connection: number,
        };
        received.push(request);
        for (const { count, resolve } of waiting) if (received.length >= count) resolve(received);
        behaviour(request, connection);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fake has no port');
  return {
    port: address.port,
    received,
    sockets,
    get connections() {
      return connections;
    },
    requests: (count) =>
      new Promise((resolve) => {
        if (received.length >= count) resolve(received);
        else waiting.push({ count, resolve });
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
