import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../../src/protocol/frame-codec.ts';
import { dataOf, faultBench, type Fault } from './bench.ts';

const READ = 'MAIN.GetActiveRoutine';
const WRITE = 'ROUTINE.ClearErrors';
const MIB = 1024 * 1024;
const bench = faultBench('--request-timeout', '1', '--max-reply-mib', '1');

const raw =
  (bytes: Uint8Array | string): Fault =>
  (_, connection) =>
    connection.raw(bytes);
const framed = (text: string | Uint8Array): Fault =>
  raw(encodeFrame(typeof text === 'string' ? Buffer.from(text) : text));
/** The usual reply under another length. */
const announcing =
  (length: (right: number) => number): Fault =>
  (usual, connection) => {
    const changed = Buffer.from(usual);
    changed.writeUInt32BE(length(usual.length - 4));
    connection.raw(changed);
  };
/** A reply in time with the request's id and this text as its data. */
const withData =
  (text: string): Fault =>
  (_, connection, { request_id: id }) =>
    connection.raw(encodeFrame(Buffer.from(`{"request_id":${id},"status":"OK","data":${text}}`)));

/** What a command is told, that it was sent once, and that a read is tried twice at most; then all is well again. */
async function toldOf(fault: Fault): Promise<{ text: string; error: unknown; readError: unknown }> {
  const before = { reads: bench.sent(READ).length, writes: bench.sent(WRITE).length };
  bench.next(WRITE, fault);
  const { text, error } = await bench.host.call('routine_clear_errors');
  expect(bench.sent(WRITE)).toHaveLength(before.writes + 1);
  const used = bench.sent(WRITE).at(-1)?.connection ?? 0;
  const next = await bench.answersRightly();
  expect(next).toMatchObject({ right: true });
  if (error !== undefined) expect(next.connection).toBeGreaterThan(used);

  const reads = bench.sent(READ).length;
  bench.next(READ, fault, fault);
  const { error: readError } = await bench.host.call('main_get_active_routine');
  expect(bench.sent(READ).length - reads).toBeLessThanOrEqual(2);
  bench.clear();
  expect(await bench.answersRightly()).toMatchObject({ right: true });
  return { text, error, readError };
}

describe('a length', () => {
  it.each([
    ['of zero', raw(Buffer.alloc(4)), 'bad_reply', /the message is empty/],
    ['shorter than the reply', announcing((right) => right - 1), 'bad_reply', /cannot be read: [^\n]*JSON/],
    ['longer than the reply', announcing((right) => right + 1), 'reply_timeout', /no reply .* within 1 s/],
    ['that never ends', raw(Buffer.from([0, 0])), 'reply_timeout', /no reply .* within 1 s/],
    ['with nothing behind it', raw(Buffer.from([0, 0x10, 0, 0])), 'reply_timeout', /no reply .* within 1 s/],
    [
      'just above the limit',
      announcing(() => MIB + 1),
      'bad_reply',
      /announces 1048577 bytes, more than the limit of 1048576 bytes[^]*larger --max-reply-mib/,
    ],
    [
      'of 4 GiB',
      announcing(() => 0xffff_ffff),
      'bad_reply',
      /announces 4294967295 bytes, more than the limit/,
    ],
    [
      'in the other byte order',
      announcing((right) => (right << 24) >>> 0),
      'bad_reply',
      /more than the limit/,
    ],
  ] as const)('%s: says so; the outcome is unknown', async (_, fault, code, says) => {
    const { text, error, readError } = await toldOf(fault);
    expect(error, text).toMatchObject({ code, outcome: 'unknown' });
    expect(text).toMatch(says);
    expect(readError).toMatchObject({ code, outcome: 'unknown' });
  });
});

describe('a frame of', () => {
  it.each([
    [
      'words',
      framed('Error 1 occurred at an unidentified location'),
      /cannot be read: .*it begins "Error 1 occ/,
    ],
    ['half a reply', framed('{"status":"OK","da'), /cannot be read/],
    ['a list', framed('[]'), /a reply must be a JSON object, this is an array/],
    ['an object that is no reply', framed('{"temperature":25}'), /neither status nor data nor error/],
    ['zero bytes', framed(Buffer.alloc(100)), /cannot be read/],
    ['invalid UTF-8', framed(Buffer.from([0xff, 0xfe, 0x80, 0xc3])), /cannot be read/],
    ['slashes without end', framed(`{"status":"OK",${'/'.repeat(900_000)}`), /cannot be read/],
    ['a text without end', framed(`{"status":"${'\\"'.repeat(400_000)}`), /cannot be read/],
    ['commas and brackets', framed(`{"status":[${',[ '.repeat(300_000)}`), /cannot be read/],
  ] as const)('%s: says how it begins; the outcome is unknown', async (_, fault, says) => {
    const { text, error, readError } = await toldOf(fault);
    expect(error, text).toMatchObject({ code: 'bad_reply', outcome: 'unknown' });
    expect(text).toMatch(says);
    expect(text.length).toBeLessThan(1000);
    expect(readError).toMatchObject({ code: 'bad_reply', outcome: 'unknown' });
  });
});

it('any bytes, framed or not, are an error or an answer, and the next call is well', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 60 }).map((some) => Buffer.from(some)),
    fc.uint8Array({ maxLength: 60 }).map(encodeFrame),
    fc.json().map((text) => encodeFrame(Buffer.from(text))),
    fc.json().map((text) => encodeFrame(Buffer.from(`{"status":"OK","data":${text}}`))),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (some) => {
      // Closed behind them, since what looks like the beginning of a frame is waited for.
      const fault: Fault = (_, { socket }) => void socket.end(some);
      bench.next(READ, fault, fault);
      const { isError, error } = await bench.host.call('main_get_active_routine');
      if (isError) expect(error).toMatchObject({ code: expect.any(String), outcome: 'unknown' });
      bench.clear();
      expect(await bench.answersRightly()).toMatchObject({ right: true });
    }),
    { numRuns: 80 },
  );
});

describe('data', () => {
  const deep = (depth: number): string => `${'['.repeat(depth)}1e400${']'.repeat(depth)}`;
  const deepObject = (depth: number): string => `${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`;

  it.each([
    ['lists', deep(100_000)],
    ['objects', deepObject(100_000)],
    ['lists with NaN', deep(100_000).replace('1e400', 'NaN')],
    ['what has to be repaired', deepObject(100_000).replace('0}', '0,}')],
  ])('nested 100,000 deep (%s) is cut in the answer, whichever command it answers', async (_, data) => {
    for (const [tool, name] of [
      ['main_get_active_routine', READ],
      ['routine_get_settings', 'ROUTINE.GetSettings'],
      ['routine_get_test_status', 'ROUTINE.GetTestStatus'],
      ['routine_get_test_data', 'ROUTINE.GetTestData'],
      ['led_get_status', 'LED.GetStatus'],
      ['routine_clear_errors', WRITE],
    ] as const) {
      const before = bench.sent(name).length;
      bench.next(name, withData(data));
      const answer = await bench.host.call(tool);
      expect(answer, `${tool}: ${answer.text}`).toMatchObject({ isError: false });
      expect(answer.text.length).toBeLessThan(5000);
      expect(bench.sent(name)).toHaveLength(before + 1);
      expect(await bench.answersRightly()).toMatchObject({ right: true });
    }
  });

  it('with numbers beyond any double is answered with null for them, and says so', async () => {
    const huge = '9'.repeat(400);
    bench.next('MAIN.GetAvailableRoutines', withData(`{"routines":["JV"],"a":[1e400,-${huge},${huge}.5,3]}`));
    const answer = await bench.host.call('main_get_available_routines');
    expect(dataOf(answer)).toEqual({ routines: ['JV'], a: [null, null, null, 3] });
    expect(answer.text).toMatch(/3 NaN or infinite numbers shown as null/);
  });

  it('with such numbers where levels should be is not taken for off', async () => {
    bench.next(
      'LED.GetStatus',
      withData(
        `{"connected":true,"boards":[{"address":1,"connected":true,"values":[1e400,${'9'.repeat(400)},0]}]}`,
      ),
    );
    const answer = await bench.host.call('led_get_status');
    expect(answer.text).not.toMatch(/all off/);
    expect(answer.text).toMatch(/Warm White unknown/);
  });

  it('in Windows-1252 is read as that', async () => {
    bench.next(READ, (_, connection, { request_id: id }) => {
      const text = `{"request_id":${id},"status":"OK","data":{"routine":"JV 10 mW/cm\xb2 \x80"}}`;
      connection.raw(encodeFrame(Buffer.from(text, 'latin1')));
    });
    expect(dataOf(await bench.host.call('main_get_active_routine'))).toEqual({
      routine: 'JV 10 mW/cm² €',
    });
  });
});
