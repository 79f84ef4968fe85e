import type { Clock } from '../../clock.ts';
import type { RoutineStatus } from '../../instrument/routine-status.ts';
import type { Cleanups } from './cleanups.ts';
import { isUnderWay, type Lifecycle } from './phase.ts';
import { persistently } from './patience.ts';
import type { Session } from './session.ts';
import type { Switches } from './switches.ts';

/** A stop that nobody answers must not hold up switching off. */
const STOP_FIRST_MS = 1000;

export interface HaltOptions {
  lifecycle: Lifecycle;
  cleanups: Cleanups;
  switches: Switches;
  /** One that cannot be told to stop. */
  session: Session;
  clock: Clock;
}

/** Ends a measurement that is not left to end by itself. */
export class Halt {
  readonly #options: HaltOptions;
  #told = false;
  #problem: string | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(options: HaltOptions) {
    this.#options = options;
  }

  /** The instrument accepted the stop: what it measured ended early. */
  get told(): boolean {
    return this.#told;
  }

  /** Why it could not be stopped, as a sentence. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /**
   * At once, beside whatever hangs: tells what measures to stop, and right after it switches off what was switched on
   * for it. Never throws: what cannot be stopped is `problem`, what cannot be switched off is among the failures of the
   * cleanups.
   */
  now(): Promise<void> {
    this.#last = this.#last.then(() => this.#halt());
    return this.#last;
  }

  /** The same, and waits until nothing measures. Returns the status then, if it could be read. */
  async andWait(): Promise<RoutineStatus | undefined> {
    const { lifecycle, session } = this.#options;
    const wasUnderWay = isUnderWay(lifecycle.phase);
    await this.now();
    if (!wasUnderWay || this.#problem !== undefined) return undefined;
    try {
      return await session.untilStopped();
    } catch (error) {
      this.#problem = notStopped(error);
      return undefined;
    }
  }

  async #halt(): Promise<void> {
    const { lifecycle, cleanups, clock } = this.#options;
    const stopping = isUnderWay(lifecycle.phase) ? this.#stop() : Promise.resolve();
    await Promise.race([stopping, clock.pause(STOP_FIRST_MS)]);
    await cleanups.undoAtEnd();
    await stopping;
  }

  async #stop(): Promise<void> {
    const { session, switches, clock } = this.#options;
    try {
      const told = await persistently(clock, () => session.tellToStop());
      this.#told ||= told;
      this.#problem = undefined;
      switches.noteStopped();
    } catch (error) {
      this.#problem = notStopped(error);
    }
  }
}

function notStopped(error: unknown): string {
  return `IT COULD NOT BE STOPPED: ${error instanceof Error ? error.message : String(error)}`;
}
