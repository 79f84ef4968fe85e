import { expect, it } from 'vitest';
import { startHost } from '../helpers/hosts.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { startStateful } from '../helpers/stateful-instrument.ts';
import { startFake } from '../helpers/fake-instrument.ts';
import { oneAtATime } from '../helpers/one-at-a-time.ts';
import { dataOf } from './bench.ts';

const opened = closesAfterEach();

it('two servers on one instrument: each is answered what it asked, over a connection of its own', async () => {
  const instrument = opened(
    await startFake((request, { reply }) => {
      // As if it had to think, so that both have a request open.
      setTimeout(
        () =>
          reply(request, { status: 'OK', data: { routine: `${request.connection}: ${request.request_id}` } }),
        request.request_id % 5,
      );
    }),
  );
  const args = ['--port', String(instrument.port)];
  const hosts = [opened(await startHost(args)), opened(await startHost(args))];
  const answers = await Promise.all(
    hosts.map((host) =>
      Promise.all(Array.from({ length: 50 }, async () => dataOf(await host.call('main_get_active_routine')))),
    ),
  );
  expect(instrument.connections).toBe(2);
  const received = [1, 2].map((of) =>
    instrument.received.flatMap((r) => (r.connection === of ? [`${of}: ${r.request_id}`] : [])),
  );
  const told = answers.map((some) => some.map((data) => data?.['routine']));
  expect(told.map((some) => new Set(some).size)).toEqual([50, 50]);
  // Which server came first is not said.
  expect(new Set(told.map(String))).toEqual(new Set(received.map(String)));
});

it('an instrument that serves one client at a time: the second is told what may be, and works once the first has left', async () => {
  const instrument = opened(
    await startFake(
      (request, { reply }) => reply(request, { status: 'OK', data: { routine: 'JV' } }),
      oneAtATime,
    ),
  );
  const args = ['--port', String(instrument.port), '--request-timeout', '2'];
  const first = await startHost(args);
  const second = opened(await startHost(args));
  expect((await first.call('main_get_active_routine')).isError).toBe(false);
  const command = await second.call('routine_start_measurement');
  expect(command.error, command.text).toMatchObject({ code: 'reply_timeout', outcome: 'not_sent' });
  expect(command.text).toMatch(/does no other program hold the only connection\?/);
  await first.close();
  const again = await second.call('main_get_active_routine');
  expect(again, again.text).toMatchObject({ isError: false });
});

it('a run that another server started is neither started again nor stopped in passing', async () => {
  const instrument = opened(await startStateful());
  const args = ['--port', String(instrument.port)];
  const [a, b] = [opened(await startHost(args)), opened(await startHost(args))];
  expect((await a.call('routine_start_measurement')).isError).toBe(false);
  const start = await b.call('routine_start_measurement');
  expect(start.error, start.text).toMatchObject({ outcome: 'not_sent' });
  const shut = await b.call('safe_shutdown');
  expect(shut.text).toMatch(/not started by this server/);
  expect(instrument.state.running).toBe(true);
  const sent = instrument.received.map(({ command }) => command);
  expect(sent.filter((name) => name === 'StartMeasurement')).toHaveLength(1);
  expect(sent).not.toContain('StopMeasurement');
});
