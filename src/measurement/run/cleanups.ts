import { ArkeoError } from '../../errors.ts';
import { persistently } from './patience.ts';

interface Cleanup {
  what: string;
  act: () => Promise<unknown>;
  /** What has to be undone is on its way: undoing it now does not count. */
  underWay: boolean;
}

/** What has to be undone at the end of a measurement, whatever becomes of it: last in, first out. */
export class Cleanups {
  #pending: Cleanup[] = [];
  readonly #failures = new Map<string, string>();

  /** What could not be undone so far, one sentence each. */
  get failures(): string[] {
    return [...this.#failures.values()];
  }

  /** Does something that has to be undone. What the instrument refused need not be undone. */
  async doAndUndo(act: () => Promise<unknown>, what: string, undo: () => Promise<unknown>): Promise<void> {
    const known = this.#pending.find((cleanup) => cleanup.what === what);
    const cleanup = known ?? { what, act: undo, underWay: false };
    if (known === undefined) this.#pending.push(cleanup);
    cleanup.underWay = true;
    try {
      await act();
    } catch (error) {
      // What was done before this is still to be undone.
      if (known === undefined && error instanceof ArkeoError && error.outcome !== 'unknown')
        this.#remove(cleanup);
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
        await (this.#failures.has(what) ? act() : persistently(act));
        this.#done(cleanup);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#failures.set(what, `${what} FAILED: ${reason}`);
      }
    }
  }

  #done(cleanup: Cleanup): void {
    this.#failures.delete(cleanup.what);
    if (!cleanup.underWay) this.#remove(cleanup);
  }

  #remove(cleanup: Cleanup): void {
    this.#pending = this.#pending.filter((other) => other !== cleanup);
  }
}
