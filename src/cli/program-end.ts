import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logger.ts';
import { safeShutdown } from '../safety/safe-shutdown.ts';
import type { Context } from './context.ts';

/** Hosts kill what does not end within a few seconds: the running measurement has this long to undo what it did, */
const JOB_LIMIT_MS = 1000;
/** and this long is left, from the beginning, for all that has to be switched off. */
const EXIT_LIMIT_MS = 3500;

export interface ProgramEndOptions {
  context: Context;
  logger: Logger;
  /** Whether what this process switched on is switched off, or left. */
  onExit: 'safe' | 'leave';
  closeTransport: () => Promise<void>;
}

/** The end of the program: what is on is switched off, what is open is closed, once. */
export class ProgramEnd {
  readonly #options: ProgramEndOptions;
  #isEnding = false;

  constructor(options: ProgramEndOptions) {
    this.#options = options;
  }

  /** Ends the program at signals and at faults. */
  listen(): void {
    const crash = (error: unknown): void => {
      this.#options.logger.fatal({ err: error }, 'arkeo-mcp has a fault and ends');
      this.begin('fault', 1);
    };
    process.once('SIGINT', () => this.begin('SIGINT', 0));
    process.once('SIGTERM', () => this.begin('SIGTERM', 0));
    process.on('uncaughtException', crash);
    process.on('unhandledRejection', crash);
  }

  /** Begins the end; only the first call does. */
  begin(reason: string, exitCode: number): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    void this.#end(reason, exitCode);
  }

  async #end(reason: string, exitCode: number): Promise<void> {
    const { context, logger, onExit, closeTransport } = this.#options;
    logger.info({ reason }, 'arkeo-mcp ends');
    const limit = sleep(EXIT_LIMIT_MS).then(() => 'too late' as const);
    if (onExit === 'safe') await switchOff(context, logger, limit);
    // What a safe_shutdown is about to switch off is not cut short either.
    await Promise.race([context.connection.shutdownsSettled(), limit]);
    const { switchedOn } = context.ownership;
    if (switchedOn.length > 0)
      logger.error({ on: switchedOn }, 'LEFT SWITCHED ON: switch it off at the ARKEO');
    await context.records.end();
    // Then the socket: whatever else hangs, the instrument is let go.
    await context.close().catch((error: unknown) => logger.error({ err: error }, 'closing failed'));
    await context.audit.flush();
    await closeTransport().catch((error: unknown) => logger.error({ err: error }, 'closing failed'));
    process.exit(exitCode);
  }
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
  if (running !== undefined && !running.followsOnly) {
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
