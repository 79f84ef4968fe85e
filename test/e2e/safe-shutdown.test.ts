import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { connectTo } from '../helpers/connection.ts';
import { startFake } from '../helpers/fake-instrument.ts';
import { type Host, startHost, type ToolResult } from '../helpers/hosts.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { untilStatus } from '../helpers/routine.ts';
import { JV_SETTINGS } from '../helpers/stateful-instrument.ts';
import { startSimulator } from '../../src/simulator/server.ts';

const opened = closesAfterEach();
const LED_ON = Array.from({ length: 12 }, (_, i) => (i === 4 ? 0.5 : 0));
const relay = (closed: number) => Array.from({ length: 8 }, (_, i) => i === closed);

interface Rig {
  host: Host;
  /** Every request since the last call of safe_shutdown, as TARGET.Command. */
  wire: string[];
  /** Somebody else, at the same instrument. */
  other: (target: string, command: string, parameter: Record<string, unknown>) => Promise<unknown>;
}

async function rig(...args: string[]): Promise<Rig> {
  const wire: string[] = [];
  const simulator = opened(
    await startSimulator({
      speed: 20,
      onRequest: ({ target, command }) => wire.push(`${target}.${command}`),
    }),
  );
  const host = opened(await startHost(['--port', String(simulator.port), ...args]));
  const connection = opened(connectTo(simulator));
  return {
    host,
    wire,
    other: (target, command, parameter) =>
      connection.send({
        request: { target, command, parameter },
        kind: 'write',
        parameterKey: 'parameter',
        timeoutMs: 5000,
      }),
  };
}

async function measuring({ host }: Rig): Promise<void> {
  await host.call('main_start_routine', { routine: 'JV' });
  await untilStatus(host, 'Ready');
  await host.call('led_set_values', { values: LED_ON });
  await host.call('mux_set_status', { state: relay(0) });
  await host.call('tmpctl_set_temperature', { temperature: 40 });
  await host.call('tmpctl_set_enable', { enable: true });
  await host.call('routine_start_measurement');
}

const steps = ({ structured }: ToolResult) =>
  z
    .looseObject({ steps: z.array(z.looseObject({ step: z.string(), result: z.string() })) })
    .parse(structured)
    .steps.map(({ step, result }) => [step, result]);

describe('safe_shutdown', () => {
  it('switches off what this server switched on, measurement first', async () => {
    const bench = await rig();
    await measuring(bench);
    bench.wire.length = 0;
    const answer = await bench.host.call('safe_shutdown');
    expect(bench.wire[0]).toBe('ROUTINE.StopMeasurement');
    const order = bench.wire.filter((name) => /Stop|SetValues|SetStatus|SetEnable/.test(name));
    // Temperature control goes off beside the rest, which has an order.
    expect(order.filter((name) => name !== 'TMPCTL.SetEnable')).toEqual([
      'ROUTINE.StopMeasurement',
      'LED.SetValues',
      'MUX.SetStatus',
    ]);
    expect(order).toContain('TMPCTL.SetEnable');
    expect(answer).toMatchObject({ isError: false, structured: { safe: true, simulated: true } });
    expect(steps(answer)).toEqual([
      ['measurement', 'done'],
      ['leds', 'done'],
      ['lasers', 'nothing to do'],
      ['ready', 'done'],
      ['relays', 'done'],
      ['temperature control', 'done'],
    ]);
    const status = await bench.host.call('instrument_status');
    expect(status.structured).toMatchObject({
      routine: 'JV',
      routine_status: 'Ready',
      leds: [{ levels: {} }],
      relays: { closed: [] },
      temperatures: [{ active: false }],
    });
  });

  it('leaves what others did, lists it, and includes it when told to', async () => {
    const bench = await rig();
    await bench.other('MAIN', 'StartRoutine', { routine: 'JV' });
    await untilStatus(bench.host, 'Ready');
    await bench.other('LED', 'SetValues', { address: 1, values: LED_ON });
    await bench.other('MUX', 'SetStatus', { state: relay(2) });
    await bench.other('TMPCTL', 'SetEnable', { enable: true });
    await bench.other('ROUTINE', 'StartMeasurement', {});

    bench.wire.length = 0;
    const ours = await bench.host.call('safe_shutdown', { close_routine: true });
    expect(steps(ours)).toEqual([
      ['measurement', 'left'],
      ['leds', 'left'],
      ['lasers', 'nothing to do'],
      ['relays', 'left'],
      ['temperature control', 'left'],
      ['routine', 'left'],
    ]);
    expect(ours.text).toMatch(/Deep Blue 0.5.*relay 3 closed.*scope "everything"/s);
    expect(bench.wire.filter((name) => !/Get/.test(name))).toEqual([]);

    const everything = await bench.host.call('safe_shutdown', { scope: 'everything', close_routine: true });
    expect(everything.structured, everything.text).toMatchObject({ safe: true });
    expect(
      steps(everything)
        .filter(([step]) => step !== 'lasers')
        .map(([, result]) => result),
    ).toEqual(Array.from({ length: 6 }, () => 'done'));
    const status = await bench.host.call('instrument_status');
    expect(status.structured).toMatchObject({
      routine: null,
      relays: { closed: [] },
      temperatures: [{ active: false }],
    });
  });

  it('has nothing to do on an idle instrument', async () => {
    const bench = await rig();
    const answer = await bench.host.call('safe_shutdown');
    expect(answer.structured).toMatchObject({ safe: true });
    expect(new Set(steps(answer).map(([, result]) => result))).toEqual(new Set(['nothing to do']));
  });

  it('attempts every step whatever the others did, and says first what could not be switched off', async () => {
    let started = false;
    const instrument = opened(
      await startFake((request, { reply, socket }) => {
        const name = `${request.target}.${request.command}`;
        started ||= name === 'ROUTINE.StartMeasurement';
        if (name === 'LED.SetValues' && request.connection > 1)
          reply(request, { status: 'error', error: { code: 7, message: 'driver\u0007 lost' } });
        else if (name === 'MUX.GetStatus' && request.connection > 1) socket.destroy();
        else if (name === 'LED.GetStatus')
          reply(request, {
            status: 'ok',
            data: { connected: true, boards: [{ address: 1, connected: true, values: LED_ON }] },
          });
        else if (name === 'MUX.GetStatus')
          reply(request, { status: 'ok', data: { connected: true, nrRelays: 8, status: relay(1) } });
        else if (name === 'TMPCTL.GetStatus') reply(request, { status: 'OK', data: [] });
        else if (name === 'ROUTINE.GetTestStatus')
          reply(request, { status: 'OK', data: { routine_status: started ? 'Running' : 'Ready' } });
        else reply(request);
      }),
    );
    const host = opened(await startHost(['--port', String(instrument.port)]));
    for (const [name, args] of [
      ['led_set_values', { values: LED_ON }],
      ['mux_set_status', { state: relay(1) }],
      ['tmpctl_set_enable', { enable: true }],
      ['routine_start_measurement', {}],
    ] as const) {
      const done = await host.call(name, args);
      expect(done, done.text).toMatchObject({ isError: false });
    }
    const answer = await host.call('safe_shutdown');
    expect(steps(answer)).toEqual([
      ['measurement', 'done'],
      ['leds', 'FAILED'],
      ['lasers', 'nothing to do'],
      ['ready', 'FAILED'],
      ['relays', 'FAILED'],
      ['temperature control', 'done'],
    ]);
    expect(answer).toMatchObject({
      isError: false,
      structured: { safe: false, alarms: [expect.stringMatching(/leds \(.*error 7: "driver lost"/)] },
    });
  });

  it('waits for no request that hangs, and is not stopped by cancelling it', async () => {
    const instrument = opened(
      await startFake((request, { reply }) => {
        const data: Record<string, unknown> = {
          GetActiveRoutine: { routine: 'JV' },
          GetTestStatus: { routine_status: 'Ready' },
          GetSettings: JV_SETTINGS,
        };
        if (request.command !== 'GetTestData')
          reply(request, { status: 'OK', data: data[request.command] ?? {} });
      }),
    );
    const host = opened(await startHost(['--port', String(instrument.port)]));
    const started = await host.call('routine_start_measurement');
    expect(started, started.text).toMatchObject({ isError: false });
    const hanging = host.call('routine_get_test_data').catch((error: unknown) => error);
    await expect.poll(() => instrument.received.at(-1)?.command).toBe('GetTestData');
    const looked = instrument.received.length;
    const controller = new AbortController();
    const shutdown = host.call('safe_shutdown', {}, { signal: controller.signal }).catch(() => 'given up');
    await instrument.requests(looked + 1);
    controller.abort();
    expect(await shutdown).toBe('given up');
    await expect.poll(() => instrument.received.map(({ target }) => target)).toContain('TMPCTL');
    expect(instrument.received[looked]).toMatchObject({ command: 'StopMeasurement', connection: 2 });
    await host.close();
    await hanging;
  });
});
