import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logger.ts';
import { closeWindow, safeShutdown, type ShutdownStep } from '../safety/safe-shutdown.ts';
import { describeUnverified } from '../safety/thing.ts';
import type { Context } from './context.ts';
import { keepsRunning } from './keeps-running.ts';
import { leave } from './leave.ts';

/** The program is gone after so long, whatever hangs. */
const EXIT_LIMIT_MS = 3500;
/** So much of it is for switching off, from the beginning; */
const OFF_LIMIT_MS = 3000;
/** once all is off, so much for the running measurement to keep what it has; */
const JOB_LIMIT_MS = 1000;
/** and so much for what is written and closed. */
const CLOSE_LIMIT_MS = 400;

/**
 * Signals that end a program from outside. The second of them may come right behind the first, and ends nothing more.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGBREAK'] as const;

export interface ProgramEndOptions {
  context: Context;
  logger: Logger;
  /** Fate of everything that this process switched on: switched off, or left. */
  onExit: 'safe' | 'leave';
  closeTransport: () => Promise<void>;
  /** Takes no further message of the host. */
  stopReading: () => void;
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
      // The log itself may be what fails by then.
      if (this.#isEnding) return;
      this.#options.logger.fatal({ err: error }, 'arkeo-mcp has a fault and ends');
      this.begin('fault', 1);
    };
    for (const signal of SIGNALS) process.on(signal, () => this.begin(signal, 0));
    process.on('uncaughtException', crash);
    process.on('unhandledRejection', crash);
  }

  /** Begins the end; only the first call does. */
  begin(reason: string, exitCode: number): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#options.stopReading();
    setTimeout(() => void leave(exitCode), EXIT_LIMIT_MS);
    void this.#end(reason, exitCode);
  }

  async #end(reason: string, exitCode: number): Promise<void> {
    const { context, logger, onExit, closeTransport } = this.#options;
    const { connection, ownership } = context;
    const { running } = context.jobs;
    const goesOn = keepsRunning(context);
    const isLeft = onExit === 'leave' || goesOn;
    // Before the first word of the log: energy out comes before anything local.
    const off = isLeft ? Promise.resolve() : switchOff(context, logger);
    // Dismissed here: what the closing of the connection does to the running job must not decide it.
    if (isLeft) context.guardProcess?.end();
    logger.info({ reason }, 'arkeo-mcp ends');
    if (goesOn) logger.warn({ job: running?.id }, 'a measurement that was asked to go on is left running');
    // A safe_shutdown under way is not cut short either.
    const allOff = off.then(() => connection.shutdownsSettled());
    await Promise.race([allOff.catch((error: unknown) => logger.error({ err: error })), sleep(OFF_LIMIT_MS)]);
    const { switchedOn, unverified } = ownership;
    // Otherwise the pipe closes without a word, and the guard process goes on trying.
    if (switchedOn.length === 0) context.guardProcess?.end();
    if (switchedOn.length > 0)
      logger.error({ on: switchedOn }, 'LEFT SWITCHED ON: switch it off at the ARKEO');
    if (unverified.length > 0)
      logger.warn({ off: unverified.map(describeUnverified) }, 'switched off, which cannot be read back');
    const closing = [context.records.end(), context.close(), context.audit.flush(), closeTransport()];
    const closed = Promise.all(
      closing.map((one) => one.catch((error: unknown) => logger.error({ err: error }, 'closing failed'))),
    );
    await Promise.race([closed, sleep(CLOSE_LIMIT_MS)]);
    await leave(exitCode);
  }
}

/**
 * Switches off at once what this process switched on, beside the running measurement, which then gets a moment to keep
 * its data. A thing that could not be switched off is said, and stays in the record that the next server reads.
 */
async function switchOff(context: Context, logger: Logger): Promise<void> {
  const { connection, ownership, jobs } = context;
  const { running } = jobs;
  // Also voids what waits to be sent, so that nothing is switched on behind it.
  const isAnythingOn = ownership.ours.length > 0;
  const off = isAnythingOn ? safeShutdown(context, 'ours') : connection.shutdown(nothing);
  // A measurement that another server had started, and that this server only followed, is not this server's to stop.
  const own = running?.followsOnly === true ? undefined : running;
  own?.cancel();
  const steps = [...(await off)];
  await own?.wait(JOB_LIMIT_MS, new AbortController().signal);
  // Our window would be in the way of the next server, which cannot know whose it is.
  if (ownership.routine !== undefined) steps.push(...(await closeWindow(context, 'ours')));
  for (const { step, result, detail } of steps)
    if (result === 'FAILED') logger.error({ step, detail }, 'COULD NOT BE SWITCHED OFF');
}

const nothing = (): Promise<ShutdownStep[]> => Promise.resolve([]);
