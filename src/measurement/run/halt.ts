import { setTimeout as sleep } from 'node:timers/promises';
import type { RoutineStatus } from '../../instrument/routine-status.ts';
import { persistently } from './patience.ts';
import type { Run } from './run.ts';
import type { Session } from './session.ts';

/** A stop that nobody answers must not hold up switching off. */
const STOP_FIRST_MS = 1000;

/** What ends a measurement that is not left to end by itself. Its session is none that can be told to stop. */
export class Halt {
  readonly #run: Run;
  readonly #session: Session;
  #told = false;
  #last: Promise<void> = Promise.resolve();

  constructor(run: Run, session: Session) {
    this.#run = run;
    this.#session = session;
  }

  /** The instrument took the word: what it measured ended early. */
  get told(): boolean {
    return this.#told;
  }

  /**
   * At once, beside whatever hangs: tells what measures to stop, and right after it switches off what was switched on
   * for it. Never throws: what cannot be done is among the alarms of the run.
   */
  now(): Promise<void> {
    this.#last = this.#last.then(() => this.#halt());
    return this.#last;
  }

  /** The same, and waits until nothing measures. Returns the status then, if it could be read. */
  async andWait(): Promise<RoutineStatus | undefined> {
    const { measuring } = this.#run;
    await this.now();
    if (!measuring || this.#run.notStopped !== undefined) return undefined;
    try {
      return await this.#session.untilStopped();
    } catch (error) {
      this.#run.notStopped = notStopped(error);
      return undefined;
    }
  }

  async #halt(): Promise<void> {
    const stopping = this.#run.measuring ? this.#stop() : Promise.resolve();
    await Promise.race([stopping, sleep(STOP_FIRST_MS)]);
    await this.#run.cleanUp();
    await stopping;
  }

  async #stop(): Promise<void> {
    try {
      const told = await persistently(() => this.#session.tellToStop());
      this.#told ||= told;
      this.#run.noteStopped();
      this.#run.notStopped = undefined;
    } catch (error) {
      this.#run.notStopped = notStopped(error);
    }
  }
}

function notStopped(error: unknown): string {
  return `IT COULD NOT BE STOPPED: ${error instanceof Error ? error.message : String(error)}`;
}
