import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameDecoder, FrameLengthError } from '../../src/protocol/frame-codec.ts';

/** Cuts bytes at arbitrary places; an empty piece is legal, a socket may deliver none. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set([0, ...places.map((p) => p % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

describe('frame codec', () => {
  it('returns any messages in a row, however the bytes are split (row 9)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        (messages, places) => {
          const stream = Buffer.concat(messages.map(encodeFrame));
          const decoder = new FrameDecoder();
          const got = cut(stream, places).flatMap((piece) => decoder.push(piece));
          expect(got.map((b) => [...b])).toEqual(messages.map((m) => [...m]));
          expect(decoder.midFrame).toBe(false);
        },
      ),
    );
  });

  it('returns a message that arrives byte by byte', () => {
    const decoder = new FrameDecoder();
    const frame = encodeFrame(Buffer.from('{"a":1}'));
    const got = [...frame].flatMap((byte) => decoder.push(Buffer.from([byte])));
    expect(got.map(String)).toEqual(['{"a":1}']);
  });

  it('refuses a length above the limit as soon as the header is complete', () => {
    const decoder = new FrameDecoder(1000);
    expect(decoder.push(Buffer.from([0, 0, 3]))).toEqual([]);
    expect(() => decoder.push(Buffer.from([0xe9]))).toThrow(/1001 bytes, more than the limit of 1000/);
    expect(new FrameDecoder(1000).push(encodeFrame(Buffer.alloc(1000)))).toHaveLength(1);
  });

  it.each([
    ['HTTP/1.1 400 Bad Request\r\n', 'an HTTP answer'],
    ['SSH-2.0-OpenSSH', 'an SSH greeting'],
    ['\x15\x03\x03\x00\x02', 'a TLS record'],
    ['{"status":"OK"}', 'JSON text without a length'],
    ['220 ready', 'the text "220 "'],
  ])('names what %j looks like', (greeting, name) => {
    const push = () => new FrameDecoder().push(Buffer.from(greeting, 'latin1'));
    expect(push).toThrow(FrameLengthError);
    expect(push).toThrow(name);
  });
});
