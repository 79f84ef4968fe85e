import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Group, startGroup } from '../helpers/group.ts';
import { startHost } from '../helpers/hosts.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { type OnRack, type Rack, startRack } from '../helpers/rack.ts';
import { LIT } from '../helpers/stateful-instrument.ts';

const opened = closesAfterEach();

const RELAYS = Array.from({ length: 8 }, (_, i) => i === 2);
const ALL_OFF: OnRack = { leds: false, relays: false, heating: false, running: false, laser: false };
const ALL_ON: OnRack = { leds: true, relays: true, heating: true, running: true, laser: true };
/** 3 s, and what a busy machine adds. */
const OFF_WITHIN_MS = 3000;

/** Everything that can be on, one after the other, in the order in which an instrument takes it. */
async function switchAllOn({ call }: Group, rack: Rack): Promise<void> {
  await call('main_start_routine', { routine: 'TCSPC' });
  await expect.poll(rack.status, { timeout: 20_000 }).toBe('Ready');
  await call('tcspc_set_laser', { laser: true });
  await call('led_set_values', { values: LIT });
  await call('mux_set_status', { state: RELAYS });
  await call('tmpctl_set_temperature', { temperature: 40 });
  await call('tmpctl_set_enable', { enable: true });
  await call('routine_start_measurement');
  await expect.poll(rack.status).toBe('Running');
  rack.slowDown();
}

async function allOn(delayMs: number, ...options: string[]): Promise<{ rack: Rack; group: Group }> {
  const rack = opened(await startRack());
  const group = opened(await startGroup(rack.port, undefined, options));
  await switchAllOn(group, rack);
  await expect.poll(() => rack.on()).toEqual(ALL_ON);
  rack.answerAfter(delayMs);
  return { rack, group };
}

/** When it was all off, in ms from now; undefined where it is not in 10 s. */
async function untilOff(rack: Rack, what: OnRack = ALL_OFF): Promise<number | undefined> {
  const began = performance.now();
  while (performance.now() - began < 10_000) {
    if (JSON.stringify(rack.on()) === JSON.stringify(what)) return performance.now() - began;
    await sleep(10);
  }
  return undefined;
}

/** How hosts end a server that does not go by itself; each as it was measured. */
const SEQUENCES: Record<string, (group: Group) => Promise<void>> = {
  'Claude Code: SIGINT, SIGTERM after 0.1 s, SIGKILL after 0.5 s': async ({ signal }) => {
    signal('SIGINT');
    await sleep(100);
    signal('SIGTERM');
    await sleep(400);
    signal('SIGKILL');
  },
  'Codex: SIGTERM, SIGKILL after 0.4 s': async ({ signal }) => {
    signal('SIGTERM');
    await sleep(400);
    signal('SIGKILL');
  },
  'Copilot CLI: SIGTERM, and the group is gone within 10 ms': async ({ signal, killGroup }) => {
    signal('SIGTERM');
    await sleep(10);
    killGroup();
  },
  'Gemini CLI: SIGTERM, then standard input closed': async ({ signal, closeInput }) => {
    signal('SIGTERM');
    await sleep(500);
    closeInput();
  },
  'opencode: standard input closed, SIGTERM after 3.7 s': async ({ signal, closeInput }) => {
    closeInput();
    await sleep(3700);
    signal('SIGTERM');
  },
};

describe.skipIf(process.platform === 'win32').each([1, 50, 500])(
  'an instrument that answers in %i ms',
  (ms) => {
    it.each(Object.entries(SEQUENCES))('has everything off after %s', async (_, end) => {
      const { rack, group } = await allOn(ms);
      const off = untilOff(rack);
      await end(group);
      expect(await off).toBeLessThan(OFF_WITHIN_MS);
    });

    it('has everything off after the whole group was killed', async () => {
      const { rack, group } = await allOn(ms);
      group.killGroup();
      expect(await untilOff(rack)).toBeLessThan(OFF_WITHIN_MS);
    });
  },
);

describe.skipIf(process.platform === 'win32')('the guard process', () => {
  it('touches nothing that others switched on', async () => {
    const rack = opened(await startRack());
    rack.atScreen('LED', 'SetValues', { address: 1, values: LIT });
    rack.atScreen('TMPCTL', 'SetEnable', { enable: true });
    const group = opened(await startGroup(rack.port));
    await group.call('mux_set_status', { state: RELAYS });
    const before = rack.wire.length;
    group.killGroup();
    expect(await untilOff(rack, { ...ALL_OFF, leds: true, heating: true })).toBeLessThan(OFF_WITHIN_MS);
    await expect.poll(() => rack.wire.slice(before)).toContain('MUX.GetStatus');
    const written = rack.wire.slice(before).filter((name) => !name.includes('.Get'));
    expect(written).toEqual(['MUX.SetStatus']);
  });

  it('does nothing while its server lives, however long that is silent', async () => {
    const { rack, group } = await allOn(1);
    group.signal('SIGSTOP');
    const before = rack.wire.length;
    await sleep(3000);
    expect(rack.on()).toEqual(ALL_ON);
    expect(rack.wire.slice(before)).toEqual([]);
    group.killGroup();
    expect(await untilOff(rack)).toBeLessThan(OFF_WITHIN_MS);
  });

  it('leaves everything where --on-exit says so', async () => {
    const { rack, group } = await allOn(1, '--on-exit', 'leave');
    group.killGroup();
    await sleep(2000);
    expect(rack.on()).toEqual(ALL_ON);
  });

  it('leaves everything while a measurement that was asked to go on runs', async () => {
    const rack = opened(await startRack());
    const group = opened(await startGroup(rack.port));
    await group.call('led_set_values', { values: LIT });
    await group.call('measure_stabilised_power', { duration_s: 600, keep_running: true, wait_s: 0 });
    await expect.poll(() => rack.on().running, { timeout: 20_000 }).toBe(true);
    group.killGroup();
    await sleep(2000);
    expect(rack.on()).toMatchObject({ leds: true, running: true });
  });

  it('is told of to the next server, until something is switched on again', async () => {
    const { rack, group } = await allOn(1);
    group.killGroup();
    expect(await untilOff(rack)).toBeLessThan(OFF_WITHIN_MS);
    const args = ['--port', String(rack.port), '--data-dir', group.folder];
    const record = (): string =>
      readdirSync(path.join(group.folder, 'servers'))
        .map((name) => readFileSync(path.join(group.folder, 'servers', name), 'utf8'))
        .join('');
    await expect.poll(record).toContain('taken_over');
    const next = opened(await startHost(args));
    const status = await next.call('instrument_status');
    expect(status.structured).toMatchObject({ left_over: [] });
    expect(status.text).toMatch(
      /was killed.*switched off: .*LED board 1, relays, temperature control 1\/1, a measurement/,
    );
    await next.call('led_set_values', { values: LIT });
    expect((await next.call('instrument_status')).text).not.toContain('was killed');
  });

  it('leaves the window open whose data nobody has fetched', async () => {
    const { rack, group } = await allOn(1);
    group.killGroup();
    expect(await untilOff(rack)).toBeLessThan(OFF_WITHIN_MS);
    await sleep(500);
    expect(rack.window()).toBe('TCSPC');
  });

  it('closes the window in which nothing was measured', async () => {
    const rack = opened(await startRack());
    const group = opened(await startGroup(rack.port));
    await group.call('main_start_routine', { routine: 'JV' });
    await expect.poll(rack.status, { timeout: 20_000 }).toBe('Ready');
    await group.call('led_set_values', { values: LIT });
    group.killGroup();
    await expect.poll(rack.window, { timeout: 10_000 }).toBe('');
    expect(rack.on()).toEqual(ALL_OFF);
  });
});
