import { describe, expect, it } from 'vitest';
import { setStageTemperatureTool as tool } from '../../src/tools/set-stage-temperature.ts';
import { type Received, startFake } from '../helpers/fake-instrument.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { SharedClock, stageTools } from '../conditions/rig.ts';

const opened = closesAfterEach();

interface Controller {
  address: number;
  object: number;
  sink: number;
  target: number;
  on: boolean;
  /** As the controller words it; derived from `on` unless given. */
  stable?: string;
  error: [number: number, instance: number, parameter: number];
}
const usual = (change: Partial<Controller> = {}): Controller => ({
  address: 1,
  object: 25,
  sink: 30,
  target: 25,
  on: false,
  error: [0, 0, 0],
  ...change,
});

function statusOf({ address, object, sink, target, on, stable, error }: Controller) {
  return {
    address,
    channel: 1,
    name: 'Stage',
    DeviceStatus: {
      State: 'Ready',
      'Error Number': error[0],
      'Error Instance': error[1],
      'Error Parameter': error[2],
    },
    LatestMeasurement: {
      'Temp. Measurement': {
        'Object Temperature': Number.isNaN(object) ? 'NaN' : object,
        'Sink Temperature': sink,
        Stable: stable ?? (on ? 'Not Stable' : 'Not Active'),
      },
      'Temp. Control': { 'Target Object Temperature': target },
    },
  };
}

/** Controllers that do as they are told, except where a test interferes: `meddle` runs before each answer. */
async function rig(
  controllers: Controller[],
  meddle: (name: string, controllers: Controller[], looks: number) => Record<string, unknown> | void = () =>
    undefined,
) {
  let selected = 0;
  let looks = 0;
  const act = (name: string, { parameter = {} }: Received): unknown => {
    if (name === 'GetTestStatus') return { routine_status: 'Ready' };
    const controller = controllers[selected] ?? usual();
    if (name === 'SetController')
      selected = controllers.findIndex(({ address }) => address === parameter['address']);
    if (name === 'SetTemperature') controller.target = Number(parameter['temperature']);
    if (name === 'SetEnable') controller.on = parameter['enable'] === true;
    return name === 'GetStatus' ? controllers.map(statusOf) : {};
  };
  const instrument = opened(
    await startFake((request, connection) => {
      if (request.command === 'GetStatus') looks++;
      const instead = meddle(request.command, controllers, looks);
      connection.reply(request, instead ?? { status: 'OK', data: act(request.command, request) });
    }),
  );
  const clock = new SharedClock();
  const tools = opened(stageTools(instrument.port, clock));
  return {
    clock,
    tools,
    controllers,
    set: tools.run.bind(tools, tool),
    sent: () =>
      instrument.received
        .filter(({ command }) => !command.startsWith('Get'))
        .map(({ command, parameter }) => `${command} ${JSON.stringify(parameter)}`),
  };
}
const refusal = { status: 'ERROR', error: { code: 7, message: 'no' } };

describe('set_stage_temperature, before anything is sent', () => {
  it.each([
    [
      'an error',
      usual({ error: [30, 2, 109] }),
      'controller_error',
      /error 30 \(instance 2, parameter 109\)/,
    ],
    ['a hot sink', usual({ sink: 80 }), 'sink_too_hot', /80\.0 °C/],
    ['no sensor', usual({ object: Number.NaN }), 'no_temperature', /no stage temperature/],
  ])('refuses a controller with %s', async (_, controller, code, message) => {
    const { set, sent } = await rig([controller]);
    const { error } = await set({ temperature_c: 45 });
    expect(error).toMatchObject({ code, outcome: 'not_sent', message: expect.stringMatching(message) });
    expect(error['hint']).toContain('control "off"');
    expect(sent()).toEqual([]);
    expect((await set({ control: 'off' })).isError).toBe(false);
  });

  it('wants to know which of several controllers, and then selects it', async () => {
    const { set, sent, controllers } = await rig([usual(), usual({ address: 2, object: 45 })]);
    const { error } = await set({ temperature_c: 45 });
    expect(error).toMatchObject({
      outcome: 'not_sent',
      message: 'there are several temperature controllers',
    });
    expect(error['hint']).toMatch(/address 1 channel 1 "Stage"; address 2 channel 1/);
    expect(sent()).toEqual([]);
    const { structured } = await set({ temperature_c: 45, address: 2, stable_for_s: 3 });
    expect(structured).toMatchObject({ state: 'stable', stage_c: 45 });
    expect(sent()).toEqual([
      'SetController {"address":2,"channel":1}',
      'SetTemperature {"temperature":45}',
      'SetEnable {"enable":true}',
    ]);
    expect(controllers.map(({ on }) => on)).toEqual([false, true]);
  });

  it('off without a name switches every controller off that is on', async () => {
    const { set, controllers, sent } = await rig([
      usual({ on: true }),
      usual({ address: 2 }),
      usual({ address: 3, on: true }),
    ]);
    expect((await set({ control: 'off' })).structured).toMatchObject({ state: 'off', warnings: [] });
    expect(controllers.some(({ on }) => on)).toBe(false);
    expect(sent()).toHaveLength(4);
  });
});

describe('set_stage_temperature, while it waits', () => {
  it.each<[string, Partial<Controller>, string, RegExp]>([
    ['reports an error', { error: [61, 1, 0] }, 'controller_error', /error 61/],
    ['has a sink that gets too hot', { sink: 76 }, 'sink_too_hot', /76\.0 °C/],
    ['has lost its sensor', { object: Number.NaN }, 'no_temperature', /no stage temperature/],
    ['was given another target', { target: 30 }, 'interrupted', /the target became 30 °C/],
    ['was switched off', { on: false }, 'interrupted', /control was switched off/],
  ])('stops where the controller %s', async (_, change, code, message) => {
    const { set, sent } = await rig([usual()], (_name, [controller], looks) => {
      if (looks === 8 && controller) Object.assign(controller, change);
    });
    const { error } = await set({ temperature_c: 45 });
    expect(error).toMatchObject({ code, outcome: 'unknown', message: expect.stringMatching(message) });
    expect(sent()).toHaveLength(2);
  });

  it('a sensor that misses a reading is no reason to stop', async () => {
    const { set } = await rig([usual()], (_name, [controller], looks) => {
      if (controller) controller.object = looks === 8 || looks === 9 ? Number.NaN : 40;
    });
    expect((await set({ temperature_c: 45 })).structured).toMatchObject({
      state: 'approaching',
      stage_c: 40,
    });
  });

  it('says so where the last look is old', async () => {
    const controller = new AbortController();
    const { set, clock } = await rig([usual()], (_name, _controllers, looks) => {
      if (looks !== 8) return;
      void clock.pause(9000);
      controller.abort();
    });
    const { structured } = await set({ temperature_c: 45 }, { signal: controller.signal });
    expect(structured['warnings']).toEqual([expect.stringContaining('seen 10 s ago')]);
  });

  it('warns of a warm sink and of a stage that does not move', async () => {
    const { set } = await rig([usual({ sink: 65 })]);
    expect((await set({ temperature_c: 45, wait_s: 50 })).structured['warnings']).toEqual([
      expect.stringContaining('65.0 °C'),
    ]);
    expect((await set({ temperature_c: 45, wait_s: 20 })).structured['warnings']).toEqual([
      expect.stringContaining('65.0 °C'),
      expect.stringContaining('hardly come closer for a minute'),
    ]);
  });

  it('a controller that does not say whether it is on is told once, and that is said', async () => {
    const { set, sent } = await rig([usual({ object: 25, stable: '' })]);
    for (const wait_s of [5, 5, 5]) await set({ temperature_c: 25, wait_s });
    const { structured } = await set({ temperature_c: 25, wait_s: 20 });
    expect(sent()).toEqual(['SetEnable {"enable":true}']);
    expect(structured).toMatchObject({ state: 'stable' });
    expect(structured['warnings']).toEqual([expect.stringContaining('does not say whether control is on')]);
    expect((await set({ control: 'off' })).structured['warnings']).toEqual([
      expect.stringContaining('does not say whether control is off'),
    ]);
    await set({ temperature_c: 25, wait_s: 0 });
    expect(sent().slice(1)).toEqual(['SetEnable {"enable":false}', 'SetEnable {"enable":true}']);
  });
});

describe('set_stage_temperature, half way', () => {
  it('a target that is accepted but not in force is an error', async () => {
    const { set, sent } = await rig([usual()], (name) =>
      name === 'SetTemperature' ? { status: 'OK', data: {} } : undefined,
    );
    const { error } = await set({ temperature_c: 45 });
    expect(error).toMatchObject({ code: 'not_as_asked', outcome: 'unknown' });
    expect(error['message']).toMatch(
      /accepted target 45 °C and control on, but it is not in force.*target 25\.00 °C/,
    );
    expect(sent()).toHaveLength(2);
  });

  it('says what was accepted before a refusal', async () => {
    const { set } = await rig([usual()], (name) => (name === 'SetEnable' ? refusal : undefined));
    expect((await set({ temperature_c: 45 })).error).toMatchObject({
      outcome: 'refused',
      message: expect.stringMatching(/accepted before that: target 45 °C/),
    });
  });

  it('safe_shutdown between two commands voids the second', async () => {
    let shutdown: () => Promise<unknown> = () => Promise.resolve();
    const { set, tools, sent } = await rig([usual()], (name) => {
      if (name === 'SetTemperature') void shutdown();
    });
    shutdown = () => tools.connection.shutdown(() => Promise.resolve());
    expect((await set({ temperature_c: 45 })).error).toMatchObject({
      code: 'safe_shutdown',
      outcome: 'unknown',
    });
    expect(sent()).toEqual(['SetTemperature {"temperature":45}']);
  });

  it('off is sent although nothing can be read, and what reads on is not called off', async () => {
    const deaf = await rig([usual({ on: true })], (name) => (name === 'GetStatus' ? refusal : undefined));
    expect((await deaf.set({ control: 'off' })).error).toMatchObject({
      message: expect.stringContaining('told to go off all the same'),
    });
    expect(deaf.controllers[0]?.on).toBe(false);
    const stubborn = await rig([usual({ on: true })], (name) =>
      name === 'SetEnable' ? { status: 'OK', data: {} } : undefined,
    );
    expect((await stubborn.set({ control: 'off' })).error).toMatchObject({
      code: 'not_as_asked',
      message: expect.stringMatching(/^STILL ON/),
    });
  });
});
