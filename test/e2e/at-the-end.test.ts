import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { connectTo } from '../helpers/connection.ts';
import { startFake } from '../helpers/fake-instrument.ts';
import { type Host, startHost } from '../helpers/hosts.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { type Running, run } from '../helpers/server.ts';
import { DARK, LIT, startStateful } from '../helpers/stateful-instrument.ts';

const opened = closesAfterEach();
const RELAYS = Array.from({ length: 8 }, () => false);

/** A server spoken to by hand, so that it can be ended in every way. */
function serverOn(port: number, ...options: string[]) {
  const server = run(['--port', String(port), '--confirm', 'never', '--log-level', 'warn', ...options]);
  opened({ close: () => server.child.kill('SIGKILL') });
  let id = 1;
  const send = (message: object): void =>
    void server.child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const clientInfo = { name: 'by hand', version: '1' };
  send({ id, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } });
  return {
    server,
    /** Calls a tool; resolves when it is answered. */
    use: async (name: string, args: object = {}): Promise<string> => {
      const mine = ++id;
      send({ id: mine, method: 'tools/call', params: { name, arguments: args } });
      const printed = await server.printed(new RegExp(`"id":${mine}[,}]`));
      const line = printed.split('\n').find((one) => new RegExp(`"id":${mine}[,}]`).test(one)) ?? '';
      expect(line).not.toContain('"isError":true');
      return line;
    },
  };
}

/** Windows has none of them: there a host closes standard input, or kills. */
const SIGNALS = process.platform === 'win32' ? [] : (['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const);

type End = (server: Running) => unknown;
const ENDS: readonly (readonly [string, End])[] = [
  ['standard input ends', ({ child }) => child.stdin?.end()],
  ...SIGNALS.map((signal): [string, End] => [signal, ({ child }) => child.kill(signal)]),
  ...SIGNALS.map((signal): [string, End] => [
    `${signal} twice within 5 ms`,
    ({ child }) => apart(child, [signal, signal]),
  ]),
  ...(SIGNALS.length === 0
    ? []
    : [['all signals, 5 ms apart', ({ child }: Running) => apart(child, SIGNALS)] as const]),
];

function apart(child: ChildProcess, signals: readonly NodeJS.Signals[]): void {
  for (const [i, signal] of signals.entries()) setTimeout(() => child.kill(signal), 5 * i);
}

/** Somebody else at the simulator. */
function otherOn(simulator: Simulator) {
  const connection = opened(connectTo(simulator));
  return async (target: string, command: string, parameter: Record<string, unknown> = {}) => {
    const { reply } = await connection.send({
      request: { target, command, parameter },
      kind: command.startsWith('Get') ? 'read' : 'write',
      parameterKey: 'parameter',
      timeoutMs: 5000,
    });
    return JSON.stringify('data' in reply ? reply.data : reply);
  };
}

/** What a server has noted on the disk of what it switched on. */
async function recorded(folder: string): Promise<string> {
  const names = await readdir(path.join(folder, 'servers')).catch(() => []);
  const [name] = names.filter((one) => one.endsWith('.json'));
  return name === undefined ? '' : readFile(path.join(folder, 'servers', name), 'utf8');
}

async function untilReady(other: ReturnType<typeof otherOn>, state = 'Ready'): Promise<void> {
  await expect.poll(() => other('ROUTINE', 'GetTestStatus'), { timeout: 10_000 }).toContain(`"${state}"`);
}

describe.each(ENDS)('%s', (_, end) => {
  it('what this server switched on goes off', async () => {
    const simulator = opened(await startSimulator({ speed: 5 }));
    const other = otherOn(simulator);
    const { server, use } = serverOn(simulator.port);
    await use('main_start_routine', { routine: 'JV' });
    await untilReady(other);
    await use('led_set_values', { values: LIT });
    await use('mux_set_status', { state: RELAYS.with(2, true) });
    await use('tmpctl_set_temperature', { temperature: 40 });
    await use('tmpctl_set_enable', { enable: true });
    await use('routine_start_measurement');
    end(server);
    expect((await server.finished).code).toBe(0);
    // Nor is the window left in the way of the next server.
    expect(await other('ROUTINE', 'GetTestStatus')).toContain('no active routine');
    expect(await other('LED', 'GetStatus')).toContain(JSON.stringify(DARK));
    expect(await other('MUX', 'GetStatus')).toContain(JSON.stringify(RELAYS));
    expect(await other('TMPCTL', 'GetStatus')).toContain('"Not Active"');
  });
});

it('a measurement with the laser on is ended, and the laser goes off', async () => {
  const lasers: unknown[] = [];
  const simulator = opened(
    await startSimulator({
      speed: 1,
      onRequest: ({ command, parameter }) => {
        if (command === 'SetLaser') lasers.push(parameter);
      },
    }),
  );
  const { server, use } = serverOn(simulator.port);
  await use('measure_tcspc', { switch_laser: true, wait_s: 0 });
  await expect.poll(() => lasers.length, { timeout: 15_000 }).toBe(1);
  server.child.stdin?.end();
  expect((await server.finished).code).toBe(0);
  expect(lasers.at(-1)).toMatchObject({ laser: false });
});

it('a measurement that was asked to go on goes on, and that is said', async () => {
  const simulator = opened(await startSimulator({ speed: 1 }));
  const other = otherOn(simulator);
  const { server, use } = serverOn(simulator.port);
  await use('measure_stabilised_power', { duration_s: 600, keep_running: true, wait_s: 0 });
  await untilReady(other, 'Running');
  server.child.stdin?.end();
  const { code, stderr } = await server.finished;
  expect(code).toBe(0);
  expect(stderr).toContain('asked to go on is left running');
  expect(await other('ROUTINE', 'GetTestStatus')).toContain('"Running"');
});

it('what others switched on stays on', async () => {
  const simulator = opened(await startSimulator({ speed: 20 }));
  const other = otherOn(simulator);
  await other('MAIN', 'StartRoutine', { routine: 'JV' });
  await untilReady(other);
  await other('LED', 'SetValues', { address: 1, values: LIT });
  await other('TMPCTL', 'SetEnable', { enable: true });
  const { server, use } = serverOn(simulator.port);
  await use('mux_set_status', { state: RELAYS.with(1, true) });
  server.child.kill('SIGTERM');
  await server.finished;
  expect(await other('LED', 'GetStatus')).toContain(JSON.stringify(LIT));
  expect(await other('TMPCTL', 'GetStatus')).not.toContain('"Not Active"');
  expect(await other('MUX', 'GetStatus')).toContain(JSON.stringify(RELAYS));
  expect(await other('MAIN', 'GetActiveRoutine')).toContain('JV');
});

it('--on-exit leave leaves it, and says so', async () => {
  const simulator = opened(await startSimulator());
  const { server, use } = serverOn(simulator.port, '--on-exit', 'leave');
  await use('led_set_values', { values: LIT });
  server.child.stdin?.end();
  expect((await server.finished).stderr).toContain('LEFT SWITCHED ON');
  expect(await otherOn(simulator)('LED', 'GetStatus')).toContain(JSON.stringify(LIT));
});

it('an instrument that hangs does not hold the server up: it ends and says what is left on', async () => {
  let hangs = false;
  const instrument = opened(await startStateful(() => (hangs ? 'silent' : undefined)));
  const { server, use } = serverOn(instrument.port);
  await use('led_set_values', { address: 1, values: LIT });
  hangs = true;
  server.child.stdin?.end();
  const { code, stderr } = await server.finished;
  expect(code).toBe(0);
  expect(stderr).toMatch(/LEFT SWITCHED ON/);
  expect(stderr).toContain('LED board 1');
}, 15_000);

it('what waits to be sent is not sent behind it', async () => {
  let asked = (): void => undefined;
  const looked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  let answer = (): void => undefined;
  const instrument = opened(
    await startFake((request, { reply }) => {
      if (request.command !== 'GetActiveRoutine')
        return reply(request, { status: 'OK', data: { routine_status: 'Ready' } });
      answer = () => reply(request, { status: 'OK', data: { routine: '' } });
      return asked();
    }),
  );
  const { server, use } = serverOn(instrument.port);
  void use('led_set_values', { address: 1, values: LIT }).catch(() => undefined);
  await looked;
  server.child.stdin?.end();
  answer();
  await server.finished;
  expect(instrument.received.map(({ command }) => command)).not.toContain('SetValues');
});

/** Nobody switches off for a server that was killed where everything is left. */
const KILLED = ['--on-exit', 'leave', '--data-dir'] as const;

describe('a server that was killed', () => {
  const setUp = async (
    speed = 50,
  ): Promise<{ simulator: Simulator; folder: string; next: () => Promise<Host> }> => {
    const simulator = opened(await startSimulator({ speed }));
    const folder = await mkdtemp(path.join(tmpdir(), 'killed-'));
    opened({ close: () => rm(folder, { recursive: true, force: true }) });
    const args = ['--port', String(simulator.port), '--data-dir', folder];
    return { simulator, folder, next: async () => opened(await startHost(args)) };
  };

  it('has what it left on reported by the next, until that is off', async () => {
    const { simulator, folder, next } = await setUp();
    const { server, use } = serverOn(simulator.port, ...KILLED, folder);
    await use('led_set_values', { values: LIT });
    await expect.poll(() => recorded(folder)).toContain('"leds"');
    server.child.kill('SIGKILL');
    await server.finished;
    const host = await next();
    const status = await host.call('instrument_status');
    expect(status.structured).toMatchObject({
      ours: [],
      left_over: [expect.stringContaining('LED board 1')],
      alarms: [expect.any(String)],
    });
    // What is not its own it does not switch off by itself.
    expect((await host.call('safe_shutdown')).structured).toMatchObject({ safe: false });
    expect((await host.call('instrument_status')).structured).toMatchObject({
      left_over: [expect.any(String)],
    });
    const off = await host.call('safe_shutdown', { scope: 'everything' });
    expect(off.structured, off.text).toMatchObject({ safe: true });
    expect((await host.call('instrument_status')).structured).toMatchObject({ left_over: [] });
  });

  it('left a measurement going, which is reported for as long as it goes', async () => {
    const { simulator, folder, next } = await setUp(1);
    const { server, use } = serverOn(simulator.port, ...KILLED, folder);
    const other = otherOn(simulator);
    await use('main_start_routine', { routine: 'JV' });
    await untilReady(other);
    await use('routine_start_measurement', {});
    await expect.poll(() => recorded(folder)).toContain('"run"');
    server.child.kill('SIGKILL');
    await server.finished;
    const host = await next();
    expect((await host.call('instrument_status')).structured).toMatchObject({
      left_over: [expect.stringContaining('a measurement')],
    });
    await other('ROUTINE', 'StopMeasurement');
    await untilReady(other);
    expect((await host.call('instrument_status')).structured).toMatchObject({ left_over: [] });
  });

  it('left a laser on, which no instrument shows: the report stays until it was switched off', async () => {
    const { simulator, folder, next } = await setUp();
    const { server, use } = serverOn(simulator.port, ...KILLED, folder);
    await use('main_start_routine', { routine: 'Luminescence' });
    await untilReady(otherOn(simulator));
    await use('luminescence_set_laser', { channel: 1, intensity: 30 });
    await expect.poll(() => recorded(folder)).toContain('laser');
    server.child.kill('SIGKILL');
    await server.finished;
    await otherOn(simulator)('ROUTINE', 'CloseRoutine');
    const host = await next();
    const failed = await host.call('safe_shutdown', { scope: 'everything' });
    expect(failed.structured).toMatchObject({
      simulated: true,
      safe: false,
      alarms: [expect.stringContaining('"Luminescence", which is not open now')],
    });
    expect((await host.call('instrument_status')).structured).toMatchObject({
      left_over: [expect.any(String)],
    });
    await host.call('main_start_routine', { routine: 'Luminescence' });
    await untilReady(otherOn(simulator));
    const off = await host.call('safe_shutdown', { scope: 'everything' });
    expect(off.structured, off.text).toMatchObject({ safe: true });
    expect((await host.call('instrument_status')).structured).toMatchObject({ left_over: [] });
  });

  it('is told from one that lives: that one is neither reported nor switched off', async () => {
    const { simulator, folder, next } = await setUp();
    const { use } = serverOn(simulator.port, ...KILLED, folder);
    await use('led_set_values', { values: LIT });
    const host = await next();
    expect((await host.call('instrument_status')).structured).toMatchObject({ left_over: [], ours: [] });
    await host.call('safe_shutdown');
    await host.close();
    expect(await otherOn(simulator)('LED', 'GetStatus')).toContain(JSON.stringify(LIT));
  });
});
