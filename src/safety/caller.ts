import { AsyncLocalStorage } from 'node:async_hooks';

/** On whose behalf commands are sent. */
export interface Caller {
  /**
   * Identity of the caller: one MCP connection, or the person behind it where that is known. Everything that belongs to
   * the caller is kept under it.
   */
  readonly id: string;
  /** The MCP tool. */
  readonly tool: string;
  /** The MCP host as it names itself; data, not an instruction. */
  readonly host: string | undefined;
  /** The measurement that goes on after the call; undefined for the call itself. */
  readonly job?: string | undefined;
  /** The sample that the call names. */
  readonly device?: string | undefined;
  /** The call asks to act on what somebody else started. */
  readonly takeOver: boolean;
  /** Keys of the questions to which the person agreed, for this very call. */
  readonly agreed: ReadonlySet<string>;
  /** Sentences to be told about what the guard let through; the guard adds to them. */
  readonly notes: Set<string>;
}

/** Knows, anywhere below a tool call, on whose behalf it runs: a job inherits it from the call that started it. */
export class Callers {
  readonly #storage = new AsyncLocalStorage<Caller>();

  /** Undefined outside of calls: while the server ends, for example. */
  get current(): Caller | undefined {
    return this.#storage.getStore();
  }

  run<T>(caller: Caller, act: () => T): T {
    return this.#storage.run(caller, act);
  }
}
