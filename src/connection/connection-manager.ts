import { randomInt } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { ConnectionError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Request } from '../protocol/envelope.ts';
import { Backoff } from './backoff.ts';
import type { Call, Sent } from './call.ts';
import { connect, type Endpoint } from './connector.ts';
import { type Answer, Exchange } from './exchange.ts';
import { abortable, cancelledError, closedError, overtakenError } from './not-sent.ts';
import { RequestIds } from './request-ids.ts';
import { RequestQueue } from './request-queue.ts';
import { SafetyLane } from './safety-lane.ts';

export interface ConnectionOptions {
  /** Address for messages to people; `endpoint` returns the address to dial. */
  address: string;
  tls: boolean;
  /** The IP address where the instrument was before; undefined where that is not known. */
  lastAddress?: string | undefined;
  /** Called before each dial, so that the simulator can be started on first use. */
  endpoint: () => Promise<Endpoint>;
  connectTimeoutMs: number;
  maxReplyBytes: number;
  /** A read that proves the connection alive; it goes before any non-read after `afterMs` of silence. */
  probe: { request: Request; afterMs: number; timeoutMs: number };
  logger: Logger;
  /** Name of the simulator that certainly answers, known before its first reply. */
  simulator?: string | undefined;
}

export interface ConnectionStatus {
  state: 'not_connected' | 'connecting' | 'connected';
  address: string;
  tls: boolean;
  /**
   * The last peer that answered: the name of a simulator, null for an instrument, undefined before any reply.
   */
  simulator: string | null | undefined;
  waiting: number;
  lastError: { code: string; message: string; at: Date } | undefined;
}

const QUEUE_LIMIT = 64;

/**
 * The only connection to the instrument. Dials on first use, once for all callers; keeps one request in flight;
 * redials after any failure; retries a lost read once and nothing else ever.
 */
export class ConnectionManager {
  readonly #options: ConnectionOptions;
  readonly #queue = new RequestQueue(QUEUE_LIMIT);
  readonly #backoff = new Backoff({
    firstMs: 100,
    maxMs: 3000,
    random: () => randomInt(1 << 30) / (1 << 30),
    now: monotonicMs,
  });
  readonly #ids = new RequestIds(randomInt(1, 1 << 30));
  #exchange: Exchange | undefined;
  #dialling: Promise<Exchange> | undefined;
  #simulator: string | null | undefined;
  #lastError: ConnectionStatus['lastError'];
  #lastAddress: string | undefined;
  #closed = false;
  #epoch = 0;
  readonly #shutdowns = new Set<Promise<unknown>>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#simulator = options.simulator;
    this.#lastAddress = options.lastAddress;
  }

  status(): ConnectionStatus {
    const { address, tls } = this.#options;
    return {
      state: this.#dialling ? 'connecting' : this.#exchange?.alive === true ? 'connected' : 'not_connected',
      address,
      tls,
      simulator: this.#simulator,
      waiting: this.#queue.length,
      lastError: this.#lastError,
    };
  }

  /** The IP address where the instrument was last; undefined before the first connection. */
  get lastAddress(): string | undefined {
    return this.#lastAddress;
  }

  /**
   * Counts the shutdowns: a caller notes the count when it begins, and its writes are void once the count has
   * changed.
   */
  get epoch(): number {
    return this.#epoch;
  }

  /**
   * True if switching off should use a socket of its own: the main socket is in use, or silent for so long that
   * it may be dead.
   */
  get wantsSafetyLane(): boolean {
    return this.#queue.busy || (this.#exchange?.silentMs ?? 0) > this.#options.probe.afterMs;
  }

  /** Sends one request and resolves with its reply, success or error alike. Throws ConnectionError. */
  async send(call: Call): Promise<Sent> {
    if (call.kind === 'safety' && this.wantsSafetyLane) return this.#sendBeside(call);
    const release = await this.#queue.acquire(call.kind === 'safety' ? 'safety' : 'normal', call.signal);
    try {
      return await this.#sendWithRetry(call);
    } finally {
      release();
    }
  }

  /** Opens a connection for switching off that waits for no other request. The caller closes it. */
  openSafetyLane(): SafetyLane {
    return new SafetyLane({
      dial: (timeoutMs, signal) => this.#dialKnown(timeoutMs, signal),
      mainAlive: () => this.#exchange?.alive === true,
      takeTurn: (signal) => this.#queue.acquire('safety', signal),
      dropMain: (reason) => this.#exchange?.destroy('safe_shutdown', reason),
      request: (exchange, call) => this.#write(exchange, call),
      failed: (error) => this.#noteFailure(error),
    });
  }

  /**
   * One more way, for what need not wait for the rest of a shutdown. It stands in nobody's way: where it is refused or
   * not answered, it fails. The caller closes it.
   */
  openExtraLane(): SafetyLane {
    return new SafetyLane({
      dial: (timeoutMs, signal) => this.#dialKnown(timeoutMs, signal),
      mainAlive: () => false,
      takeTurn: (signal) => this.#queue.acquire('safety', signal),
      dropMain: () => undefined,
      request: (exchange, call) => this.#write(exchange, call),
      failed: (error) => this.#noteFailure(error),
    });
  }

  /**
   * Runs a shutdown. From its beginning to its end only reads are written besides it, and callers that began
   * before it write nothing after it: they would switch on again what was just switched off.
   */
  async shutdown<T>(act: (lane: SafetyLane) => Promise<T>): Promise<T> {
    this.#epoch++;
    this.#queue.rejectWaiting(overtakenError());
    const lane = this.openSafetyLane();
    const running = act(lane).finally(() => lane.close());
    this.#shutdowns.add(running);
    try {
      return await running;
    } finally {
      this.#shutdowns.delete(running);
    }
  }

  /** Resolves when no shutdown is running, whatever its result. */
  async shutdownsSettled(): Promise<void> {
    await Promise.allSettled(this.#shutdowns);
  }

  /** Closes the socket for good. A request in flight fails with outcome `unknown`. */
  close(): void {
    this.#closed = true;
    this.#queue.rejectWaiting(closedError());
    this.#exchange?.destroy('closed', 'the connection was closed because arkeo-mcp ends');
  }

  async #sendBeside(call: Call): Promise<Sent> {
    const lane = this.openSafetyLane();
    try {
      return await lane.send(call);
    } finally {
      lane.close();
    }
  }

  async #sendWithRetry(call: Call): Promise<Sent> {
    try {
      return await this.#sendOnce(call);
    } catch (error) {
      const lost = error instanceof ConnectionError && error.outcome === 'unknown' ? error : undefined;
      const again = lost?.code === 'connection_lost' || lost?.code === 'bad_reply';
      if (call.kind !== 'read' || !again) throw error;
      this.#options.logger.warn(
        { ...describe(call.request), err: lost.message },
        'read lost, trying once more',
      );
      return this.#sendAgain(call, lost);
    }
  }

  /** If the request is not sent again, the error still reports the first sending. */
  async #sendAgain(call: Call, lost: ConnectionError): Promise<Sent> {
    try {
      return await this.#sendOnce(call);
    } catch (error) {
      if (!(error instanceof ConnectionError) || error.outcome !== 'not_sent') throw error;
      const { code, hint, message } = error;
      throw new ConnectionError(
        `${lost.message}, and it could not be asked again: ${message}`,
        { code, outcome: 'unknown', hint },
        { cause: error },
      );
    }
  }

  async #sendOnce(call: Call): Promise<Sent> {
    let exchange = await this.#connected(call.signal);
    if (call.kind === 'write' && exchange.silentMs > this.#options.probe.afterMs) {
      exchange = await this.#proveAlive(exchange, call);
    }
    return this.#request(exchange, call);
  }

  /** Sends a harmless read after a long silence, to find out whether the connection is dead. */
  async #proveAlive(exchange: Exchange, call: Call): Promise<Exchange> {
    const { request, timeoutMs } = this.#options.probe;
    try {
      await this.#request(exchange, {
        ...call,
        request,
        timeoutMs,
        kind: 'read',
        beforeWrite: undefined,
        onWritten: undefined,
      });
      return exchange;
    } catch (error) {
      if (call.signal?.aborted === true) {
        throw cancelledError('before its command was sent');
      }
      this.#options.logger.warn(
        { err: error },
        'the connection was dead after a long silence, dialling again',
      );
      return this.#connected(call.signal);
    }
  }

  /** Writes on the main socket, unless a shutdown came first. */
  #request(exchange: Exchange, call: Call): Promise<Sent> {
    const overtaken = this.#shutdowns.size > 0 || (call.epoch !== undefined && call.epoch !== this.#epoch);
    if (call.kind === 'write' && overtaken) throw overtakenError();
    return this.#write(exchange, call);
  }

  async #write(exchange: Exchange, call: Call): Promise<Sent> {
    call.beforeWrite?.();
    const started = monotonicMs();
    let answer: Answer;
    try {
      answer = await exchange.request(call.request, call);
    } catch (error) {
      if (error instanceof ConnectionError) this.#noteFailure(error);
      throw error;
    }
    const elapsedMs = monotonicMs() - started;
    const { reply, warnings } = answer;
    this.#simulator = reply.simulator ?? null;
    this.#options.logger.debug(
      { ...describe(call.request), ok: reply.ok, ms: Math.round(elapsedMs) },
      'reply',
    );
    return { reply, warnings, elapsedMs };
  }

  async #connected(signal: AbortSignal | undefined): Promise<Exchange> {
    if (this.#exchange?.alive === true) return this.#exchange;
    this.#dialling ??= this.#dialShared().finally(() => {
      this.#dialling = undefined;
    });
    this.#exchange = await abortable(this.#dialling, signal);
    return this.#exchange;
  }

  /**
   * Dials once for all waiting callers: if dialling fails, all of them learn so at once instead of each waiting
   * for a dial of its own.
   */
  async #dialShared(): Promise<Exchange> {
    await new Promise((resolve) => setTimeout(resolve, this.#backoff.waitMs));
    try {
      const exchange = await this.#dial(this.#options.connectTimeoutMs);
      this.#backoff.succeeded();
      this.#exchange = exchange;
      return exchange;
    } catch (error) {
      this.#backoff.failed();
      if (error instanceof ConnectionError) {
        this.#noteFailure(error);
        this.#queue.rejectWaiting(error);
      }
      throw error;
    }
  }

  /**
   * Dials where the instrument was last, for what must not wait: a name is looked up in a thread that operations of the
   * disk may hold. Where nothing answers there, its name is dialled.
   */
  async #dialKnown(timeoutMs: number, signal?: AbortSignal): Promise<Exchange> {
    const address = this.#lastAddress;
    if (address !== undefined)
      try {
        return await this.#dial(timeoutMs, signal, address);
      } catch (error) {
        const { host } = await this.#options.endpoint();
        if (signal?.aborted === true || host === address || isIP(host) !== 0) throw error;
      }
    return this.#dial(timeoutMs, signal);
  }

  /** @param known the IP address to dial in place of the name */
  async #dial(timeoutMs: number, signal?: AbortSignal, known?: string): Promise<Exchange> {
    const { address, maxReplyBytes, logger } = this.#options;
    if (this.#closed) throw closedError();
    const endpoint = await this.#options.endpoint();
    const socket: Socket = await connect({ ...endpoint, address: known }, timeoutMs, signal);
    this.#lastAddress = socket.remoteAddress;
    const exchange = new Exchange(socket, {
      maxReplyBytes,
      ids: this.#ids,
      hasAnswered: () => this.#simulator !== undefined,
      now: monotonicMs,
      onWarning: (message) => logger.warn(message),
    });
    if (this.#closed) {
      exchange.destroy('closed', 'the connection was closed because arkeo-mcp ends');
      throw closedError();
    }
    logger.info({ address }, 'connected');
    return exchange;
  }

  #noteFailure(error: ConnectionError): void {
    if (error.code === 'cancelled') return;
    this.#lastError = { code: error.code, message: error.message, at: new Date() };
    this.#options.logger.warn({ code: error.code, outcome: error.outcome }, error.message);
  }
}

function describe({ target, command }: Request): { target: string; command: string } {
  return { target, command };
}

function monotonicMs(): number {
  return performance.now();
}
