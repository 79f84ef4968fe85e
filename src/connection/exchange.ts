import type { Socket } from 'node:net';
import { ConnectionError, type ConnectionErrorCode, type Outcome } from '../errors.ts';
import {
  decodeReply,
  encodeRequest,
  type ParameterKey,
  type Reply,
  type Request,
} from '../protocol/envelope.ts';
import { encodeFrame, FrameDecoder, FrameLengthError, TLS_RECORD } from '../protocol/frame-codec.ts';
import type { RequestIds } from './request-ids.ts';

export interface ExchangeOptions {
  maxReplyBytes: number;
  ids: RequestIds;
  /** True if any peer has ever answered at this address. */
  hasAnswered: () => boolean;
  /** Monotonic milliseconds. */
  now: () => number;
  /** Called with a description of each deviation that was tolerated. */
  onWarning: (message: string) => void;
}

export interface RequestOptions {
  parameterKey: ParameterKey;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** Called at the moment the request is written. */
  onWritten?: (() => void) | undefined;
}

export interface Answer {
  reply: Reply;
  /** Deviations that were tolerated in this reply. */
  warnings: string[];
}

interface InFlight {
  id: number;
  resolve: (answer: Answer) => void;
  reject: (error: ConnectionError) => void;
}

/**
 * One socket, one request in flight, one reply. Anything that could make a later reply answer the wrong
 * request (a timeout, a cut, garbage, a cancelled wait) destroys the socket; the exchange is then dead.
 */
export class Exchange {
  readonly #socket: Socket;
  readonly #options: ExchangeOptions;
  readonly #decoder: FrameDecoder;
  #inFlight: InFlight | undefined;
  #death: ConnectionError | undefined;
  #lastReplyAt: number;

  constructor(socket: Socket, options: ExchangeOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#decoder = new FrameDecoder(options.maxReplyBytes);
    this.#lastReplyAt = options.now();
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#die('connection_lost', `the connection broke: ${error.message}`));
    socket.on('end', () => this.#die('connection_lost', this.#cutMessage()));
    socket.on('close', () => this.#die('connection_lost', this.#cutMessage()));
  }

  get alive(): boolean {
    return this.#death === undefined;
  }

  get silentMs(): number {
    return this.#options.now() - this.#lastReplyAt;
  }

  /**
   * Sends one request and resolves with its reply, success or error alike. Throws ConnectionError: `not_sent`
   * if nothing was written, otherwise `unknown`.
   */
  request(request: Request, options: RequestOptions): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { timeoutMs, signal } = options;
      if (this.#death !== undefined) return reject(this.#death);
      if (signal?.aborted === true)
        return reject(this.#error('cancelled', 'the call was cancelled', 'not_sent'));
      const id = this.#options.ids.take();
      const what = `${request.target}.${request.command}`;
      const timer = setTimeout(
        () => this.#die('reply_timeout', `no reply to ${what} within ${timeoutMs / 1000} s`),
        timeoutMs,
      );
      const onAbort = (): void => this.#die('cancelled', `the wait for the reply to ${what} was given up`);
      const done = (act: () => void): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#inFlight = undefined;
        act();
      };
      signal?.addEventListener('abort', onAbort);
      this.#inFlight = {
        id,
        resolve: (answer) => done(() => resolve(answer)),
        reject: (error) => done(() => reject(error)),
      };
      const frame = encodeFrame(encodeRequest(request, id, options.parameterKey));
      // The account of what is on has it before the instrument does, also if this process is killed in between.
      options.onWritten?.();
      this.#socket.write(frame);
    });
  }

  /** Ends the exchange; a request in flight fails with the given reason and outcome `unknown`. */
  destroy(code: ConnectionErrorCode, reason: string): void {
    this.#die(code, reason);
  }

  #receive(chunk: Buffer): void {
    try {
      for (const payload of this.#decoder.push(chunk)) this.#take(payload);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof FrameLengthError && error.looksLike === undefined) {
        this.#die('bad_reply', `the reply cannot be read: ${message}`, TOO_LONG);
      } else if (error instanceof FrameLengthError) {
        const isTls = error.looksLike === TLS_RECORD;
        this.#die(
          'not_an_arkeo',
          `what answers is not an ARKEO: the ${message}`,
          isTls ? TLS : OTHER_PROGRAM,
        );
      } else {
        this.#die('bad_reply', `the reply cannot be read: ${message}`);
      }
    }
  }

  #take(payload: Buffer): void {
    if (this.#death !== undefined) return;
    const reply = decodeReply(payload);
    const { requestId } = reply;
    const inFlight = this.#inFlight;
    if (requestId !== undefined && requestId !== inFlight?.id && this.#options.ids.isTaken(requestId)) {
      this.#options.onWarning(`dropped a reply to request ${requestId}, which is over`);
      return;
    }
    if (inFlight === undefined) return this.#die('bad_reply', 'a reply came that nobody asked for');
    this.#lastReplyAt = this.#options.now();
    const warnings: string[] = [];
    if (requestId !== undefined && requestId !== inFlight.id) {
      warnings.push(`the reply carries request_id ${requestId} instead of ${inFlight.id}`);
    }
    if (reply.isIdUnreadable)
      warnings.push(`the reply carries a request_id that is no whole number, instead of ${inFlight.id}`);
    inFlight.resolve({ reply, warnings });
  }

  #cutMessage(): string {
    return this.#decoder.midFrame
      ? 'the connection was cut in the middle of a reply'
      : 'the connection was closed';
  }

  #die(code: ConnectionErrorCode, reason: string, advice?: string): void {
    if (this.#death !== undefined) return;
    this.#death = this.#error(code, reason, 'not_sent', advice);
    this.#socket.destroy();
    this.#inFlight?.reject(this.#error(code, reason, 'unknown', advice));
  }

  #error(
    code: ConnectionErrorCode,
    reason: string,
    outcome: Outcome,
    advice = this.#adviceFor(code),
  ): ConnectionError {
    const hint = code === 'not_an_arkeo' && advice !== undefined ? advice : UNKNOWN_HINT;
    return new ConnectionError(reason, { code, outcome, hint, advice });
  }

  /** Advice to check host and port, if no peer has ever answered there. */
  #adviceFor(code: ConnectionErrorCode): string | undefined {
    if (code !== 'reply_timeout' && code !== 'connection_lost') return undefined;
    return this.#options.hasAnswered() ? undefined : NEVER_ANSWERED;
  }
}

const UNKNOWN_HINT =
  'Call instrument_status to see what state the instrument is in before anything is tried again.';
const OTHER_PROGRAM =
  'Check host and port: another program answers there. `arkeo-mcp doctor` says what it looks like.';
const TLS =
  'Check host and port. If this is the TLS terminator in front of the ARKEO, start arkeo-mcp with --tls.';
const TOO_LONG =
  'If a reply of that length is to be expected, start arkeo-mcp with a larger --max-reply-mib.';
const NEVER_ANSWERED =
  'Nothing has answered there yet: is it the port of the ARKEO API (6360 unless changed), and does no other program hold the only connection? If it is a TLS terminator, start arkeo-mcp with --tls. `arkeo-mcp doctor` checks this step by step.';
