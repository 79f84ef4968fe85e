import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError } from '../errors.ts';
import type { Call, Sent } from './call.ts';
import type { Exchange } from './exchange.ts';

/** Longest time that a hanging request may delay switching off. */
const PATIENCE_MS = 1000;
const REDIAL_MS = 50;

/** Access of the lane to its connection manager. */
export interface SafetyLaneHost {
  dial: (timeoutMs: number, signal?: AbortSignal) => Promise<Exchange>;
  /** True if there is a main socket that may be in the way. */
  mainAlive: () => boolean;
  takeTurn: (signal?: AbortSignal) => Promise<() => void>;
  dropMain: (reason: string) => void;
  request: (exchange: Exchange, call: Call) => Promise<Sent>;
  failed: (error: ConnectionError) => void;
}

/**
 * A socket of its own for switching off, which waits for no other request. If that socket is refused or stays
 * silent for a second, the socket of the hanging request is destroyed: an instrument that serves one client at
 * a time can then serve this one.
 */
export class SafetyLane {
  readonly #host: SafetyLaneHost;
  #exchange: Exchange | undefined;
  #dialling: Promise<Exchange> | undefined;

  constructor(host: SafetyLaneHost) {
    this.#host = host;
  }

  /** Connected, with no failure since. */
  get alive(): boolean {
    return this.#exchange?.alive === true;
  }

  /** Sends like ConnectionManager.send, but before all other requests. Nothing is sent twice. */
  async send(call: Call): Promise<Sent> {
    const exchange = await this.#connected(call.signal);
    const dropMain = setTimeout(
      () => this.#host.dropMain('destroyed, because switching off got no answer beside it'),
      PATIENCE_MS,
    );
    try {
      return await this.#host.request(exchange, call);
    } finally {
      clearTimeout(dropMain);
    }
  }

  close(): void {
    this.#exchange?.destroy('closed', 'the safety connection is no longer needed');
    this.#exchange = undefined;
  }

  /** Connects, if it is not connected; `send` does so too. */
  async open(): Promise<void> {
    await this.#connected(undefined);
  }

  async #connected(signal: AbortSignal | undefined): Promise<Exchange> {
    if (this.#exchange?.alive === true) return this.#exchange;
    this.#dialling ??= this.#dial(signal).finally(() => {
      this.#dialling = undefined;
    });
    return this.#dialling;
  }

  async #dial(signal: AbortSignal | undefined): Promise<Exchange> {
    try {
      this.#exchange = await this.#host.dial(PATIENCE_MS, signal);
    } catch (error) {
      if (signal?.aborted === true || !this.#host.mainAlive()) throw error;
      this.#exchange = await this.#dialInPlaceOfMain(signal);
    }
    return this.#exchange;
  }

  async #dialInPlaceOfMain(signal: AbortSignal | undefined): Promise<Exchange> {
    this.#host.dropMain('destroyed, because switching off could not get a connection beside it');
    const turn = await this.#host.takeTurn(signal);
    const until = performance.now() + PATIENCE_MS;
    try {
      for (;;) {
        try {
          return await this.#host.dial(PATIENCE_MS, signal);
        } catch (error) {
          // The instrument needs a moment to notice that the other connection is gone.
          if (performance.now() < until && signal?.aborted !== true) await sleep(REDIAL_MS);
          else {
            if (error instanceof ConnectionError) this.#host.failed(error);
            throw error;
          }
        }
      }
    } finally {
      turn();
    }
  }
}
