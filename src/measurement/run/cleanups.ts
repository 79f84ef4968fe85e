import type { Clock } from '../../clock.ts';
import { ArkeoError } from '../../errors.ts';
import type { SwitchedOn } from '../../archive/applied.ts';
import { persistently } from './patience.ts';
import type { Switches, Switching } from './switches.ts';

interface Cleanup {
  what: string;
  act: () => Promise<unknown>;
  /** The act that is undone by it is on its way: undoing it now does not count. */
  underWay: boolean;
  /** Entry in the list of what is on. */
  entry: SwitchedOn | undefined;
}

/** An act that has to be undone at the end of a measurement. */
export interface Undoable {
  act: () => Promise<unknown>;
  /** The undoing in words: "switching the laser off". Two acts with the same words are undone once. */
  what: string;
  undo: () => Promise<unknown>;
  /** Things that the act switches on. */
  switching?: Switching;
}

/** Keeps what has to be undone at the end of a measurement, whatever becomes of it: last in, first out. */
export class Cleanups {
  readonly #switches: Switches;
  readonly #clock: Clock;
  #pending: Cleanup[] = [];
  readonly #failures = new Map<string, string>();

  constructor(switches: Switches, clock: Clock) {
    this.#switches = switches;
    this.#clock = clock;
  }

  /** Acts that could not be undone so far, one sentence each. */
  get failures(): string[] {
    return [...this.#failures.values()];
  }

  /** Does something that has to be undone. An act that the instrument refused need not be undone. */
  async withUndo({ act, what, undo, switching }: Undoable): Promise<void> {
    const known = this.#pending.find((cleanup) => cleanup.what === what);
    const cleanup = known ?? { what, act: undo, underWay: false, entry: undefined };
    if (known === undefined) this.#pending.push(cleanup);
    const before = cleanup.entry;
    const detail = before?.detail ?? '';
    if (switching !== undefined) {
      if (before === undefined) cleanup.entry = this.#switches.on(switching);
      else this.#switches.change(before, switching);
    }
    cleanup.underWay = true;
    try {
      await act();
    } catch (error) {
      // An act before this one is still to be undone.
      if (error instanceof ArkeoError && error.outcome !== 'unknown') {
        if (known === undefined) this.#remove(cleanup);
        if (before !== undefined) before.detail = detail;
        else if (cleanup.entry !== undefined) this.#switches.forget(cleanup.entry);
      }
      throw error;
    } finally {
      cleanup.underWay = false;
    }
  }

  /** Undoes everything now. Throws at the first that fails, which is then tried again at the end. */
  async undoNow(): Promise<void> {
    for (const cleanup of this.#pending.toReversed()) {
      await cleanup.act();
      this.#done(cleanup);
    }
  }

  /** Undoes everything, for a minute where the network is away. What fails is in `failures`, and tried again next time. */
  async undoAtEnd(): Promise<void> {
    for (const cleanup of this.#pending.toReversed()) {
      const { what, act } = cleanup;
      try {
        await (this.#failures.has(what) ? act() : persistently(this.#clock, act));
        this.#done(cleanup);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#failures.set(what, `${what} FAILED: ${reason}`);
        if (cleanup.entry !== undefined) this.#switches.off(cleanup.entry, 'failed');
      }
    }
  }

  #done(cleanup: Cleanup): void {
    this.#failures.delete(cleanup.what);
    // Its answer is all there is: neither a laser nor the output can be read back.
    if (cleanup.entry !== undefined) this.#switches.off(cleanup.entry, 'acknowledged');
    if (!cleanup.underWay) this.#remove(cleanup);
  }

  #remove(cleanup: Cleanup): void {
    this.#pending = this.#pending.filter((other) => other !== cleanup);
  }
}
