import type * as z from 'zod';
import type { Clock } from '../../clock.ts';
import type { ConnectionManager } from '../../connection/connection-manager.ts';
import { ArkeoError, InstrumentError } from '../../errors.ts';
import type { CommandReply, InstrumentClient, SendOptions } from '../../instrument/client.ts';
import type { Command } from '../../instrument/command.ts';
import { commands } from '../../instrument/commands/index.ts';
import { differences } from '../../text/differences.ts';
import { isMeasuring, type RoutineStatus } from '../../instrument/routine-status.ts';
import type { Settings } from '../../instrument/settings.ts';
import { Stopped } from './stopped.ts';

const { ROUTINE } = commands;

const STOP_DEADLINE_MS = 20_000;
const POLL_MS = 40;

export interface SessionOptions {
  client: InstrumentClient;
  connection: ConnectionManager;
  clock: Clock;
  /** Aborts when the measurement is told to stop. */
  stop: AbortSignal;
}

/**
 * Sends the commands of a measurement, step by step. Its writes belong to the time in which it was made: after a
 * safe_shutdown they are refused. Being told to stop ends a read that hangs, and shows between steps, by throwing
 * Stopped.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #epoch: number;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#epoch = options.connection.epoch;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  /** Whether a safe_shutdown came in between: it stopped what this session measures. */
  get shutDown(): boolean {
    return this.#options.connection.epoch !== this.#epoch;
  }

  send<P extends z.ZodObject, R>(command: Command<P, R>, args: z.input<P>): Promise<R> {
    this.throwIfStopped();
    return this.#options.client.send(command, args, this.#sendOptions(command));
  }

  call<P extends z.ZodObject, R>(command: Command<P, R>, args: z.input<P>): Promise<CommandReply> {
    this.throwIfStopped();
    return this.#options.client.call(command, args, this.#sendOptions(command));
  }

  /** A read of what the instrument may not have: undefined where it refuses. */
  async readOptional<R>(command: Command<z.ZodObject, R>): Promise<R | undefined> {
    try {
      return await this.send(command, {});
    } catch (error) {
      if (error instanceof InstrumentError && error.outcome === 'refused') return undefined;
      throw error;
    }
  }

  throwIfStopped(): void {
    if (this.#options.stop.aborted) throw new Stopped();
  }

  /** Waits, and throws Stopped as soon as it is told to stop. */
  async pause(ms: number): Promise<void> {
    this.throwIfStopped();
    await this.clock.pause(ms, this.#options.stop);
    this.throwIfStopped();
  }

  /** Settings in force; undefined for a routine that has none, as some older ones. */
  async settings(): Promise<Settings | undefined> {
    return (await this.readOptional(ROUTINE.GetSettings))?.settings;
  }

  /** Applies settings and reads them back. Throws InstrumentError where they are not in force afterwards. */
  async apply(settings: Settings): Promise<Settings> {
    await this.call(ROUTINE.ApplySettings, { settings: { ...settings } });
    const inForce = (await this.send(ROUTINE.GetSettings, {})).settings;
    const wrong = differences(settings, inForce);
    if (wrong.length === 0) return inForce;
    throw new InstrumentError(`the settings were accepted, but are not in force: ${wrong.join('; ')}`, {
      code: 'settings_not_applied',
      outcome: 'refused',
      target: 'ROUTINE',
      command: ROUTINE.ApplySettings.name,
      hint: 'Ask for values that this instrument takes, or for what is in force. The oldest software wants the server started with --parameter-key params.',
    });
  }

  status(): Promise<RoutineStatus> {
    return this.send(ROUTINE.GetTestStatus, {});
  }

  /** The status; while a window opens, some software says that there is none: it does not measure either way. */
  async statusOnceOpen(name: string): Promise<RoutineStatus> {
    try {
      return await this.status();
    } catch (error) {
      if (!(error instanceof ArkeoError) || error.code !== 4006) throw error;
      return { status: 'Initializing', name: undefined, progress: undefined, error: `${name} is not open` };
    }
  }

  /** Tells the measurement to stop, past whatever is waiting. False where the instrument says that none runs. */
  async tellToStop(): Promise<boolean> {
    try {
      await this.#options.client.call(ROUTINE.StopMeasurement, {});
      return true;
    } catch (error) {
      if (error instanceof InstrumentError && error.outcome === 'refused') return false;
      throw error;
    }
  }

  /** Waits until nothing measures any more. Throws InstrumentError where it goes on for 20 s. */
  async untilStopped(): Promise<RoutineStatus> {
    const deadline = this.clock.now() + STOP_DEADLINE_MS;
    for (;;) {
      const status = await this.statusOnceOpen('the routine');
      if (!isMeasuring(status)) return status;
      if (this.clock.now() > deadline)
        throw new InstrumentError('the instrument still measures 20 s after it was told to stop', {
          code: 'not_stopped',
          outcome: 'unknown',
          hint: 'Call safe_shutdown, and tell the person at the ARKEO.',
        });
      await this.pause(POLL_MS);
    }
  }

  /** Only a read is given up half-way: what became of anything else has to be known. */
  #sendOptions({ kind }: Pick<Command, 'kind'>): SendOptions {
    return { epoch: this.#epoch, ...(kind === 'read' ? { signal: this.#options.stop } : {}) };
  }
}
