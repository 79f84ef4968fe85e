/** A frame: 4-byte unsigned big-endian length, then that many bytes of JSON text. */
export const HEADER_BYTES = 4;
export const TLS_RECORD = 'a TLS record';
export const DEFAULT_MAX_FRAME_BYTES = 256 * 1024 * 1024;

/** Thrown for a length that cannot be right, before anything is allocated for it. */
export class FrameLengthError extends Error {
  override readonly name = 'FrameLengthError';
  readonly length: number;
  /** Protocol that the four length bytes look like, if they look like another one. */
  readonly looksLike: string | undefined;

  constructor(header: Buffer, maxBytes: number) {
    const length = header.readUInt32BE(0);
    const looksLike = otherProtocol(header);
    super(
      looksLike === undefined
        ? `reply announces ${length} bytes, more than the limit of ${maxBytes} bytes`
        : `reply begins with ${looksLike}, not with a length`,
    );
    this.length = length;
    this.looksLike = looksLike;
  }
}

/** Puts the length in front of a message. */
export function encodeFrame(payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.byteLength);
  frame.writeUInt32BE(payload.byteLength, 0);
  frame.set(payload, HEADER_BYTES);
  return frame;
}

/**
 * Cuts a stream of bytes, in whatever pieces it arrives, into frame payloads.
 * Work is linear in the bytes received: pieces are kept as they came and joined once per frame.
 * After an error the decoder is useless, as the stream is: use a fresh one on a fresh socket.
 */
export class FrameDecoder {
  readonly #maxBytes: number;
  #pieces: Buffer[] = [];
  #buffered = 0;
  #needed = HEADER_BYTES;
  #inPayload = false;

  constructor(maxBytes: number = DEFAULT_MAX_FRAME_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** True when bytes of an unfinished frame are waiting for the rest. */
  get midFrame(): boolean {
    return this.#inPayload || this.#buffered > 0;
  }

  /** Takes the next bytes and returns the payloads they complete. Throws FrameLengthError. */
  push(chunk: Buffer): Buffer[] {
    const payloads: Buffer[] = [];
    if (chunk.length > 0) {
      this.#pieces.push(chunk);
      this.#buffered += chunk.length;
    }
    while (this.#buffered >= this.#needed) {
      const bytes = this.#take(this.#needed);
      if (this.#inPayload) {
        payloads.push(bytes);
        this.#inPayload = false;
        this.#needed = HEADER_BYTES;
      } else {
        const length = bytes.readUInt32BE(0);
        if (length > this.#maxBytes) throw new FrameLengthError(bytes, this.#maxBytes);
        this.#inPayload = true;
        this.#needed = length;
      }
    }
    return payloads;
  }

  #take(count: number): Buffer {
    const all = this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces, this.#buffered);
    if (all === undefined) return Buffer.alloc(0);
    const rest = all.subarray(count);
    this.#pieces = rest.length > 0 ? [rest] : [];
    this.#buffered = rest.length;
    return all.subarray(0, count);
  }
}

function otherProtocol(header: Buffer): string | undefined {
  const text = header.toString('latin1');
  if (text === 'HTTP') return 'an HTTP answer';
  if (text.startsWith('SSH')) return 'an SSH greeting';
  const [type, major] = header;
  if (major === 3 && (type === 0x15 || type === 0x16)) return TLS_RECORD;
  if (/^[\s[{"]/.test(text) && /^[\x20-\x7e\s]+$/.test(text)) return 'JSON text without a length';
  return /^[\x20-\x7e]+$/.test(text) ? `the text ${JSON.stringify(text)}` : undefined;
}
