import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { systemClock } from './clock.ts';
import { type Answer, Connection } from './connection.ts';
import { type Fault, FaultPlan } from './faults.ts';
import { Instrument } from './instrument.ts';
import type { Dialect, SimulatorRequest } from './request.ts';

export type { Fault, FaultName } from './faults.ts';
export type { Dialect, SimulatorRequest } from './request.ts';
export { parseFault } from './faults.ts';

export interface SimulatorOptions extends ServeOptions {
  /** Seed of pixel spread and noise: the same seed and the same requests give the same data. Default 1. */
  seed?: number;
  /** Simulated seconds per real second. Default 1. */
  speed?: number;
  /** Age of the software whose names and forms are spoken. Default `newest`. */
  dialect?: Dialect;
  /** Version that every reply carries as `"simulator": "arkeo-mcp <version>"`. */
  version?: string;
}

export interface ServeOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** Ways to misbehave. Default: none. */
  faults?: readonly Fault[];
  /** Sees every request that could be read, before it is carried out. */
  onRequest?: (request: SimulatorRequest) => void;
}

export interface Simulator {
  readonly host: string;
  readonly port: number;
  /** Number of clients that are connected now. */
  readonly connections: number;
  /** Disconnects all clients; resolves when the port is free. */
  close(): Promise<void>;
}

/** Starts a simulated ARKEO on a TCP port. Rejects if the port is not available. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { seed = 1, speed = 1, dialect = 'newest', version = 'dev' } = options;
  return serveInstrument(new Instrument({ clock: systemClock(speed), seed, dialect, version }), options);
}

/** Serves an instrument on a TCP port: startSimulator for a caller with its own clock. */
export async function serveInstrument(
  instrument: Instrument,
  options: ServeOptions = {},
): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, faults = [], onRequest } = options;
  const plan = new FaultPlan(faults);
  const sockets = new Set<Socket>();

  const answer = (payload: Buffer): Answer => {
    let request: SimulatorRequest;
    try {
      request = instrument.decode(payload);
    } catch (error) {
      return { reply: instrument.refusal(error), faults: [] };
    }
    onRequest?.(request);
    const due = plan.next(request);
    for (const fault of due) if (fault.name === 'smu-error') instrument.breakSmu(fault.seconds ?? 0.5);
    return { reply: instrument.handle(request), faults: due };
  };

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    new Connection(socket, answer).serve();
  });
  server.listen(port, host);
  await once(server, 'listening');
  // A client that could not be accepted must not cost the others their instrument.
  server.on('error', () => undefined);
  const closed = new Promise((resolve) => server.once('close', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no TCP address');

  return {
    host,
    port: address.port,
    get connections() {
      return sockets.size;
    },
    async close() {
      if (server.listening) server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
