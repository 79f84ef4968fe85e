import { describe, expect, it } from 'vitest';
import { frame } from '../helpers/fake-instrument.ts';
import { dataOf, faultBench, type Fault } from './bench.ts';

const READ = 'MAIN.GetActiveRoutine';
const bench = faultBench('--request-timeout', '2');

/** The usual reply with other words where its id was. */
const withId =
  (id: string | undefined): Fault =>
  (usual, { raw }) => {
    const text = usual.subarray(4).toString();
    const changed = text.replace(/"request_id":\d+,/, id === undefined ? '' : `"request_id":${id},`);
    const bytes = Buffer.from(changed);
    const header = Buffer.alloc(4);
    header.writeUInt32BE(bytes.length);
    raw(Buffer.concat([header, bytes]));
  };

describe('a reply whose id', () => {
  it.each([undefined, 'null'])('is missing (%s) is taken without a word', async (id) => {
    const { connection } = await bench.answersRightly();
    bench.next(READ, withId(id));
    const answer = await bench.answersRightly();
    expect(answer).toMatchObject({ right: true, connection });
    expect(answer.text).not.toContain('Warning');
  });

  it.each(['-7', '0', '4000000000', '"-7"'])('was never used (%s) is taken, and said', async (id) => {
    const { connection } = await bench.answersRightly();
    bench.next(READ, withId(id));
    const answer = await bench.answersRightly();
    expect(answer).toMatchObject({ right: true, connection });
    expect(answer.text).toMatch(/Warning: the reply carries request_id -?\d+ instead of \d+/);
  });

  it.each(['1e400', '9'.repeat(400), '1.5', '""', '"one"', '[1]', '{}', 'true', 'NaN'])(
    'is no whole number (%s) is taken, and said',
    async (id) => {
      const { connection } = await bench.answersRightly();
      bench.next(READ, withId(id));
      const answer = await bench.answersRightly();
      expect(answer).toMatchObject({ right: true, connection });
      expect(answer.text).toMatch(/Warning: the reply carries a request_id that is no whole number/);
    },
  );

  it('is the same all the time is taken each time; a command is sent once', async () => {
    bench.next(READ, withId('3'), withId('3'), withId('3'));
    bench.next('ROUTINE.ClearErrors', withId('3'));
    for (let i = 0; i < 3; i++) expect(await bench.answersRightly()).toMatchObject({ right: true });
    expect(await bench.host.call('routine_clear_errors')).toMatchObject({ isError: false });
    expect(bench.sent('ROUTINE.ClearErrors')).toHaveLength(1);
  });

  it('is that of an earlier request, with nothing behind it: answers nothing, then times out', async () => {
    let first = 0;
    bench.next(READ, (usual, { raw }, { request_id: id }) => {
      first = id;
      raw(usual);
    });
    await bench.answersRightly();
    bench.next('ROUTINE.GetTestStatus', (_, { raw }) =>
      raw(frame({ request_id: first, status: 'OK', data: { routine_status: 'Stale' } })),
    );
    const answer = await bench.host.call('routine_get_test_status');
    expect(answer.error).toMatchObject({ code: 'reply_timeout', outcome: 'unknown' });
    expect(answer.text).not.toContain('Stale');
    expect(await bench.answersRightly()).toMatchObject({ right: true });
  });
});

describe('replies', () => {
  it('that come twice, at once and one request later, answer once', async () => {
    const { connection } = await bench.answersRightly();
    let last: Buffer = Buffer.alloc(0);
    const twice: Fault = (usual, { raw }) => raw(Buffer.concat([last, usual, (last = usual)]));
    bench.next(READ, ...Array.from({ length: 20 }, () => twice));
    for (let i = 0; i < 20; i++)
      expect(await bench.answersRightly()).toMatchObject({ right: true, connection });
  });

  it('to calls made at once cannot change places: the next is asked when the last is answered', async () => {
    let open = 0;
    let most = 0;
    let asked = 0;
    const slow: Fault = (_, { reply }, request) => {
      most = Math.max(most, ++open);
      const routine = `R${++asked}`;
      setTimeout(
        () => {
          open--;
          reply(request, { status: 'OK', data: { routine } });
        },
        (asked * 7) % 5,
      );
    };
    bench.next(READ, ...Array.from({ length: 40 }, () => slow));
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => bench.host.call('main_get_active_routine')),
    );
    expect(most).toBe(1);
    expect(answers.map((answer) => dataOf(answer)?.['routine'])).toEqual(
      Array.from({ length: 40 }, (_, i) => `R${i + 1}`),
    );
  });
});
