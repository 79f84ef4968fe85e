import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandObserver, WrittenCommand } from '../../instrument/command-observer.ts';
import type { Logger } from '../../logger.ts';
import { turnedBy } from '../turned.ts';
import { END } from './lines.ts';
import type { Begin, SentState } from './messages.ts';

/** A process that was started, as much as is needed of it. */
export interface Child {
  /** Writes to its standard input at once. */
  tell: (line: string) => void;
  /** Resolves when it is there. Rejects when it could not be started. */
  ready: Promise<void>;
  /** Resolves when it has ended. */
  ended: Promise<void>;
  /** Closes its standard input. */
  close: () => void;
}

export interface GuardProcessOptions {
  /** Starts a guard process that outlives this one, and its group. */
  start: () => Child;
  begin: Omit<Begin, 'type'>;
  state: () => Omit<SentState, 'type'>;
  /** Told to whoever the command is for. */
  note: (sentence: string) => void;
  logger: Logger;
}

/** Starting takes a fraction of it. */
const READY_WITHIN_MS = 1000;
/** It is kept a little, so that light that is switched in turns starts none each time. */
const LINGER_MS = 10_000;
/** Interval between looks at what changes without a command. */
const LOOK_MS = 1000;
/** A guard process that ends so often while its server lives is not started again. */
const MOST_DEATHS = 3;
/** Sentence for whoever has something on without a guard process. */
export const NO_GUARD_PROCESS =
  'no guard process could be started: what is switched on stays on if this server is killed before it ends in order';

/**
 * Keeps a small process beside this one while anything is on. That process is told every change over a pipe before the
 * command is written, and switches off when the pipe closes without a word: hosts kill a server within half a second.
 */
export class GuardProcess {
  readonly #options: GuardProcessOptions;
  #child: Child | undefined;
  #starting: Promise<void> | undefined;
  #told = '';
  #deaths = 0;
  #hasEnded = false;
  #idleSince: number | undefined;
  #looking: NodeJS.Timeout | undefined;

  constructor(options: GuardProcessOptions) {
    this.#options = options;
  }

  /** Resolves when the command may be written: where it switches something on, with a guard process there. Never throws. */
  async before({ effects }: Pick<WrittenCommand, 'effects'>): Promise<void> {
    const nowhere = { routine: undefined, controller: undefined };
    if (!effects.some((effect) => turnedBy(effect, nowhere)?.on === true)) return;
    this.#idleSince = undefined;
    if (this.#child === undefined) this.#start();
    await this.#settled();
    if (this.#child === undefined) this.#options.note(NO_GUARD_PROCESS);
  }

  /** Something is on, and no guard process would switch it off if this server were killed. */
  get isMissing(): boolean {
    return this.#child === undefined && !this.#hasEnded && this.#options.state().on.length > 0;
  }

  /** Tells what the command turns, before it is written, and what became of it. */
  readonly observe: CommandObserver = () => {
    this.#tell();
    return () => this.#tell();
  };

  /** This server ends in order: there is nothing for the guard process to do. */
  end(): void {
    this.#hasEnded = true;
    this.#dismiss();
  }

  /** Resolves when the last one that was started is there: while one starts it may end, and another takes its place. */
  async #settled(): Promise<void> {
    for (let awaited; awaited !== this.#starting; ) {
      awaited = this.#starting;
      await awaited;
    }
  }

  #start(): void {
    if (this.#hasEnded || this.#deaths >= MOST_DEATHS) return;
    this.#looking ??= setInterval(() => this.#look(), LOOK_MS).unref();
    const { start, begin, logger } = this.#options;
    let child: Child;
    try {
      child = start();
    } catch (error) {
      this.#deaths++;
      logger.error({ err: error }, NO_GUARD_PROCESS);
      return;
    }
    this.#child = child;
    child.tell(line({ type: 'begin', ...begin }));
    this.#told = '';
    this.#tell();
    void child.ended.then(() => this.#noteDeath(child));
    this.#starting = this.#untilReady(child);
  }

  async #untilReady(child: Child): Promise<void> {
    const late = sleep(READY_WITHIN_MS, 'late' as const, { ref: false });
    try {
      if ((await Promise.race([child.ready, late])) === 'late')
        // The lines that were told wait in its pipe all the same.
        this.#options.logger.warn('the guard process takes long to start');
    } catch (error) {
      this.#options.logger.error({ err: error }, NO_GUARD_PROCESS);
      if (this.#child === child) this.#child = undefined;
    }
  }

  #tell(): void {
    const state: SentState = { type: 'state', ...this.#options.state() };
    // A command that waited long to be written finds that the guard process was dismissed meanwhile.
    if (this.#child === undefined && state.on.length > 0) this.#start();
    this.#idleSince = state.on.length > 0 ? undefined : (this.#idleSince ?? performance.now());
    if (this.#child === undefined) return;
    const text = line(state);
    if (text === this.#told) return;
    this.#told = text;
    this.#child.tell(text);
  }

  #look(): void {
    this.#tell();
    if (this.#idleSince !== undefined && performance.now() - this.#idleSince > LINGER_MS) this.#dismiss();
  }

  #dismiss(): void {
    this.#deaths = 0;
    clearInterval(this.#looking);
    this.#looking = undefined;
    this.#idleSince = undefined;
    const child = this.#child;
    this.#child = undefined;
    child?.tell(`${END}\n`);
    child?.close();
  }

  /** Somebody ended it. What is on needs another one. */
  #noteDeath(child: Child): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#deaths++;
    this.#options.logger.warn({ times: this.#deaths }, 'the guard process has ended unasked');
    if (this.#options.state().on.length > 0) this.#start();
  }
}

function line(message: Begin | SentState): string {
  return `${JSON.stringify(message)}\n`;
}
