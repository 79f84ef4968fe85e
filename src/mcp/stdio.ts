import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { boundedTransport } from './bounded-transport.ts';
import { Consents } from './consent.ts';
import { createServer, type ServerOptions } from './server.ts';
import { pacedTransport } from './paced-transport.ts';
import { tolerantTransport } from './tolerant-transport.ts';

export interface StdioOptions extends Omit<ServerOptions, 'consents' | 'caller'> {
  onError: (error: Error) => void;
  /** The host went away, or nothing can be read from it any more. */
  onGone: (reason: string, exitCode: number) => void;
}

export interface StdioService {
  close: () => Promise<void>;
  /** Takes no further message: what a host sends in masses must not hold up the end. */
  stopReading: () => void;
}

/** Serves MCP on standard input and output: one host, one caller. */
export function serveOnStdio({ onError, onGone, ...options }: StdioOptions): StdioService {
  const consents = new Consents(() => new Date());
  const wire = boundedTransport(
    new StdioServerTransport(),
    () => process.stdout.writableLength,
    () => onGone('the host does not read what it is answered', 1),
  );
  const paced = pacedTransport(wire, process.stdin);
  const handle = serveStdio(() => createServer({ ...options, consents, caller: 'stdio' }), {
    transport: tolerantTransport(paced),
    onerror: (error) => {
      onError(error);
      // The SDK stops reading standard input for good: better gone and started again than deaf.
      if (error.message.includes('ReadBuffer exceeded')) onGone('a message was too long', 1);
    },
  });
  process.stdin.once('end', () => onGone('the host closed standard input', 0));
  process.stdin.once('close', () => onGone('the host closed standard input', 0));
  process.stdout.once('error', () => onGone('the host closed standard output', 0));
  return { close: () => handle.close(), stopReading: () => paced.stop() };
}
