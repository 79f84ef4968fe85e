import type { Socket } from 'node:net';
import { setImmediate as nextTick, setTimeout as sleep } from 'node:timers/promises';
import { encodeFrame, FrameDecoder } from '../protocol/frame-codec.ts';
import type { Fault } from './faults.ts';
import type { ReplyObject } from './instrument.ts';
import { labviewJson } from './reply.ts';

/**
 * Upper bound of a request's length, in bytes; no real request comes near it. A longer one means that the
 * stream cannot be trusted any more.
 */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;
const DEFAULT_DELAY_SECONDS = 2;
const HTTP_ANSWER = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

export interface Answer {
  readonly reply: ReplyObject;
  readonly faults: readonly Fault[];
}

/** One client. Its requests are answered one after the other, in order. */
export class Connection {
  readonly #socket: Socket;
  readonly #answer: (payload: Buffer) => Answer;
  readonly #decoder = new FrameDecoder(MAX_REQUEST_BYTES);
  readonly #closed = new AbortController();
  #waiting: Buffer[] = [];
  #busy = false;
  /** A reply that is held back until the next one is sent. */
  #late: Buffer | undefined;

  constructor(socket: Socket, answer: (payload: Buffer) => Answer) {
    this.#socket = socket;
    this.#answer = answer;
  }

  /** Answers requests until the client leaves. */
  serve(): void {
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    // Errors of the socket, such as a reset by the client, are ignored; 'close' follows.
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => this.#closed.abort());
  }

  #receive(chunk: Buffer): void {
    try {
      this.#waiting.push(...this.#decoder.push(chunk));
    } catch {
      this.#socket.destroy();
      return;
    }
    if (!this.#busy) void this.#answerAll();
  }

  async #answerAll(): Promise<void> {
    this.#busy = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { reply, faults } = this.#answer(next);
      const fault = faults.find(({ name }) => name !== 'smu-error');
      try {
        await this.#send(reply, fault);
      } catch {
        // The client left while its reply was on the way.
        break;
      }
    }
    this.#busy = false;
  }

  async #send(reply: ReplyObject, fault: Fault | undefined): Promise<void> {
    const frame = frameOf(reply);
    if (this.#late !== undefined) this.#write(this.#late);
    this.#late = undefined;
    switch (fault?.name) {
      case 'silent':
        return;
      case 'late':
        this.#late = frame;
        return;
      case 'split':
        return this.#writePieces(frame);
      case 'delay':
        await this.#sleep(fault.seconds ?? DEFAULT_DELAY_SECONDS);
        return this.#write(frame);
      case 'garbage':
        return this.#write(encodeFrame(Buffer.from('Error 1 occurred at an unidentified location')));
      case 'wrong-id':
        return this.#write(frameOf({ ...reply, request_id: otherId(reply['request_id']) }));
      case 'cut':
        return this.#writeLast(frame.subarray(0, Math.ceil(frame.length / 2)));
      case 'http':
        return this.#writeLast(Buffer.from(HTTP_ANSWER));
      case 'smu-error':
      case undefined:
        // Length and body go out in one write: the vendor's example reads the body with a single recv.
        this.#write(frame);
    }
  }

  #write(bytes: Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  /** Sends these bytes, then closes the connection. */
  #writeLast(bytes: Buffer): void {
    this.#waiting = [];
    this.#write(bytes);
    this.#socket.destroySoon();
  }

  async #writePieces(frame: Buffer): Promise<void> {
    const size = Math.max(1, Math.floor(frame.length / 100));
    for (let at = 0; at < frame.length; at += size) {
      this.#write(frame.subarray(at, at + size));
      await nextTick();
    }
  }

  async #sleep(seconds: number): Promise<void> {
    await sleep(seconds * 1000, undefined, { signal: this.#closed.signal });
  }
}

function frameOf(reply: ReplyObject): Buffer {
  return encodeFrame(Buffer.from(labviewJson(reply)));
}

function otherId(id: unknown): number {
  return typeof id === 'number' ? id + 1000 : 1000;
}
