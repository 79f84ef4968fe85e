import { describe, expect, it } from 'vitest';
import { faultBench, type Fault } from './bench.ts';
import { frame } from '../helpers/fake-instrument.ts';

const READ = 'MAIN.GetActiveRoutine';
const WRITE = 'ROUTINE.ClearErrors';

const bench = faultBench('--request-timeout', '5');

/** Length of the frame that answers a request, as it is without a fault. */
async function lengthOf(name: string, call: () => Promise<unknown>): Promise<number> {
  let length = 0;
  bench.next(name, (usual, { raw }) => {
    length = usual.length;
    raw(usual);
  });
  await call();
  return length;
}

/** Writes, and goes on once that has left for the other side as a packet of its own. */
const inTwo =
  (at: number, then: (rest: Buffer, connection: Parameters<Fault>[1]) => void): Fault =>
  (usual, connection) => {
    const rest = (): void => void setImmediate(() => then(usual.subarray(at), connection));
    if (at === 0) rest();
    else connection.socket.write(usual.subarray(0, at), rest);
  };

describe('a reply', () => {
  it('split at every byte is the same reply, on the same socket', async () => {
    const length = await lengthOf(READ, bench.answersRightly);
    const { connection } = await bench.answersRightly();
    for (let at = 1; at < length; at++) {
      bench.next(
        READ,
        inTwo(at, (rest, { raw }) => raw(rest)),
      );
      expect(await bench.answersRightly(), `split at ${at}`).toMatchObject({ right: true, connection });
    }
  });

  it('byte by byte is the same reply', async () => {
    bench.next(READ, (usual, { socket }) => {
      const writeFrom = (at: number): void => {
        if (at < usual.length)
          socket.write(usual.subarray(at, at + 1), () => setImmediate(writeFrom, at + 1));
      };
      writeFrom(0);
    });
    expect(await bench.answersRightly()).toMatchObject({ right: true });
  });

  it('in one piece with others is the one with its id; the others are dropped', async () => {
    const { connection } = await bench.answersRightly();
    let earlier: Buffer = Buffer.alloc(0);
    const faults: Fault[] = [
      (usual, { raw }) => {
        earlier = usual;
        raw(usual);
      },
      (usual, { raw }) => raw(Buffer.concat([earlier, earlier, usual])),
      (usual, { raw }) => raw(Buffer.concat([usual, usual, earlier])),
      // Half of one that is dropped, and its rest in front of the next.
      (usual, { raw }) => raw(Buffer.concat([usual, earlier.subarray(0, 9)])),
      (usual, { raw }) => raw(Buffer.concat([earlier.subarray(9), usual])),
    ];
    bench.next(READ, ...faults);
    for (let i = 0; i < faults.length; i++)
      expect(await bench.answersRightly()).toMatchObject({ right: true, connection });
    expect(bench.sent(READ)).toHaveLength(1 + faults.length);
  });

  it('with one behind it that nobody asked for stands; the socket is not trusted any more', async () => {
    const { connection } = await bench.answersRightly();
    bench.next(READ, (usual, { raw }) =>
      raw(Buffer.concat([usual, frame({ status: 'OK', data: { routine: 'stray' } })])),
    );
    expect(await bench.answersRightly()).toMatchObject({ right: true, connection });
    expect(await bench.answersRightly()).toMatchObject({ right: true, connection: connection + 1 });
  });
});

const CUTS = {
  closed: (_: Buffer, { socket }: Parameters<Fault>[1]) => void socket.end(),
  reset: (_: Buffer, { socket }: Parameters<Fault>[1]) => void socket.resetAndDestroy(),
};

describe.each(Object.entries(CUTS))('a connection that is %s', (how, cut) => {
  it('at any byte of the reply to a read: it is read once more on a fresh socket', async () => {
    const length = await lengthOf(READ, bench.answersRightly);
    for (let at = 0; at < length; at++) {
      const before = bench.sent(READ).length;
      bench.next(READ, inTwo(at, cut));
      expect(await bench.answersRightly(), `cut at ${at}`).toMatchObject({ right: true });
      const [first, second, ...more] = bench.sent(READ).slice(before);
      expect(second?.connection, `cut at ${at}`).toBe((first?.connection ?? 0) + 1);
      expect(more).toEqual([]);
    }
  });

  it('at any byte of the reply to a command: unknown, sent once, and the next call goes to a fresh socket', async () => {
    const call = () => bench.host.call('routine_clear_errors');
    const length = await lengthOf(WRITE, call);
    for (let at = 0; at < length; at++) {
      const before = bench.sent(WRITE).length;
      bench.next(WRITE, inTwo(at, cut));
      const answer = await call();
      expect(answer.error, `cut at ${at}`).toMatchObject({ code: 'connection_lost', outcome: 'unknown' });
      expect(answer.text).toMatch(
        how === 'reset'
          ? // Whether the bytes before it are seen is up to the operating system.
            /the connection (?:broke: |was (?:cut|closed))/
          : at === 0
            ? /the connection was closed/
            : /cut in the middle of a reply/,
      );
      expect(answer.text).toMatch(
        /may or may not have been carried out. Look first \(routine_get_test_status\)/,
      );
      const sent = bench.sent(WRITE).slice(before);
      expect(sent).toHaveLength(1);
      expect(await bench.answersRightly()).toMatchObject({
        right: true,
        connection: (sent[0]?.connection ?? 0) + 1,
      });
    }
  });

  it('at any byte of the answer to a start: one start, and what may run is stopped by safe_shutdown', async () => {
    const start = () => bench.host.call('routine_start_measurement');
    const length = await lengthOf('ROUTINE.StartMeasurement', start);
    for (const at of [0, 1, 4, 5, length - 1]) {
      await bench.host.call('safe_shutdown', { scope: 'everything' });
      const before = bench.sent('ROUTINE.StartMeasurement').length;
      bench.next('ROUTINE.StartMeasurement', inTwo(at, cut));
      expect((await start()).error, `cut at ${at}`).toMatchObject({ outcome: 'unknown' });
      expect(bench.instrument.state.running).toBe(true);
      const shut = await bench.host.call('safe_shutdown');
      expect(shut.structured, shut.text).toMatchObject({ safe: true });
      expect(bench.instrument.state.running).toBe(false);
      expect(bench.sent('ROUTINE.StartMeasurement')).toHaveLength(before + 1);
    }
  });
});

it('a connection closed behind a whole reply loses nothing, whatever comes next', async () => {
  bench.next(WRITE, (usual, { socket }) => void socket.end(usual));
  expect(await bench.host.call('routine_clear_errors')).toMatchObject({ isError: false });
  const again = await bench.host.call('routine_clear_errors');
  expect(again, again.text).toMatchObject({ isError: false });
  const [first, second, ...more] = bench.sent(WRITE);
  expect(more).toEqual([]);
  expect(second?.connection).toBe((first?.connection ?? 0) + 1);
});
