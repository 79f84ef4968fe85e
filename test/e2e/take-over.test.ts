import { expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/server.ts';
import { connectTo } from '../helpers/connection.ts';
import { type Host, type Person, startHost } from '../helpers/hosts.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { startStateful } from '../helpers/stateful-instrument.ts';
import { toolsOn } from '../helpers/tools.ts';

const opened = closesAfterEach();

/** A server at an instrument on which somebody else has opened a window. */
async function beside(routine: string, answer: () => Awaited<ReturnType<Person>>) {
  const sent: string[] = [];
  const simulator = opened(
    await startSimulator({
      speed: 50,
      onRequest: ({ target, command }) => sent.push(`${target}.${command}`),
    }),
  );
  const connection = opened(connectTo(simulator));
  const other = (target: string, command: string, parameter = {}) =>
    connection.send({
      request: { target, command, parameter },
      kind: 'write',
      parameterKey: 'parameter',
      timeoutMs: 5000,
    });
  await other('MAIN', 'StartRoutine', { routine });
  const questions: string[] = [];
  const start = async (): Promise<Host> =>
    opened(
      await startHost(
        ['--port', String(simulator.port), '--confirm', 'hazardous'],
        undefined,
        {},
        (question) => {
          questions.push(question);
          return answer();
        },
      ),
    );
  const host = await start();
  sent.length = 0;
  return { host, start, questions, sent, other };
}

const YES = { action: 'accept', content: { agree: true } } as const;

it.each(['main_start_routine', 'routine_close_routine'] as const)(
  '%s touches the window of somebody else only with take_over and a yes',
  async (tool) => {
    let reply: Awaited<ReturnType<Person>> = { action: 'decline' };
    const { host, questions, sent } = await beside('Impedance', () => reply);
    const args = tool === 'main_start_routine' ? { routine: 'JV' } : {};
    const command = tool === 'main_start_routine' ? 'MAIN.StartRoutine' : 'ROUTINE.CloseRoutine';
    const plain = await host.call(tool, args);
    expect(plain.error, plain.text).toMatchObject({ code: 'window_not_ours', outcome: 'not_sent' });
    expect(plain.text).toMatch(/"Impedance".*take_over/s);
    expect(questions).toEqual([]);
    const declined = await host.call(tool, { ...args, take_over: true });
    expect(declined.error).toMatchObject({ code: 'not_agreed' });
    expect(questions).toEqual([
      expect.stringMatching(/"Impedance".*somebody else|somebody else.*"Impedance"/),
    ]);
    expect(sent).not.toContain(command);
    reply = YES;
    await host.call(tool, { ...args, take_over: true });
    expect(sent).toContain(command);
    expect(questions).toHaveLength(2);
  },
);

it('a window of the routine that is wanted is used while it is idle, and stays whose it is', async () => {
  const { host, questions, sent } = await beside('JV', () => ({ action: 'decline' }));
  const measured = await host.call('measure_jv', { wait_s: 20 });
  expect(measured.isError, measured.text).toBe(false);
  expect((await host.call('routine_close_routine')).error).toMatchObject({ code: 'window_not_ours' });
  expect(sent).not.toContain('ROUTINE.CloseRoutine');
  expect(questions).toEqual([]);
});

it('also where the instrument takes opening it again for done', async () => {
  const instrument = opened(await startStateful());
  const tools = opened(toolsOn(instrument.port));
  expect((await tools.call('main_start_routine', { routine: 'JV' })).isError).toBe(false);
  expect((await tools.call('routine_close_routine')).error).toMatchObject({ code: 'window_not_ours' });
});

it('what one server opened and switched on, another one on the same instrument neither owns nor touches', async () => {
  const { host, start, other } = await beside('Impedance', () => ({ action: 'decline' }));
  await other('ROUTINE', 'CloseRoutine');
  expect((await host.call('main_start_routine', { routine: 'JV' })).isError).toBe(false);
  const second = await start();
  expect((await second.call('instrument_status')).structured).toMatchObject({ ours: [], left_over: [] });
  expect((await second.call('routine_close_routine')).error).toMatchObject({ code: 'window_not_ours' });
  expect((await second.call('main_start_routine', { routine: 'IPCE' })).error).toMatchObject({
    code: 'window_not_ours',
  });
  expect((await host.call('routine_close_routine')).isError).toBe(false);
});
