import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { closesAfterEach } from '../helpers/open.ts';
import { type Running, run } from '../helpers/server.ts';
import { DARK, LIT, startStateful } from '../helpers/stateful-instrument.ts';

const opened = closesAfterEach();
/** 3.5 s, and what a busy machine adds. */
const GONE_MS = 4500;

const initialize = {
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'by hand', version: '1' } },
};

function talkTo(server: Running) {
  opened({ close: () => server.child.kill('SIGKILL') });
  const send = (message: object): void =>
    void server.child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  send(initialize);
  let id = 1;
  return {
    send: (name: string, args = {}) => {
      send({ id: ++id, method: 'tools/call', params: { name, arguments: args } });
      return id;
    },
    /** Asks for the longest answer that takes no time. */
    list: () => send({ id: ++id, method: 'tools/list' }),
    answer: async (to: number): Promise<string> => {
      const is = new RegExp(`"id":${to}[,}]`);
      return (await server.printed(is)).split('\n').find((line) => is.test(line)) ?? '';
    },
  };
}

/** How long the server takes to be gone after its host. */
async function endOf(server: Running): Promise<number> {
  const began = performance.now();
  server.child.kill('SIGTERM');
  await server.finished;
  return performance.now() - began;
}

// The pipe that hangs is one of POSIX.
describe.skipIf(process.platform === 'win32')('a data folder that does not answer any more', () => {
  it('holds up neither switching off nor the end of the program, and its absence is said', {
    timeout: 60_000,
  }, async () => {
    const instrument = opened(await startStateful());
    const folder = mkdtempSync(path.join(process.env['TEST_DATA_DIR'] ?? tmpdir(), 'stalled-data-'));
    const when = path.join(mkdtempSync(path.join(tmpdir(), 'stalled-when-')), 'now');
    const preload = pathToFileURL(path.resolve('test/helpers/stalled-disk.mjs')).href;
    const server = run(['--port', String(instrument.port), '--confirm', 'never', '--data-dir', folder], {
      NODE_OPTIONS: `--import ${preload}`,
      STALLED_FOLDER: folder,
      STALLED_WHEN: when,
    });
    const { send, answer } = talkTo(server);
    await answer(send('instrument_status'));
    writeFileSync(when, '');
    await answer(send('led_set_values', { address: 1, values: LIT }));
    expect(instrument.state.leds[1]).toEqual(LIT);

    const off = send('safe_shutdown', { scope: 'everything' });
    await expect.poll(() => instrument.state.leds[1]).toEqual(DARK);
    const said = await answer(off);
    expect(said).toContain('NOT SAFE');
    expect(said).toMatch(/data folder .* does not answer|disk does not answer/);

    await answer(send('mux_set_status', { state: [true, false, false, false] }));
    expect(await endOf(server)).toBeLessThan(GONE_MS);
    expect(instrument.state.relays).not.toContain(true);
  });
});

describe('a host that reads nothing any more', () => {
  it('holds up neither switching off nor the end of the program', { timeout: 60_000 }, async () => {
    const instrument = opened(await startStateful());
    const server = run(['--port', String(instrument.port), '--confirm', 'never']);
    const { send, list, answer } = talkTo(server);
    await answer(send('led_set_values', { address: 1, values: LIT }));
    server.child.stdout?.pause();
    for (let i = 0; i < 50; i++) list();
    send('mux_set_status', { state: [true, false, false, false] });
    await expect.poll(() => instrument.state.relays, { timeout: 30_000 }).toContain(true);
    const began = performance.now();
    server.child.kill('SIGTERM');
    await new Promise((resolve) => server.child.once('exit', resolve));
    expect(performance.now() - began).toBeLessThan(GONE_MS);
    expect(instrument.state).toMatchObject({ leds: { 1: DARK }, relays: [false, false, false, false] });
  });

  it('ends the server before its answers fill the memory, with everything off', {
    timeout: 60_000,
  }, async () => {
    const instrument = opened(await startStateful());
    const server = run(['--port', String(instrument.port), '--confirm', 'never']);
    const { send, list, answer } = talkTo(server);
    await answer(send('led_set_values', { address: 1, values: LIT }));
    server.child.stdout?.pause();
    const exited = new Promise<number | null>((resolve) => server.child.once('exit', resolve));
    server.child.stdin?.on('error', () => undefined);
    for (let i = 0; i < 40_000 && server.child.exitCode === null; i++) {
      list();
      if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await exited).toBe(1);
    expect(instrument.state.leds[1]).toEqual(DARK);
  });
});
