import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, type TestContext, vi } from 'vitest';
import { type Group, startGroup } from '../helpers/group.ts';
import { type Host, startHost } from '../helpers/hosts.ts';
import { guardsOf } from '../helpers/processes.ts';
import { type OnRack, type Rack, startRack } from '../helpers/rack.ts';
import { LIT } from '../helpers/stateful-instrument.ts';

/**
 * How often a server is killed for each instrument, at moments all over the time in which it switches on and operates.
 * The whole form takes minutes, tries the hosts with each instrument too, and counts the 3 s:
 * `GUARD_MOMENTS=30 npx vitest run test/e2e/guard-process.test.ts -t "everything off" --maxConcurrency=2`
 */
const MOMENTS = Number(process.env['GUARD_MOMENTS'] ?? 2);
const isWhole = process.env['GUARD_MOMENTS'] !== undefined;
const DELAYS_MS = [1, 50, 500];
/** 3 s, and what a busy machine adds. */
const OFF_WITHIN_MS = isWhole ? 3000 : 6000;
/** About as many requests of all as it takes to switch everything on. */
const FIRST_MOMENT = 8;
const LAST_MOMENT = 70;

const RELAYS = Array.from({ length: 8 }, (_, i) => i === 2);
const ALL_OFF: OnRack = { leds: false, relays: false, heating: false, running: false, laser: false };
const ALL_ON: OnRack = { leds: true, relays: true, heating: true, running: true, laser: true };

interface Scene {
  rack: Rack;
  group: Group;
}

/** `expect.poll` knows of no tests side by side. */
const until = (isSo: () => boolean): Promise<unknown> =>
  vi.waitUntil(isSo, { timeout: 60_000, interval: 20 });

/** A rack, and a host with a server on it, which are closed when the test has ended. */
async function scene({ onTestFinished }: TestContext, ...options: string[]): Promise<Scene> {
  const rack = await startRack();
  onTestFinished(() => rack.close());
  const group = await startGroup(rack.port, undefined, options);
  onTestFinished(() => group.close());
  return { rack, group };
}

/** The next server on that rack with that data folder, in another host. */
async function nextServer({ onTestFinished }: TestContext, { rack, group }: Scene): Promise<Host> {
  const host = await startHost(['--port', String(rack.port), '--data-dir', group.folder]);
  onTestFinished(() => host.close());
  return host;
}

/** Everything that can be on, one after the other, in the order in which an instrument takes it. */
async function switchAllOn({ rack, group: { call } }: Scene): Promise<void> {
  await call('main_start_routine', { routine: 'TCSPC' });
  await until(() => rack.status() === 'Ready');
  await call('tcspc_set_laser', { laser: true });
  await call('led_set_values', { values: LIT });
  await call('mux_set_status', { state: RELAYS });
  await call('tmpctl_set_temperature', { temperature: 40 });
  await call('tmpctl_set_enable', { enable: true });
  await call('routine_start_measurement');
  await until(() => rack.status() === 'Running');
  rack.slowDown();
}

/** Switches everything on and then looks, up to its end. */
async function operate(all: Scene): Promise<never> {
  await switchAllOn(all);
  for (;;) await all.group.call('instrument_status');
}

/** All of it on, on an instrument that takes so long for each reply from then on. */
async function allOn(context: TestContext, delayMs: number, ...options: string[]): Promise<Scene> {
  const all = await scene(context, ...options);
  await switchAllOn(all);
  await until(() => isDeepStrictEqual(all.rack.on(), ALL_ON));
  all.rack.answerAfter(delayMs);
  return all;
}

/** How long it was not all off from now on, in ms. Looks for as long as somebody may still switch something. */
async function untilOff(all: Scene, delayMs = 1): Promise<number> {
  const began = performance.now();
  const look = { off: 0, isOver: false };
  const looking = (async () => {
    while (!look.isOver) {
      if (!isDeepStrictEqual(all.rack.on(), ALL_OFF)) look.off = performance.now() - began;
      await sleep(20);
    }
  })();
  await sleep(2 * delayMs + 200);
  await untilAlone(all);
  look.isOver = true;
  await looking;
  expect(all.rack.on()).toEqual(ALL_OFF);
  return look.off;
}

/** The server is gone, and its guard process too. */
async function untilAlone({ group }: Scene): Promise<void> {
  // A look at all processes costs the racks, which are in this one, a while.
  await vi.waitUntil(() => guardsOf(group.pid).length === 0, { timeout: 60_000, interval: 300 });
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

// Host, server and guard process are those of POSIX. These tests mostly wait, and do so side by side.
describe.skipIf(process.platform === 'win32')('the guard process', { concurrent: true }, () => {
  it('ends when nothing is on any more, and comes again', async (context) => {
    const all = await scene(context);
    const { rack, group } = all;
    await group.call('led_set_values', { values: LIT });
    const [first] = guardsOf(group.pid);
    await group.call('safe_shutdown');
    await untilAlone(all);
    await group.call('led_set_values', { values: LIT });
    expect(guardsOf(group.pid)).not.toContainEqual(first);
    group.killGroup();
    await untilAlone(all);
    expect(rack.on()).toEqual(ALL_OFF);
  });

  const ends = (isWhole ? DELAYS_MS : [50]).flatMap((delayMs) =>
    Object.entries(SEQUENCES).map(([name, end]) => [delayMs, name, end] as const),
  );
  it.for(ends)('has everything off with %i ms per reply, after %s', async ([delayMs, , end], context) => {
    const all = await allOn(context, delayMs);
    const off = untilOff(all, delayMs);
    await end(all.group);
    expect(await off).toBeLessThan(OFF_WITHIN_MS);
  });

  const moments = DELAYS_MS.flatMap((delayMs) =>
    Array.from({ length: MOMENTS }, (_, i): [number, number] => [
      delayMs,
      Math.round(FIRST_MOMENT + ((LAST_MOMENT - FIRST_MOMENT) * (i + 0.5)) / MOMENTS),
    ]),
  );
  it.for(moments)(
    'has everything off with %i ms per reply, killed at the moment of request %i',
    async ([delayMs, moment], context) => {
      const all = await scene(context);
      const { rack, group } = all;
      const slow = rack.requests(moment - 3).then(() => rack.answerAfter(delayMs));
      const killed = rack.requests(moment).then(group.killGroup);
      // Its calls end with it.
      const operated = operate(all).catch(() => undefined);
      await Promise.all([slow, killed]);
      expect(await untilOff(all, delayMs)).toBeLessThan(OFF_WITHIN_MS);
      await operated;
    },
  );

  it('has everything off after the server was killed with all that it started', async (context) => {
    const all = await allOn(context, 1);
    all.group.killTree();
    expect(await untilOff(all)).toBeLessThan(OFF_WITHIN_MS);
  });

  it('touches nothing that others switched on', async (context) => {
    const all = await scene(context);
    const { rack, group } = all;
    rack.atScreen('LED', 'SetValues', { address: 1, values: LIT });
    rack.atScreen('TMPCTL', 'SetEnable', { enable: true });
    await group.call('mux_set_status', { state: RELAYS });
    const before = rack.wire.length;
    group.killGroup();
    await untilAlone(all);
    expect(rack.on()).toEqual({ ...ALL_OFF, leds: true, heating: true });
    const written = rack.wire.slice(before).filter((name) => !name.includes('.Get'));
    expect(written).toEqual(['MUX.SetStatus']);
  });

  it('does nothing while its server lives, however long that is silent', async (context) => {
    const all = await allOn(context, 1);
    const { rack, group } = all;
    group.signal('SIGSTOP');
    const before = rack.wire.length;
    // Long enough for a guard process that does something.
    await sleep(1500);
    expect(rack.on()).toEqual(ALL_ON);
    expect(rack.wire.slice(before)).toEqual([]);
    group.killGroup();
    expect(await untilOff(all)).toBeLessThan(OFF_WITHIN_MS);
  });

  it('is not there where --on-exit leave leaves everything', async (context) => {
    const all = await scene(context, '--on-exit', 'leave');
    await all.group.call('led_set_values', { values: LIT });
    expect(guardsOf(all.group.pid)).toEqual([]);
  });

  it.for([
    ['was killed', ({ killGroup }: Group): void => killGroup()],
    ['ended in order', ({ closeInput }: Group): void => closeInput()],
  ] as const)(
    'leaves everything to a measurement that was asked to go on when its server %s',
    async ([, end], context) => {
      const all = await scene(context);
      const { rack, group } = all;
      await group.call('led_set_values', { values: LIT });
      await group.call('measure_stabilised_power', {
        duration_s: 600,
        light_source: 'external',
        keep_running: true,
        wait_s: 0,
      });
      await until(() => rack.on().running);
      expect(guardsOf(group.pid)).toHaveLength(1);
      end(group);
      await untilAlone(all);
      expect(rack.on()).toMatchObject({ leds: true, running: true });
    },
  );

  it('takes everything away while such a measurement is only prepared', async (context) => {
    const all = await scene(context);
    const { rack, group } = all;
    await group.call('led_set_values', { values: LIT });
    rack.answerAfter(300);
    await group.call('measure_stabilised_power', {
      duration_s: 600,
      light_source: 'external',
      keep_running: true,
      wait_s: 0,
    });
    await until(() => rack.wire.includes('MAIN.StartRoutine'));
    group.killGroup();
    await untilAlone(all);
    expect(rack.on()).toEqual(ALL_OFF);
  });

  it('is told of to the next server, until something is switched on again', async (context) => {
    const all = await allOn(context, 1);
    all.group.killGroup();
    await untilAlone(all);
    const next = await nextServer(context, all);
    const status = await next.call('instrument_status');
    expect(status.structured).toMatchObject({
      left_over: [],
      taken_over: expect.stringMatching(/LED board 1.*relays.*temperature control 1\/1.*a measurement/),
    });
    // Its window stays: nobody has fetched what it holds.
    expect(all.rack.window()).toBe('TCSPC');
    await next.call('led_set_values', { values: LIT });
    expect((await next.call('instrument_status')).structured).toMatchObject({ taken_over: null });
  });

  it('closes the window in which nothing was measured', async (context) => {
    const all = await scene(context);
    const { rack, group } = all;
    await group.call('main_start_routine', { routine: 'JV' });
    await until(() => rack.status() === 'Ready');
    await group.call('led_set_values', { values: LIT });
    group.killGroup();
    await untilAlone(all);
    expect(rack.window()).toBe('');
    expect(rack.on()).toEqual(ALL_OFF);
  });
});
