import type { Call } from '../../src/connection/call.ts';
import { ConnectionManager, type ConnectionOptions } from '../../src/connection/connection-manager.ts';
import type { Endpoint } from '../../src/connection/connector.ts';
import { createLogger } from '../../src/logger.ts';

/** A connection manager with short deadlines, to a port on this machine. */
export function connectTo(
  endpoint: Partial<Endpoint> & { port: number },
  options: Partial<ConnectionOptions> = {},
): ConnectionManager {
  return new ConnectionManager({
    address: `127.0.0.1:${endpoint.port}`,
    tls: endpoint.tls !== undefined,
    endpoint: () => Promise.resolve({ host: '127.0.0.1', ...endpoint }),
    connectTimeoutMs: 2000,
    maxReplyBytes: 1024 * 1024,
    probe: {
      request: { target: 'MAIN', command: 'GetActiveRoutine', parameter: {} },
      afterMs: 30_000,
      timeoutMs: 200,
    },
    logger: createLogger({ level: 'silent' }),
    ...options,
  });
}

export function call(command: string, options: Partial<Call> = {}): Call {
  return {
    request: { target: 'ROUTINE', command, parameter: {} },
    kind: command.startsWith('Get') ? 'read' : 'write',
    parameterKey: 'parameter',
    timeoutMs: 5000,
    ...options,
  };
}

/** The rejection of a promise; fails if it resolves. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`expected a rejection, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}
