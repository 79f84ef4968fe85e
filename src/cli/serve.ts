import { setTimeout as sleep } from 'node:timers/promises';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Config } from '../config.ts';
import { createLogger } from '../logger.ts';
import { createServer } from '../server.ts';
import { Consents } from '../tools/consent.ts';
import { tools } from '../tools/index.ts';
import { offered } from '../tools/offer.ts';
import { VERSION } from '../version.ts';
import { createContext } from './context.ts';

/** Longer than a safe_shutdown of which nothing is answered. */
const SHUTDOWN_LIMIT_MS = 30_000;

/** Serves MCP on standard input and output until the host goes away. */
export function serve(config: Config): void {
  const logger = createLogger({ level: config.logLevel, file: config.logFile });
  const context = createContext(config, logger);
  const consents = new Consents();
  const offer = {
    readOnly: config.readOnly,
    toolsets: config.toolsets,
    exclude: config.excludeTools,
  };
  // A wrong name ends the server at once, and not when the first host looks.
  offered(tools, offer);
  const handle = serveStdio(() => createServer({ context, consents, offer, simulator: config.simulator }), {
    onerror: (error) => {
      logger.warn({ err: error }, 'MCP');
      // The SDK stops reading standard input for good: better gone and started again than deaf.
      if (error.message.includes('ReadBuffer exceeded')) void end('a message was too long', 1);
    },
  });
  logger.info(
    { version: VERSION, instrument: context.connection.status().address },
    'arkeo-mcp serves MCP on stdio',
  );

  let ending = false;
  const end = async (reason: string, exitCode: number): Promise<void> => {
    if (ending) return;
    ending = true;
    logger.info({ reason }, 'arkeo-mcp ends');
    // Switching off is not cut short; what hangs beyond that is.
    await Promise.race([context.connection.shutdownsSettled(), sleep(SHUTDOWN_LIMIT_MS)]);
    // Then the socket: whatever else hangs, the instrument is let go.
    await context.close().catch((error: unknown) => logger.error({ err: error }, 'closing failed'));
    await handle.close().catch((error: unknown) => logger.error({ err: error }, 'closing failed'));
    process.exit(exitCode);
  };
  const crash = (error: unknown): void => {
    logger.fatal({ err: error }, 'arkeo-mcp has a fault and ends');
    void end('fault', 1);
  };
  process.stdin.once('end', () => void end('the host closed standard input', 0));
  process.stdin.once('close', () => void end('the host closed standard input', 0));
  process.stdout.once('error', () => void end('the host closed standard output', 0));
  process.once('SIGINT', () => void end('SIGINT', 0));
  process.once('SIGTERM', () => void end('SIGTERM', 0));
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}
