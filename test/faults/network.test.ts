import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { startHost } from '../helpers/hosts.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { LIT, startStateful } from '../helpers/stateful-instrument.ts';

const opened = closesAfterEach();
/** The longest wait before another dial, and much for a busy machine. */
const BACK_WITHIN_MS = 3000 + 7000;

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('an address', () => {
  it('where nothing listens: refused, nothing was sent, and everybody who waits is told at once', async () => {
    const host = opened(await startHost(['--port', String(await freePort())]));
    const calls = ['led_get_status', 'mux_get_status', 'routine_start_measurement', 'tmpctl_get_status'];
    for (const answer of await Promise.all(calls.map((name) => host.call(name)))) {
      expect(answer.error, answer.text).toMatchObject({ code: 'connection_refused', outcome: 'not_sent' });
      expect(answer.text).toMatch(/Is the ARKEO application running, with its API server switched on/);
      expect(answer.text).toMatch(/--simulator.*arkeo-mcp doctor/);
    }
  });

  it('whose name cannot be looked up', async () => {
    const host = opened(await startHost(['--host', 'no-such-host.invalid', '--connect-timeout', '20']));
    for (const name of ['led_get_status', 'routine_start_measurement']) {
      const answer = await host.call(name);
      expect(answer.error, answer.text).toMatchObject({ code: 'host_not_found', outcome: 'not_sent' });
      expect(answer.text).toMatch(/the name no-such-host.invalid could not be looked up/);
      expect(answer.text).toMatch(/Check the spelling of the host name, or use the IP address/);
    }
    const status = await host.call('instrument_status');
    expect(status.text).toMatch(/^ALARM: NOT CONNECTED.*could not be looked up/);
  });
});

describe('an instrument that goes away', () => {
  it('while nothing is asked: the next command is sent once, to a fresh connection', async () => {
    const instrument = opened(await startStateful());
    const host = opened(await startHost(['--port', String(instrument.port)]));
    for (const leave of ['end', 'resetAndDestroy', 'destroy'] as const) {
      await host.call('routine_clear_errors');
      const { connections } = instrument;
      for (const socket of instrument.sockets) socket[leave]();
      await expect.poll(() => instrument.sockets.size).toBe(0);
      const before = instrument.received.length;
      const answer = await host.call('routine_clear_errors');
      expect(answer, `${leave}: ${answer.text}`).toMatchObject({ isError: false });
      const sent = instrument.received.slice(before).filter(({ command }) => command === 'ClearErrors');
      expect(sent).toHaveLength(1);
      expect(sent[0]?.connection).toBe(connections + 1);
    }
  });

  it('and comes back much later: meanwhile every call is told, then the next works; nothing was kept for later', async () => {
    const first = await startStateful();
    const { port } = first;
    const host = opened(await startHost(['--port', String(port)]));
    expect((await host.call('led_set_values', { address: 1, values: LIT })).isError).toBe(false);
    await first.close();
    // As many failures as it takes for the wait between two dials to be the longest.
    for (let i = 0; i < 7; i++) {
      const answer = await host.call(i % 2 === 0 ? 'led_get_status' : 'routine_start_measurement');
      expect(answer.error, answer.text).toMatchObject({ outcome: 'not_sent' });
      expect(answer.error?.['code']).toBe('connection_refused');
    }
    const status = await host.call('instrument_status');
    expect(status).toMatchObject({
      isError: false,
      structured: {
        connection: { state: 'not_connected', last_error: expect.stringContaining('refused') },
        ours: ['LED board 1'],
      },
    });
    const back = opened(await startStateful(undefined, port));
    const began = performance.now();
    const answer = await host.call('led_get_status');
    expect(answer, answer.text).toMatchObject({ isError: false });
    expect(performance.now() - began).toBeLessThan(BACK_WITHIN_MS);
    expect(back.connections).toBe(1);
    expect(back.received.map(({ command }) => command)).toEqual(['GetStatus']);
    expect((await host.call('routine_start_measurement')).isError).toBe(false);
    expect(back.received.filter(({ command }) => command === 'StartMeasurement')).toHaveLength(1);
  });

  it('without a word, so that the old connection stays silent: found by a read, and the next call is well', async () => {
    let dead = false;
    const instrument = opened(
      await startStateful((_, { connection }) => (dead && connection === 1 ? 'silent' : undefined)),
    );
    const host = opened(await startHost(['--port', String(instrument.port), '--request-timeout', '1']));
    await host.call('led_get_status');
    dead = true;
    const lost = await host.call('routine_start_measurement');
    expect(lost.error, lost.text).toMatchObject({ code: 'reply_timeout', outcome: 'not_sent' });
    const again = await host.call('routine_start_measurement');
    expect(again, again.text).toMatchObject({ isError: false });
    const starts = instrument.received.filter(({ command }) => command === 'StartMeasurement');
    expect(starts.map(({ connection }) => connection)).toEqual([2]);
  });
});
