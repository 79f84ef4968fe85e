import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/simulator/clock.ts';
import { Instrument } from '../../src/simulator/instrument.ts';
import { serveInstrument } from '../../src/simulator/server.ts';
import { type Host, startHost, type ToolResult } from '../helpers/hosts.ts';
import { idIn } from '../helpers/measuring.ts';

const JV = { light_source: '12_led', light_level_percent: 100, wait_s: 0 };

/** A built server that measures on a simulator, on its way. */
async function measuring(onTestFinished: (close: () => Promise<void>) => void, speed = 5) {
  const make = (): Instrument =>
    new Instrument({ clock: systemClock(speed), seed: 1, dialect: 'newest', version: 'test' });
  const sent: string[] = [];
  const onRequest = ({ target, command }: { target: string; command: string }): void =>
    void sent.push(`${target}.${command}`);
  let instrument = make();
  let server = await serveInstrument(instrument, { onRequest });
  const { port } = server;
  const host = await startHost(['--port', String(port)]);
  onTestFinished(async () => {
    await host.close();
    await server.close();
  });
  const started = await host.call('measure_jv', JV);
  expect(started.structured, started.text).toMatchObject({ state: 'running' });
  await vi.waitFor(
    async () => {
      const { structured } = await host.call('wait_for_measurement', { wait_s: 0 });
      expect(structured).toMatchObject({ state: 'running' });
      expect(Number(structured?.['percent'] ?? 0)).toBeGreaterThan(10);
    },
    { timeout: 20_000, interval: 20 },
  );
  return {
    host,
    sent,
    atTheScreen: (command: string) =>
      instrument.handle({ target: 'ROUTINE', command, parameter: {}, requestId: 1 }),
    cut: () => server.close(),
    back: async (how: 'same' | 'restarted'): Promise<void> => {
      if (how === 'restarted') instrument = make();
      server = await serveInstrument(instrument, { port, onRequest });
    },
  };
}

const outcome = (host: Host): Promise<ToolResult> => host.call('wait_for_measurement', { wait_s: 50 });
const count = (sent: readonly string[], name: string): number => sent.filter((one) => one === name).length;

async function keptAs({ text }: ToolResult, host: Host): Promise<Record<string, unknown>> {
  const kept = await host.call('get_measurement', { id: idIn(text) });
  expect(kept.isError, kept.text).toBe(false);
  return kept.structured ?? {};
}

async function measuresAgain(host: Host): Promise<void> {
  const again = await host.call('measure_jv', { ...JV, wait_s: 50, note: 'again' });
  expect(again.structured, again.text).toMatchObject({ state: 'complete' });
}

// Four servers that measure at once.
describe.concurrent('in the middle of a measurement', { timeout: 90_000 }, () => {
  it('the ARKEO application is restarted: failed, with what is known; the same server measures again', async ({
    onTestFinished,
  }) => {
    const { host, sent, cut, back } = await measuring(onTestFinished);
    await cut();
    await back('restarted');
    const answer = await outcome(host);
    expect(answer.error, answer.text).toMatchObject({ code: 'routine_closed', outcome: 'unknown' });
    expect(answer.text).toMatch(/closed at the screen, or the ARKEO application was restarted/);
    expect(answer.text).toMatch(/Next: Ask the person at the ARKEO what happened, then measure again/);
    expect(await keptAs(answer, host)).toMatchObject({ state: 'failed' });
    expect(count(sent, 'ROUTINE.StartMeasurement')).toBe(1);
    expect(count(sent, 'ROUTINE.StopMeasurement')).toBe(0);
    await measuresAgain(host);
  });

  it('its window is closed by the person at the screen: failed, and nothing of theirs is touched', async ({
    onTestFinished,
  }) => {
    const { host, sent, atTheScreen } = await measuring(onTestFinished);
    atTheScreen('CloseRoutine');
    const answer = await outcome(host);
    expect(answer.error, answer.text).toMatchObject({ code: 'routine_closed', outcome: 'unknown' });
    expect(await keptAs(answer, host)).toMatchObject({ state: 'failed' });
    expect(count(sent, 'ROUTINE.StopMeasurement')).toBe(0);
    await measuresAgain(host);
  });

  it('the person at the screen stops it: what was measured is kept as stopped', async ({
    onTestFinished,
  }) => {
    // Slowly: how early it ended is told by how far it was when it was last looked at.
    const { host, sent, atTheScreen } = await measuring(onTestFinished, 1);
    atTheScreen('StopMeasurement');
    const answer = await outcome(host);
    expect(answer.structured, answer.text).toMatchObject({ state: 'stopped' });
    expect(answer.text).toMatch(/it ended early, \d+ of 132 points/);
    expect(count(sent, 'ROUTINE.StopMeasurement')).toBe(0);
  });

  it('the network is away and comes back: the measurement is complete, started once', async ({
    onTestFinished,
  }) => {
    const { host, sent, cut, back } = await measuring(onTestFinished);
    await cut();
    const away = await vi.waitFor(
      async () => {
        const answer = await host.call('wait_for_measurement', { wait_s: 0 });
        expect(answer.text).toMatch(/no connection for \d+ s; the instrument may be going on by itself/);
        return answer;
      },
      { timeout: 20_000, interval: 20 },
    );
    expect(away.structured).toMatchObject({ state: 'running' });
    await back('same');
    const answer = await outcome(host);
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete' });
    expect(answer.text).toContain('132 rows');
    expect(count(sent, 'ROUTINE.StartMeasurement')).toBe(1);
  });
});
