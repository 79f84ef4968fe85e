import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { Consents } from './consent.ts';
import { createServer, type ServerOptions } from './server.ts';
import { tolerantTransport } from './tolerant-transport.ts';

export interface StdioOptions extends Omit<ServerOptions, 'consents' | 'caller'> {
  onError: (error: Error) => void;
  /** The host went away, or nothing can be read from it any more. */
  onGone: (reason: string, exitCode: number) => void;
}

/** Serves MCP on standard input and output: one host, one caller. Returns how to close it. */
export function serveOnStdio({ onError, onGone, ...options }: StdioOptions): { close: () => Promise<void> } {
  const consents = new Consents(() => new Date());
  const handle = serveStdio(() => createServer({ ...options, consents, caller: 'stdio' }), {
    transport: tolerantTransport(new StdioServerTransport()),
    onerror: (error) => {
      onError(error);
      // The SDK stops reading standard input for good: better gone and started again than deaf.
      if (error.message.includes('ReadBuffer exceeded')) onGone('a message was too long', 1);
    },
  });
  process.stdin.once('end', () => onGone('the host closed standard input', 0));
  process.stdin.once('close', () => onGone('the host closed standard input', 0));
  process.stdout.once('error', () => onGone('the host closed standard output', 0));
  return handle;
}
