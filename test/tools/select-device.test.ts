import { describe, expect, it } from 'vitest';
import { selectDeviceTool as tool } from '../../src/tools/select-device.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { type Hook, ok, refused } from '../helpers/stateful-instrument.ts';
import { SharedClock, stageTools, startSimulated, toolRig } from '../conditions/rig.ts';

const opened = closesAfterEach();

const relaysOf = (parameter: Record<string, unknown> = {}): boolean[] => parameter['state'] as boolean[];

async function rig(hook?: Hook) {
  const { call, sent, ...rest } = await toolRig(tool, opened, hook);
  const set = (): string[] =>
    sent('SetStatus').map((parameter) =>
      relaysOf(parameter)
        .map((closed) => (closed ? 'x' : '.'))
        .join(''),
    );
  return { ...rest, select: call, set };
}

describe('select_device', () => {
  it('opens all before it closes the one, and says what reads back', async () => {
    const { state, select, set } = await rig();
    state.relays = [true, true, false, false];
    const { structured } = await select({ relay: 3 });
    expect(structured).toMatchObject({
      requested_relay: 3,
      closed: [3],
      closed_before: [1, 2],
      changed: true,
      simulated: false,
    });
    expect(set()).toEqual(['....', '..x.']);
  });

  it('sends nothing where it is selected already, also while measuring', async () => {
    const { state, select, set } = await rig();
    state.relays = [false, true, false, false];
    state.running = true;
    expect((await select({ relay: 2 })).structured).toMatchObject({ closed: [2], changed: false });
    expect(set()).toEqual([]);
  });

  it('works on the simulator, which has no routine open', async () => {
    const simulator = opened(await startSimulated(new SharedClock()));
    const tools = opened(stageTools(simulator.port));
    expect((await tools.run(tool, { relay: 2 })).structured).toMatchObject({ closed: [2], simulated: true });
    expect((await tools.run(tool, { relay: 0 })).structured).toMatchObject({
      closed: [],
      closed_before: [2],
    });
    expect((await tools.run(tool, { relay: 9 })).error).toMatchObject({
      outcome: 'not_sent',
      message: expect.stringMatching(/relay 9 does not exist: the multiplexer has \d relays/),
    });
    await tools.call('mux_disconnect');
    const { error } = await tools.run(tool, { relay: 1 });
    expect(error).toMatchObject({ code: 'not_connected', hint: expect.stringContaining('mux_connect') });
    expect((await tools.run(tool, { relay: 0 })).error).toMatchObject({
      hint: expect.stringContaining('mux_connect'),
    });
  });

  it.each(['Starting', 'Running', 'Initializing'])('is refused while %s, opening is not', async (status) => {
    const { state, select, set } = await rig((name) =>
      name === 'ROUTINE.GetTestStatus' ? ok({ routine_status: status, routine_name: 'JV' }) : undefined,
    );
    state.relays = [true, false, false, false];
    expect((await select({ relay: 2 })).error).toMatchObject({
      code: 'invalid_input',
      outcome: 'not_sent',
      message: expect.stringContaining(status),
    });
    expect(set()).toEqual([]);
    expect((await select({ relay: 0 })).structured).toMatchObject({ closed: [], changed: true });
  });

  it('a measurement that begins between opening and closing leaves all open', async () => {
    const { state, select, set } = await rig((name) => {
      if (name === 'MUX.SetStatus') state.running = true;
      return undefined;
    });
    const { error } = await select({ relay: 2 });
    expect(error).toMatchObject({ outcome: 'unknown' });
    expect(error['message']).toMatch(
      /opened and are not closed while a measurement is Running; now it reads all relays open/,
    );
    expect(set()).toEqual(['....']);
  });

  it('a read back that differs opens all again', async () => {
    const { state, select, set } = await rig((name, { parameter }) => {
      if (name !== 'MUX.SetStatus' || !relaysOf(parameter).includes(true)) return undefined;
      state.relays = [true, true, false, false];
      return ok();
    });
    const { error } = await select({ relay: 2 });
    expect(error).toMatchObject({ code: 'not_as_asked', outcome: 'unknown' });
    expect(error['message']).toMatch(
      /asked for relay 2 closed, but it reads back relays 1, 2 closed; now it reads all relays open/,
    );
    expect(set()).toEqual(['....', '.x..', '....']);
  });

  it('a relay that does not open is not closed over', async () => {
    const { state, select, set } = await rig((name) => (name === 'MUX.SetStatus' ? ok() : undefined));
    state.relays = [true, false, false, false];
    expect((await select({ relay: 2 })).error).toMatchObject({
      code: 'not_as_asked',
      message: expect.stringContaining('now it reads relay 1 closed'),
    });
    expect(set()).toEqual(['....']);
  });

  it('safe_shutdown in between leaves all open', async () => {
    const { select, set, tools } = await rig((name) => {
      if (name === 'MUX.SetStatus') void tools.connection.shutdown(() => Promise.resolve());
      return undefined;
    });
    const { error } = await select({ relay: 2 });
    expect(error).toMatchObject({ code: 'safe_shutdown', outcome: 'unknown' });
    expect(error['message']).toContain('now it reads all relays open');
    expect(set()).toEqual(['....']);
  });

  it('a call given up between opening and closing closes nothing', async () => {
    const controller = new AbortController();
    const { select, set } = await rig((name) => {
      if (name === 'ROUTINE.GetTestStatus' && set().length > 0) controller.abort();
      return undefined;
    });
    const { error } = await select({ relay: 2 }, { signal: controller.signal });
    expect(error).toMatchObject({
      code: 'cancelled',
      message: expect.stringContaining('now it reads all relays open'),
    });
    expect(set()).toEqual(['....']);
  });

  it('opening all waits for nobody', async () => {
    const { state, select, tools, requests } = await rig((name) =>
      name === 'MAIN.GetAvailableRoutines' ? 'silent' : undefined,
    );
    state.relays = [false, false, true, false];
    const hanging = tools.call('main_get_available_routines');
    await requests(1);
    const first = await Promise.race([select({ relay: 0 }), hanging]);
    expect(first.structured).toMatchObject({ closed: [], closed_before: [3] });
    tools.close();
    expect((await hanging).isError).toBe(true);
  });

  it('a refusal to open is told', async () => {
    const { state, select } = await rig((name) =>
      name === 'MUX.SetStatus' ? refused(12, 'stuck') : undefined,
    );
    state.relays = [false, false, true, false];
    expect((await select({ relay: 0 })).error).toMatchObject({ code: 12, outcome: 'refused' });
  });
});
