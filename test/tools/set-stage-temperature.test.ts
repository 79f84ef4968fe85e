import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { setStageTemperatureTool as tool } from '../../src/tools/set-stage-temperature.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { SharedClock, stageTools, startSimulated } from '../conditions/rig.ts';

const opened = closesAfterEach();

async function rig() {
  const clock = new SharedClock();
  const simulator = opened(await startSimulated(clock));
  const tools = opened(stageTools(simulator.port, clock));
  return { clock, sent: simulator.sent, tools, set: tools.run.bind(tools, tool) };
}

describe('set_stage_temperature', () => {
  it('sets, waits, and goes on waiting where the last call ended, without sending anything anew', async () => {
    const { clock, sent, set } = await rig();
    const first = await set({ temperature_c: 45 });
    expect(first.structured).toMatchObject({
      state: 'approaching',
      requested_c: 45,
      target_c: 45,
      within_tolerance_s: 0,
      simulated: true,
      warnings: [],
    });
    expect(first.structured['stage_c']).toBeGreaterThan(38);
    expect(first.structured['rate_c_per_s']).toBeGreaterThan(0.9);
    expect(first.structured['time_left_s']).toBeGreaterThan(0);
    expect(first.structured).toMatchObject({
      sent: ['target 45 °C', 'control on'],
      next: [expect.stringContaining('set_stage_temperature with the same arguments')],
    });
    expect(sent).toEqual(['TMPCTL.SetTemperature {"temperature":45}', 'TMPCTL.SetEnable {"enable":true}']);

    const second = await set({ temperature_c: 45 });
    expect(second.structured['state']).toBe('approaching');
    expect(second.structured['within_tolerance_s']).toBeGreaterThan(5);
    const third = await set({ temperature_c: 45 });
    expect(third.structured).toMatchObject({
      state: 'stable',
      stage_c: expect.closeTo(45, 0),
      tolerance_c: 0.5,
      stable_for_s: 30,
      sent: [],
      warnings: [],
    });
    // A ramp of 20 s, some seconds of lag, and the 30 s of which none was waited twice.
    expect(clock.now() / 1000).toBeLessThan(20 + 10 + 30 + 1);
    expect(sent).toHaveLength(2);
  });

  it('waits in real time, too', async () => {
    const simulator = opened(await startSimulator({ speed: 200 }));
    const tools = opened(stageTools(simulator.port, systemClock));
    const { structured } = await tools.run(tool, { temperature_c: 40, stable_for_s: 0 });
    expect(structured).toMatchObject({ state: 'stable', stage_c: expect.closeTo(40, 0) });
  });

  it.each([0, 1, 20, 50])('with wait_s %d it does not wait longer', async (wait) => {
    const { clock, set } = await rig();
    const { structured } = await set({ temperature_c: 80, wait_s: wait });
    expect(structured['state']).toBe('approaching');
    expect(clock.now() / 1000).toBeLessThanOrEqual(wait);
    expect(clock.now() / 1000).toBeGreaterThanOrEqual(wait - 1);
  });

  it('says every second where it is', async () => {
    const { set } = await rig();
    const heard: [string, number | undefined][] = [];
    await set({ temperature_c: 45 }, { progress: (sentence, fraction) => heard.push([sentence, fraction]) });
    expect(heard).toHaveLength(20);
    expect(heard.at(-1)?.[0]).toMatch(/^stage 4\d\.\d °C on the way to 45\.0 °C, about \d+ s left$/);
    expect(heard.map(([, fraction]) => Math.round((fraction ?? 0) * 20))).toEqual(heard.map((_, i) => i));
  });

  it('counts on across a short time without a look, and says so; anew across a long one', async () => {
    const { clock, set } = await rig();
    const at25 = { temperature_c: 25, stable_for_s: 60 };
    expect((await set({ ...at25, wait_s: 10 })).structured['within_tolerance_s']).toBeCloseTo(9.5, 1);
    await clock.pause(25_000);
    const bridged = await set({ ...at25, wait_s: 0 });
    expect(bridged.structured).toMatchObject({
      state: 'approaching',
      within_tolerance_s: 34.5,
      time_left_s: 26,
    });
    expect(bridged.structured['notes']).toEqual([expect.stringContaining('nobody looked for up to 25 s')]);
    await clock.pause(45_000);
    const anew = await set({ ...at25, wait_s: 0 });
    expect(anew.structured).toMatchObject({ within_tolerance_s: 0 });
    expect(anew.structured['warnings']).toEqual([expect.stringContaining('nobody looked for 45 s')]);
  });

  it('another target is sent alone and counts from the beginning', async () => {
    const { sent, set } = await rig();
    await set({ temperature_c: 25, stable_for_s: 5 });
    const { structured } = await set({ temperature_c: 25.2, stable_for_s: 5, wait_s: 3 });
    expect(structured).toMatchObject({ state: 'approaching', target_c: 25.2, within_tolerance_s: 2.5 });
    expect(sent.slice(1)).toEqual(['TMPCTL.SetTemperature {"temperature":25.2}']);
  });

  it('switched off in between by whomever, what was seen before does not count', async () => {
    const { sent, set, tools } = await rig();
    await set({ temperature_c: 25, stable_for_s: 60 });
    await tools.call('tmpctl_set_enable', { enable: false });
    const { structured } = await set({ temperature_c: 25, stable_for_s: 60, wait_s: 0 });
    expect(structured['within_tolerance_s']).toBe(0);
    expect(sent.slice(1)).toEqual(['TMPCTL.SetEnable {"enable":false}', 'TMPCTL.SetEnable {"enable":true}']);
  });

  it('off is read back, and nothing is sent where it is off', async () => {
    const { sent, set } = await rig();
    expect((await set({ control: 'off' })).structured).toMatchObject({ state: 'off', sent: [] });
    expect(sent).toEqual([]);
    await set({ temperature_c: 60, wait_s: 30 });
    const off = await set({ control: 'off' });
    expect(off.structured).toMatchObject({ state: 'off', sent: ['control off, to 1 of 1 controllers'] });
    expect(off.structured['stage_c']).toBeGreaterThan(50);
  });

  it('warns of condensation when it is to be cold', async () => {
    const { set } = await rig();
    expect((await set({ temperature_c: 5, wait_s: 0 })).structured['warnings']).toEqual([
      expect.stringMatching(/water condenses .* dew point/),
    ]);
    expect((await set({ temperature_c: 15, wait_s: 0 })).structured['warnings']).toEqual([]);
  });

  it.each([
    [{}, /temperature_c is missing/, /control "off"/],
    [{ control: 'on' }, /temperature_c is missing/, /−?5 to 85/],
    [{ control: 'off', temperature_c: 30 }, /contradict/, /one of them/],
    [{ temperature_c: 90 }, /temperature_c/, /Correct/],
    [{ temperature_c: 30, address: 7 }, /no such temperature controller/, /address 1 channel 1 "Stage"/],
  ])('%j is refused and nothing sent', async (args, message, hint) => {
    const { sent, set } = await rig();
    const { error } = await set(args);
    expect(error).toMatchObject({
      outcome: 'not_sent',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(sent).toEqual([]);
  });

  it('a cancelled call ends the waiting only', async () => {
    const { clock, sent, set } = await rig();
    const controller = new AbortController();
    const { isError, structured } = await set(
      { temperature_c: 45 },
      { signal: controller.signal, progress: () => controller.abort() },
    );
    expect(isError).toBe(false);
    expect(structured['state']).toBe('approaching');
    expect(sent).toHaveLength(2);
    await clock.pause(10_000);
    expect((await set({ temperature_c: 45, wait_s: 0 })).structured['stage_c']).toBeGreaterThan(30);
  });

  it('safe_shutdown ends the waiting, and nothing is switched on again', async () => {
    const { sent, set, tools } = await rig();
    let shutdown: Promise<unknown> | undefined;
    const { error } = await set(
      { temperature_c: 45 },
      { progress: () => void (shutdown ??= tools.call('safe_shutdown')) },
    );
    await shutdown;
    expect(error).toMatchObject({ code: 'interrupted', message: expect.stringContaining('switched off') });
    expect(error['hint']).toMatch(/Ask the person/);
    expect(sent.at(-1)).toBe('TMPCTL.SetEnable {"enable":false}');
  });
});
