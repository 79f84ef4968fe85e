import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logger.ts';
import { safeShutdown } from '../safety/safe-shutdown.ts';
import type { Context } from './context.ts';

/**
 * Longest time for the running measurement to undo its changes: hosts kill a program that does not end within a
 * few seconds.
 */
const JOB_LIMIT_MS = 1000;
/** Longest time, from the beginning, until everything has to be switched off. */
const EXIT_LIMIT_MS = 3500;

export interface ProgramEndOptions {
  context: Context;
  logger: Logger;
  /** Fate of everything that this process switched on: switched off, or left. */
  onExit: 'safe' | 'leave';
  closeTransport: () => Promise<void>;
}

/** The end of the program: switches off, closes everything that is open, once. */
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
    // A safe_shutdown under way is allowed to finish as well.
    await Promise.race([context.connection.shutdownsSettled(), limit]);
    const { switchedOn } = context.ownership;
    if (switchedOn.length > 0)
      logger.error({ on: switchedOn }, 'LEFT SWITCHED ON: switch it off at the ARKEO');
    await context.records.end();
    // The socket is closed next, whatever else hangs: the instrument must be released.
    await context.close().catch((error: unknown) => logger.error({ err: error }, 'closing failed'));
    await context.audit.flush();
    await closeTransport().catch((error: unknown) => logger.error({ err: error }, 'closing failed'));
    process.exit(exitCode);
  }
}

/**
 * Switches off everything that this process switched on: first the running measurement undoes its changes, then
 * the rest. Everything that could not be switched off is logged, and stays in the record that the next server
 * reads.
 */
async function switchOff(context: Context, logger: Logger, limit: Promise<'too late'>): Promise<void> {
  const { connection, client, ownership, jobs } = context;
  const { running } = jobs;
  if (running?.request.args['keep_running'] === true) {
    logger.warn({ job: running.id }, 'a measurement that was asked to go on is left running');
    return;
  }
  // A measurement that another server started, and this one only followed, is not stopped.
  if (running !== undefined && !running.followsOnly) {
    running.cancel();
    await running.wait(JOB_LIMIT_MS, new AbortController().signal);
  }
  // This also voids waiting requests, so that nothing is switched on afterwards.
  const steps = await Promise.race([
    connection
      .shutdown(() => Promise.resolve())
      .then(() =>
        // A window that this server opened would be in the way of the next server, which cannot know its owner.
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
