import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod';
import type { ConnectionManager } from '../../connection/connection-manager.ts';
import { ArkeoError, InputError, InstrumentError } from '../../errors.ts';
import type { CommandReply, InstrumentClient } from '../../instrument/client.ts';
import type { Command } from '../../instrument/command.ts';
import { commands } from '../../instrument/commands/index.ts';
import { differences } from '../../instrument/differences.ts';
import { quote } from '../../instrument/quote.ts';
import { findRoutine } from '../../instrument/routines/index.ts';
import { isMeasuring, type RoutineStatus } from '../../instrument/routine-status.ts';
import { sameRoutine } from '../../instrument/routine-name.ts';
import type { Ownership } from '../../safety/ownership.ts';
import type { Settings } from '../arguments/settings-path.ts';
import { Stopped } from './stopped.ts';

const { MAIN, ROUTINE } = commands;

const READY_DEADLINE_MS = 60_000;
const CLOSE_DEADLINE_MS = 15_000;
const STOP_DEADLINE_MS = 20_000;
const WAIT_POLL_MS = 40;

export interface SessionOptions {
  client: InstrumentClient;
  connection: ConnectionManager;
  ownership: Ownership;
  /** Aborts when the measurement is told to stop. */
  stop: AbortSignal;
}

/**
 * What a measurement does with the open routine, step by step. Its writes belong to the time in which it was
 * made: after a safe_shutdown they are refused. Between steps it gives way to being stopped, by throwing Stopped.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #epoch: number;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#epoch = options.connection.epoch;
  }

  /** Whether a safe_shutdown came in between: it stopped what this session measures. */
  get shutDown(): boolean {
    return this.#options.connection.epoch !== this.#epoch;
  }

  send<P extends z.ZodObject, R>(command: Command<P, R>, args: z.input<P>): Promise<R> {
    this.throwIfStopped();
    return this.#options.client.send(command, args, { epoch: this.#epoch });
  }

  call<P extends z.ZodObject, R>(command: Command<P, R>, args: z.input<P>): Promise<CommandReply> {
    this.throwIfStopped();
    return this.#options.client.call(command, args, { epoch: this.#epoch });
  }

  /** A read of what the instrument may not have: undefined where it refuses. */
  async look<R>(command: Command<z.ZodObject, R>): Promise<R | undefined> {
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
    await sleep(ms, undefined, { signal: this.#options.stop }).catch(() => this.throwIfStopped());
  }

  /** Opens the routine's window, or uses the one that is open and idle, and waits until it is Ready. */
  async open(name: string): Promise<void> {
    const { routine: active } = await this.send(MAIN.GetActiveRoutine, {});
    if (active !== null) await this.#requireIdle(active);
    if (active !== null && !isRoutine(active, name)) await this.#closeOurs(active, name);
    if (active === null || !isRoutine(active, name))
      await this.call(MAIN.StartRoutine, { routine: await this.#listedName(name) });
    await this.#waitForReady(name);
  }

  /** Settings in force; undefined for a routine that has none, as some older ones. */
  async settings(): Promise<Settings | undefined> {
    try {
      return (await this.send(ROUTINE.GetSettings, {})).settings;
    } catch (error) {
      if (error instanceof InstrumentError && error.outcome === 'refused') return undefined;
      throw error;
    }
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
      command: 'ApplySettings',
      hint: 'Nothing was measured. Ask for values that this instrument takes, or for what is in force. The oldest software wants the server started with --parameter-key params.',
    });
  }

  async status(): Promise<RoutineStatus> {
    return this.#options.client.send(ROUTINE.GetTestStatus, {});
  }

  /** Stops the measurement, whatever else is going on, and waits until it has stopped. */
  async stop(): Promise<void> {
    const { client } = this.#options;
    try {
      await client.call(ROUTINE.StopMeasurement, {});
    } catch (error) {
      // It ended by itself in the meantime.
      if (!(error instanceof InstrumentError) || error.outcome !== 'refused') throw error;
    }
    const deadline = performance.now() + STOP_DEADLINE_MS;
    while (isMeasuring(await this.#statusOnceOpen('the routine'))) {
      if (performance.now() > deadline)
        throw new InstrumentError('the instrument still measures 20 s after it was told to stop', {
          code: 'not_stopped',
          outcome: 'unknown',
          hint: 'Call safe_shutdown, and tell the person at the ARKEO.',
        });
      await sleep(WAIT_POLL_MS);
    }
  }

  async #requireIdle(active: string): Promise<void> {
    const status = await this.status();
    if (!isMeasuring(status)) return;
    throw new InputError(
      `a measurement is ${status.status} in ${quote(active)}, and it was not started by this measurement`,
      {
        code: 'instrument_busy',
        hint: 'Wait until instrument_status shows Ready. routine_stop_measurement stops it, but only if it is yours or the person agrees.',
      },
    );
  }

  /** Another routine's window makes room only if this server opened it. */
  async #closeOurs(active: string, wanted: string): Promise<void> {
    const { routine: ours } = this.#options.ownership;
    if (ours === undefined || !isRoutine(active, ours)) {
      throw new InputError(
        `${wanted} cannot be opened: the window of ${quote(active)} is open, and this server did not open it`,
        {
          code: 'window_not_ours',
          hint: 'One window is open at a time. Ask the person to close it at the ARKEO; if they agree that you do it: routine_close_routine.',
        },
      );
    }
    await this.call(ROUTINE.CloseRoutine, {});
    const deadline = performance.now() + CLOSE_DEADLINE_MS;
    while ((await this.send(MAIN.GetActiveRoutine, {})).routine !== null) {
      if (performance.now() > deadline)
        throw new InstrumentError(`${quote(active)} was told to close, but is still open after 15 s`, {
          code: 'not_closed',
          outcome: 'unknown',
          hint: 'Call instrument_status; somebody may have to answer a question at the ARKEO screen.',
        });
      await this.pause(WAIT_POLL_MS);
    }
  }

  /** As this instrument lists it; its own name where it is not listed, since some lists are short. */
  async #listedName(name: string): Promise<string> {
    try {
      const { routines } = await this.send(MAIN.GetAvailableRoutines, {});
      return routines.find((listed) => isRoutine(listed, name)) ?? name;
    } catch (error) {
      if (error instanceof InstrumentError) return name;
      throw error;
    }
  }

  async #waitForReady(name: string): Promise<void> {
    const deadline = performance.now() + READY_DEADLINE_MS;
    for (;;) {
      const { status, error } = await this.#statusOnceOpen(name);
      if (status === 'Ready') return;
      if (status === 'Error')
        throw new InstrumentError(`${name} is in error: ${quote(error ?? 'no reason given')}`, {
          code: 'routine_error',
          outcome: 'refused',
          hint: 'Find the reason at the ARKEO, then call routine_clear_errors and measure again.',
        });
      if (performance.now() > deadline)
        throw new InstrumentError(`${name} is ${quote(status)} and not Ready after 60 s`, {
          code: 'not_ready',
          outcome: 'unknown',
          hint: 'Call instrument_status; somebody may have to answer a question at the ARKEO screen.',
        });
      await this.pause(WAIT_POLL_MS);
    }
  }

  /** While a window opens, some software says that there is none: it does not measure either way. */
  async #statusOnceOpen(name: string): Promise<RoutineStatus> {
    try {
      return await this.status();
    } catch (error) {
      if (error instanceof ArkeoError && error.code === 4006)
        return {
          status: 'Initializing',
          name: undefined,
          progress: undefined,
          error: `${name} is not open`,
        };
      throw error;
    }
  }
}

/** Whether both names mean one routine, by any of its aliases. */
export function isRoutine(a: string, b: string): boolean {
  return sameRoutine(a, b) || (findRoutine(a) !== undefined && findRoutine(a) === findRoutine(b));
}
