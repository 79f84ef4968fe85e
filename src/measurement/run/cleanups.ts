import { ArkeoError } from '../../errors.ts';

interface Cleanup {
  what: string;
  act: () => Promise<unknown>;
}

/** What has to be undone at the end of a measurement, whatever becomes of it: last in, first out, each thing once. */
export class Cleanups {
  #pending: Cleanup[] = [];

  /** Does something that has to be undone. What the instrument refused need not be undone. */
  async doAndUndo(act: () => Promise<unknown>, what: string, undo: () => Promise<unknown>): Promise<void> {
    const known = this.#pending.find((cleanup) => cleanup.what === what);
    const cleanup = known ?? { what, act: undo };
    if (known === undefined) this.#pending.push(cleanup);
    try {
      await act();
    } catch (error) {
      // What was done before this is still to be undone.
      if (known === undefined && error instanceof ArkeoError && error.outcome !== 'unknown')
        this.#remove(cleanup);
      throw error;
    }
  }

  /** Undoes everything now. Throws at the first that fails, which is then tried again at the end. */
  async undoNow(): Promise<void> {
    for (const cleanup of this.#pending.toReversed()) {
      await cleanup.act();
      this.#remove(cleanup);
    }
  }

  /** Undoes everything, and returns what could not be undone, one sentence each. */
  async undoAtEnd(): Promise<string[]> {
    const failures: string[] = [];
    for (const { what, act } of this.#pending.splice(0).toReversed()) {
      try {
        await act();
      } catch (error) {
        failures.push(`${what} FAILED: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return failures;
  }

  #remove(cleanup: Cleanup): void {
    this.#pending = this.#pending.filter((other) => other !== cleanup);
  }
}
