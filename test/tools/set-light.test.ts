import { describe, expect, it } from 'vitest';
import { litLevels, SUN_LEVELS } from '../../src/instrument/commands/led.ts';
import { setLightTool as tool } from '../../src/tools/set-light.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { DARK, type Hook, LIT, ok, refused } from '../helpers/stateful-instrument.ts';
import { SharedClock, stageTools, startSimulated, toolRig } from '../conditions/rig.ts';

const opened = closesAfterEach();

/** Two boards, 1 and 2. */
async function rig(hook?: Hook) {
  const { call, sent, ...rest } = await toolRig(tool, opened, hook);
  return { ...rest, light: call, set: () => sent('SetValues') };
}

describe('set_light', () => {
  it('lights the simulated board with the sun, reads it back, and switches it off', async () => {
    const simulator = opened(await startSimulated(new SharedClock()));
    const tools = opened(stageTools(simulator.port));
    const sun = await tools.run(tool, { preset: 'sun', level: 0.5 });
    const levels = litLevels(SUN_LEVELS.map((level) => Number((level / 2).toFixed(4))));
    expect(sun.structured).toMatchObject({
      requested: levels,
      boards: [{ board: 1, levels }],
      as_asked: true,
      warnings: [expect.stringContaining('UV is on')],
      notes: [
        expect.stringContaining('stay on until'),
        expect.stringContaining('external'),
        expect.stringContaining('not measured'),
      ],
      simulated: true,
    });
    const off = await tools.run(tool, { preset: 'off' });
    expect(off.structured).toMatchObject({
      boards: [{ board: 1, levels: {} }],
      requested: {},
      as_asked: true,
      warnings: [],
      notes: [],
    });
    expect(simulator.sent).toHaveLength(2);
  });

  it('says which channel stands for a wavelength, and that the others are off', async () => {
    const { light, set } = await rig();
    const { structured } = await light({ wavelengths: { 460: 0.5 }, address: 2 });
    expect(structured['notes']).toEqual(
      expect.arrayContaining([
        '460 nm is lit by Deep Blue, whose peak is at 455 nm',
        expect.stringMatching(/^channels not named are off/),
      ]),
    );
    expect(structured).toMatchObject({ boards: [{ board: 2, levels: litLevels(LIT) }], warnings: [] });
    expect(set()).toEqual([{ address: 2, values: LIT }]);
  });

  it.each([
    [{ preset: 'sun' }, /several LED boards/, /one of 1, 2/],
    [{ preset: 'sun', address: 3 }, /no connected LED board 3/, /one of 1, 2/],
    [{ channels: { Green: 2 } }, /channels\.Green/, /Correct/],
    [{ channels: { Grün: 1 }, address: 1 }, /"Grün"/, /Green/],
  ])('%j is refused and nothing sent', async (args, message, hint) => {
    const { light, set } = await rig();
    expect((await light(args)).error).toMatchObject({
      outcome: 'not_sent',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(set()).toEqual([]);
  });

  it('is refused while a measurement runs, off is not, and off without a name is all boards', async () => {
    const { state, light, set } = await rig();
    state.leds = { 1: LIT, 2: LIT };
    state.running = true;
    expect((await light({ channels: { Green: 1 }, address: 1 })).error).toMatchObject({
      outcome: 'not_sent',
      message: 'the light is not changed while a measurement is Running',
    });
    expect(set()).toEqual([]);
    expect((await light({ preset: 'off' })).structured).toMatchObject({ boards: [{}, {}], as_asked: true });
    expect(state.leds).toEqual({ 1: DARK, 2: DARK });
  });

  it('off of one board leaves the other, and waits for nobody', async () => {
    const { state, light, tools, requests } = await rig((name) =>
      name === 'MAIN.GetAvailableRoutines' ? 'silent' : undefined,
    );
    state.leds = { 1: LIT, 2: LIT };
    const hanging = tools.call('main_get_available_routines');
    await requests(1);
    const first = await Promise.race([light({ channels: { Green: 0 }, address: 2 }), hanging]);
    expect(first.structured).toMatchObject({ boards: [{ board: 2 }] });
    expect(state.leds).toEqual({ 1: LIT, 2: DARK });
    tools.close();
    expect((await hanging).isError).toBe(true);
  });

  it('levels that read back otherwise are told channel by channel', async () => {
    const { state, light } = await rig((name) => {
      if (name !== 'LED.SetValues') return undefined;
      state.leds[1] = DARK.map((_, i) => (i === 5 ? 0.4 : i === 6 ? 0.502 : 0));
      return ok();
    });
    const { structured } = await light({ channels: { Green: 0.5, Amber: 0.5 }, address: 1 });
    expect(structured).toMatchObject({
      as_asked: false,
      alarms: ['the light is not as asked: Green: asked 0.5, reads 0.4'],
    });
  });

  it('what does not go off is an error, and the other board is switched off all the same', async () => {
    const { state, light } = await rig((name, { parameter }) =>
      name === 'LED.SetValues' && parameter?.['address'] === 1 ? refused(12, 'no') : undefined,
    );
    state.leds = { 1: LIT, 2: LIT };
    const { error } = await light({ preset: 'off' });
    expect(error).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('1 of 2 boards not switched off'),
      hint: expect.stringContaining('safe_shutdown'),
    });
    expect(state.leds).toEqual({ 1: LIT, 2: DARK });
    const stubborn = await rig((name) => (name === 'LED.SetValues' ? ok() : undefined));
    stubborn.state.leds = { 1: DARK, 2: LIT };
    expect((await stubborn.light({ preset: 'off' })).error).toMatchObject({
      code: 'not_as_asked',
      message: expect.stringMatching(/cannot be seen to be off: .*board 2: Deep Blue 0\.5/),
    });
  });

  it('a named board is told to go off before anything is read', async () => {
    const { state, light } = await rig((name) => (name === 'LED.GetStatus' ? refused(9, 'no') : undefined));
    state.leds = { 1: LIT, 2: LIT };
    expect((await light({ preset: 'off', address: 1 })).error).toMatchObject({
      message: expect.stringContaining('told to go off, but could not be read back'),
    });
    expect(state.leds[1]).toEqual(DARK);
  });

  it('safe_shutdown after the look voids the light', async () => {
    const { light, tools, set } = await rig((name) => {
      if (name === 'ROUTINE.GetTestStatus') void tools.connection.shutdown(() => Promise.resolve());
      return undefined;
    });
    expect((await light({ preset: 'sun', address: 1 })).error).toMatchObject({ code: 'safe_shutdown' });
    expect(set()).toEqual([]);
  });
});
