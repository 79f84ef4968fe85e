import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/server.ts';
import { startFake } from '../helpers/fake-instrument.ts';
import { startHost } from '../helpers/hosts.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { BIN, cleanEnvironment, type Running, run } from '../helpers/server.ts';
import { DARK, LIT, startStateful } from '../helpers/stateful-instrument.ts';

const opened = closesAfterEach();

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};
const callStatus = {
  jsonrpc: '2.0',
  id: 2,
  method: 'tools/call',
  params: { name: 'instrument_status', arguments: {} },
};

function write({ child }: Running, ...messages: unknown[]): void {
  for (const message of messages) child.stdin?.write(`${JSON.stringify(message)}\n`);
}

/** A server that has talked to the instrument and keeps its connection open. */
async function inUse(): Promise<{ server: Running; connections: () => number }> {
  const simulator = opened(await startSimulator());
  const server = run(['--port', String(simulator.port)]);
  write(server, initialize, callStatus);
  await server.printed(/"id":2/);
  expect(simulator.connections).toBe(1);
  return { server, connections: () => simulator.connections };
}

describe('the end of the server', () => {
  it.each([
    ['standard input ends', ({ child }: Running) => child.stdin?.end()],
    ['SIGTERM', ({ child }: Running) => child.kill('SIGTERM')],
    ['SIGINT', ({ child }: Running) => child.kill('SIGINT')],
  ])('%s: it closes the connection and exits', async (_, end) => {
    const { server, connections } = await inUse();
    end(server);
    expect((await server.finished).code).toBe(0);
    await expect.poll(connections).toBe(0);
  });

  it('comes at once while a request hangs', async () => {
    const instrument = opened(await startFake(() => undefined));
    const server = run(['--port', String(instrument.port)]);
    write(server, initialize, callStatus);
    await instrument.requests(1);
    server.child.stdin?.end();
    expect((await server.finished).code).toBe(0);
  });

  it('also when standard input ends before the first message', async () => {
    const server = run([]);
    server.child.stdin?.end();
    expect((await server.finished).code).toBe(0);
  });
});

it('writes nothing but MCP messages to standard output', async () => {
  const { server } = await inUse();
  server.child.stdin?.end();
  const { stdout, stderr } = await server.finished;
  const messages = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { jsonrpc: string });
  expect(messages.length).toBeGreaterThanOrEqual(2);
  expect(new Set(messages.map(({ jsonrpc }) => jsonrpc))).toEqual(new Set(['2.0']));
  expect(stderr).toContain('serves MCP on stdio');
});

it('may be started twice on the same instrument, and connects only when used', async () => {
  const simulator = opened(await startSimulator());
  const args = ['--port', String(simulator.port)];
  const [a, b] = [opened(await startHost(args)), opened(await startHost(args))];
  expect(simulator.connections).toBe(0);
  for (const host of [a, b]) {
    expect((await host.call('instrument_status')).structured).toMatchObject({
      connection: { state: 'connected' },
    });
  }
  expect(simulator.connections).toBe(2);
});

it('reports an instrument that is not there as a state, and finds it when it comes', async () => {
  const spare = await startSimulator();
  const { port } = spare;
  await spare.close();
  const host = opened(await startHost(['--port', String(port)]));
  const away = await host.call('instrument_status');
  expect(away).toMatchObject({
    isError: false,
    structured: { connection: { state: 'not_connected' }, simulated: null },
  });
  expect(away.text).toMatch(/^ALARM: NOT CONNECTED.*connection refused/);
  const refused = await host.call('led_get_status');
  expect(refused).toMatchObject({
    isError: true,
    error: { code: 'connection_refused', outcome: 'not_sent', target: 'LED' },
  });

  opened(await startSimulator({ port }));
  const back = await host.call('instrument_status');
  expect(back.structured).toMatchObject({
    connection: { state: 'connected', last_error: expect.stringContaining('refused') },
  });
});

it('finishes switching off when the host goes away meanwhile', async () => {
  const instrument = opened(await startStateful());
  const server = run(['--port', String(instrument.port)]);
  const use = (id: number, name: string, args: object) =>
    write(server, { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } });
  write(server, initialize);
  use(2, 'led_set_values', { address: 1, values: LIT });
  await server.printed(/"id":2/);
  use(3, 'tmpctl_set_controller', { address: 1, channel: 1 });
  await server.printed(/"id":3/);
  use(4, 'tmpctl_set_enable', { enable: true });
  await server.printed(/"id":4/);
  const before = instrument.received.length;
  use(5, 'safe_shutdown', {});
  await instrument.requests(before + 1);
  server.child.stdin?.end();
  expect((await server.finished).code).toBe(0);
  expect(instrument.state).toMatchObject({ heating: [false, false], leds: { 1: DARK } });
});

it('goes on when nobody reads standard error', async () => {
  const simulator = opened(await startSimulator());
  const child = spawn(process.execPath, [BIN, '--log-level', 'trace', '--port', String(simulator.port)], {
    env: cleanEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  opened({ close: () => child.kill('SIGKILL') });
  child.stderr.pause();
  let answers = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    answers += chunk.toString().split('"jsonrpc"').length - 1;
  });
  child.stdin.write(`${JSON.stringify(initialize)}\n`);
  for (let id = 2; id < 302; id++) child.stdin.write(`${JSON.stringify({ ...callStatus, id })}\n`);
  await expect.poll(() => answers, { timeout: 20_000 }).toBe(301);
});

it('ends, rather than stay deaf, when a message is longer than it can read', async () => {
  const server = run([]);
  write(server, initialize);
  await server.printed(/"id":1/);
  server.child.stdin?.on('error', () => undefined);
  server.child.stdin?.write(`{"jsonrpc":"2.0","id":2,"method":"${'x'.repeat(11 * 1024 * 1024)}`);
  expect((await server.finished).code).toBe(1);
});
