import { setTimeout as sleep } from 'node:timers/promises';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Config } from '../config.ts';
import { createLogger, type Logger } from '../logger.ts';
import { safeShutdown } from '../safety/safe-shutdown.ts';
import { createServer } from '../server.ts';
import { Consents } from '../tools/consent.ts';
import { tools } from '../tools/index.ts';
import { offered } from '../tools/offer.ts';
import { VERSION } from '../version.ts';
import { type Context, createContext } from './context.ts';

/** Hosts kill what does not end within a few seconds: the running measurement has this long to undo what it did, */
const JOB_LIMIT_MS = 1000;
/** and this long is left, from the beginning, for all that has to be switched off. */
const EXIT_LIMIT_MS = 3500;

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
    const limit = sleep(EXIT_LIMIT_MS).then(() => 'too late' as const);
    if (config.onExit === 'safe') await switchOff(context, logger, limit);
    // What a safe_shutdown is about to switch off is not cut short either.
    await Promise.race([context.connection.shutdownsSettled(), limit]);
    const { switchedOn } = context.ownership;
    if (switchedOn.length > 0)
      logger.error({ on: switchedOn }, 'LEFT SWITCHED ON: switch it off at the ARKEO');
    await context.records.end();
    // Then the socket: whatever else hangs, the instrument is let go.
    await context.close().catch((error: unknown) => logger.error({ err: error }, 'closing failed'));
    await context.audit.flush();
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

/**
 * What this process switched on is switched off: first what the running measurement has to undo itself, then the rest.
 * What could not be is said, and stays in the record that the next server reads.
 */
async function switchOff(context: Context, logger: Logger, limit: Promise<'too late'>): Promise<void> {
  const { connection, client, ownership, jobs } = context;
  const { running } = jobs;
  if (running?.request.args['keep_running'] === true) {
    logger.warn({ job: running.id }, 'a measurement that was asked to go on is left running');
    return;
  }
  // What another server had started, and this one only followed, is not this one's to stop.
  if (running !== undefined && !running.recovers) {
    running.cancel();
    await running.wait(JOB_LIMIT_MS, new AbortController().signal);
  }
  // Also voids what waits to be sent, so that nothing is switched on behind it.
  const steps = await Promise.race([
    connection
      .shutdown(() => Promise.resolve())
      .then(() =>
        // Our window would be in the way of the next server, which cannot know whose it is.
        ownership.switchedOn.length === 0 && ownership.routine === undefined
          ? []
          : safeShutdown(connection, client, ownership, { scope: 'ours', closeRoutine: true }),
      ),
    limit,
  ]);
  if (steps === 'too late') return;
  for (const { step, result, detail } of steps)
    if (result === 'FAILED') logger.error({ step, detail }, 'COULD NOT BE SWITCHED OFF');
}
