import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/server.ts';
import { frame, type FakeConnection } from '../helpers/fake-instrument.ts';
import { startHost } from '../helpers/hosts.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { dataOf, faultBench, type Fault } from './bench.ts';

const READ = 'MAIN.GetActiveRoutine';
const DEADLINE_MS = 500;

const bench = faultBench('--request-timeout', String(DEADLINE_MS / 1000));
const opened = closesAfterEach();

const after =
  (ms: number): Fault =>
  (usual, { socket }) =>
    void setTimeout(() => socket.writable && socket.write(usual), ms);

describe('a reply around the deadline', () => {
  it.each([0, -450, -20, -5, -1, 0, 1, 5, 20, 300])(
    '%d ms from it: is the answer or none, and never that of the next request',
    async (ms) => {
      bench.next(READ, after(DEADLINE_MS + ms));
      const first = await bench.answersRightly();
      if (!first.right) expect(first.text).toMatch(/^ERROR reply_timeout/);
      // Far from it there is no doubt.
      if (Math.abs(ms) >= 300) expect(first.right).toBe(ms < 0);
      expect(await bench.answersRightly()).toMatchObject({
        right: true,
        connection: first.connection + (first.right ? 0 : 1),
      });
      expect(bench.sent(READ)).toHaveLength(2);
    },
  );
});

describe('silence', () => {
  const silent: Fault = () => undefined;

  it('to a read: is asked once, and may be asked again', async () => {
    bench.next(READ, silent);
    const answer = await bench.host.call('main_get_active_routine');
    expect(answer.error).toMatchObject({ code: 'reply_timeout', outcome: 'unknown' });
    expect(answer.text).toMatch(/no reply to MAIN.GetActiveRoutine within 0.5 s/);
    expect(answer.text).toContain('it is safe to call this again');
    expect(bench.sent(READ)).toHaveLength(1);
    expect(await bench.answersRightly()).toMatchObject({ right: true });
  });

  it.each([
    ['routine_clear_errors', {}, 'ROUTINE.ClearErrors', 'routine_get_test_status'],
    ['mux_set_status', { state: [true, false, false, false] }, 'MUX.SetStatus', 'mux_get_status'],
    ['routine_apply_settings', { settings: { a: 1 } }, 'ROUTINE.ApplySettings', 'routine_get_settings'],
    ['tmpctl_set_temperature', { temperature: 30 }, 'TMPCTL.SetTemperature', 'tmpctl_get_status'],
    [
      'led_set_values',
      { address: 1, values: [0, 0, 0, 0, 0.1, 0, 0, 0, 0, 0, 0, 0] },
      'LED.SetValues',
      'led_get_status',
    ],
  ])('to %s: it is sent once, and the answer says what to look at', async (tool, args, name, look) => {
    bench.next(name, silent);
    const answer = await bench.host.call(tool, args);
    expect(answer.error, answer.text).toMatchObject({ code: 'reply_timeout', outcome: 'unknown' });
    expect(answer.text).toContain(`Look first (${look}); do not repeat it blindly.`);
    expect(bench.sent(name)).toHaveLength(1);
    expect(await bench.answersRightly()).toMatchObject({ right: true });
  });

  it('to what a command has to know first: the command is not sent', async () => {
    bench.next('ROUTINE.GetTestStatus', silent);
    const answer = await bench.host.call('routine_start_measurement');
    expect(answer.error).toMatchObject({ code: 'reply_timeout', outcome: 'not_sent' });
    expect(bench.sent('ROUTINE.StartMeasurement')).toHaveLength(0);
  });
});

describe('a late reply', () => {
  it('written to the new connection, before the right one, after it, or in between: answers nothing', async () => {
    let late: (connection: FakeConnection) => void = () => undefined;
    const hold: Fault = (_, __, { request_id: id }) => {
      late = ({ raw }) => raw(frame({ request_id: id, status: 'OK', data: { routine: 'late' } }));
    };
    let now: FakeConnection | undefined;
    const noted =
      (act: Fault): Fault =>
      (usual, connection, request) => {
        now = connection;
        act(usual, connection, request);
      };
    bench.next(
      READ,
      hold,
      noted((usual, connection) => {
        late(connection);
        connection.raw(usual);
      }),
      noted((usual, connection) => {
        connection.raw(usual);
        late(connection);
      }),
    );
    const first = await bench.answersRightly();
    expect(first.text).toMatch(/^ERROR reply_timeout/);
    const second = await bench.answersRightly();
    expect(second).toMatchObject({ right: true, connection: first.connection + 1 });
    expect(await bench.answersRightly()).toMatchObject({ right: true, connection: second.connection });
    if (now !== undefined) late(now);
    expect(await bench.answersRightly()).toMatchObject({ right: true, connection: second.connection });
  });

  it('of the simulator (--fault late) answers nothing', async () => {
    const faults = [{ name: 'late', nth: 2, command: 'GetActiveRoutine' }] as const;
    const simulator = opened(await startSimulator({ faults }));
    const host = opened(
      await startHost(['--port', String(simulator.port), '--request-timeout', String(DEADLINE_MS / 1000)]),
    );
    const look = () => host.call('main_get_active_routine');
    expect(dataOf(await look())).toEqual({ routine: '' });
    expect((await look()).error).toMatchObject({ code: 'reply_timeout' });
    expect((await host.call('main_start_routine', { routine: 'JV' })).isError).toBe(false);
    expect(dataOf(await look())).toEqual({ routine: 'JV' });
  });
});
