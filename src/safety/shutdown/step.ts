import { ArkeoError, InstrumentError } from '../../errors.ts';
import type { InstrumentClient, SendOptions } from '../../instrument/client.ts';
import type { Ownership } from '../ownership.ts';

/** `ours`: what this server started or switched on. `everything`: also what others did. */
export type ShutdownScope = 'ours' | 'everything';

export interface ShutdownContext {
  scope: ShutdownScope;
  client: InstrumentClient;
  ownership: Ownership;
  send: SendOptions;
  /** The routine that is open, read once; null without one, undefined where it cannot be read. */
  openRoutine: () => Promise<string | null | undefined>;
}

/**
 * A kind of thing that can be on. `off` is sent for all kinds before any of them is read back, so that nothing that
 * could go off waits for a look.
 */
export interface Device {
  /** Sends what switches off; reads only what it cannot do without. */
  off: (step: Step, context: ShutdownContext) => Promise<void>;
  /** Reads back, and notes what became of it. */
  verify: (step: Step, context: ShutdownContext) => Promise<void>;
}

/** `left`: on, or perhaps on, but not ours, and the scope was ours. */
export type StepResult = 'done' | 'nothing to do' | 'left' | 'FAILED';

const WORST_FIRST: readonly StepResult[] = ['FAILED', 'left', 'done', 'nothing to do'];

/** One step under way: everything it touches is tried whatever became of the rest, and each is remembered. */
export class Step {
  readonly #details: Record<StepResult, string[]> = { FAILED: [], left: [], done: [], 'nothing to do': [] };

  note(result: StepResult, detail: string): void {
    this.#details[result].push(detail);
  }

  /** Takes over what another attempt at the same step noted. */
  add(other: Step): void {
    for (const result of WORST_FIRST) this.#details[result].push(...other.#details[result]);
  }

  /** Does one thing; a failure becomes a FAILED note. Returns what it returned, or undefined. */
  async try<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      this.note('FAILED', error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  /**
   * Reads a status. Where the instrument refuses it, there is no such device: that is a failure only if we
   * switched it on.
   */
  async read<T>(what: string, ours: boolean, act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      const absent = error instanceof InstrumentError && error.outcome === 'refused' && !ours;
      const message = error instanceof Error ? error.message : String(error);
      this.note(absent ? 'nothing to do' : 'FAILED', absent ? `${what} NOT READABLE (${message})` : message);
      return undefined;
    }
  }

  /** Nothing was noted: there was nothing to do, nor to look at. */
  get isSilent(): boolean {
    return Object.values(this.#details).every((details) => details.length === 0);
  }

  /** The worst of what was noted, with its details. */
  summary(): { result: StepResult; detail: string } {
    const result = WORST_FIRST.find((candidate) => this.#details[candidate].length > 0) ?? 'nothing to do';
    return { result, detail: this.#details[result].join('; ') };
  }
}

/** Whether a failure is the instrument saying that no routine is open. */
export function saysNoRoutine(error: unknown): boolean {
  return error instanceof ArkeoError && error.code === 4006;
}
