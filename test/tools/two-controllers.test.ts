import { describe, expect, it } from 'vitest';
import { type Received, startFake } from '../helpers/fake-instrument.ts';
import { startRig } from '../helpers/measuring.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { toolsOn } from '../helpers/tools.ts';

const opened = closesAfterEach();

/** An instrument with two temperature controllers, addresses 1 and 2, and the tools of one server on it. */
async function bench(onCommand: (request: Received) => void = () => undefined) {
  let selected = 1;
  const targets = new Map<number, number>();
  const on = new Set<number>();
  const instrument = opened(
    await startFake((request, { reply }) => {
      const { command, target, parameter = {} } = request;
      onCommand(request);
      if (command === 'SetController') selected = Number(parameter['address']);
      if (command === 'SetTemperature') targets.set(selected, Number(parameter['temperature']));
      if (command === 'SetEnable' && parameter['enable'] === true) on.add(selected);
      if (command === 'SetEnable' && parameter['enable'] === false) on.delete(selected);
      const data: Record<string, unknown> = {
        'TMPCTL.GetStatus': [1, 2].map((address) => ({
          address,
          channel: 1,
          name: `stage ${address}`,
          DeviceStatus: { State: 'Ready', 'Error Number': 0 },
          LatestMeasurement: {
            'Temp. Measurement': {
              'Object Temperature': 25,
              'Sink Temperature': 25,
              Stable: on.has(address) ? 'Not Stable' : 'Not Active',
            },
            'Temp. Control': { 'Target Object Temperature': targets.get(address) ?? 25 },
          },
        })),
        'MAIN.GetActiveRoutine': { routine: '' },
      };
      if (command === 'GetTestStatus')
        reply(request, { status: 'ERROR', error: { code: 4006, message: 'no active routine' } });
      else reply(request, { status: 'OK', data: data[`${target}.${command}`] ?? { state: 'OK' } });
    }),
  );
  const tools = opened(toolsOn(instrument.port));
  const as = (caller: string) => (name: string, args: Record<string, unknown>) =>
    tools.call(name, args, { caller });
  const writes = () =>
    instrument.received
      .filter(({ command }) => command.startsWith('Set'))
      .map(({ command, parameter }) => `${command} ${String(Object.values(parameter ?? {})[0])}`);
  /** Somebody selects another one at the screen. */
  const selectAtScreen = (address: number): void => {
    selected = address;
  };
  return { a: as('A'), b: as('B'), c: as('C'), targets, on, writes, selectAtScreen };
}
const controller = (address: number) => ({ address, channel: 1 });

describe('of two callers with two temperature controllers', () => {
  it('each sets the one that it selected, whatever the other selected since', async () => {
    const { a, b, c, targets, on } = await bench();
    await a('tmpctl_set_controller', controller(1));
    await b('tmpctl_set_controller', controller(2));
    await a('tmpctl_set_temperature', { temperature: 40 });
    await b('tmpctl_set_temperature', { temperature: 60 });
    expect(Object.fromEntries(targets)).toEqual({ 1: 40, 2: 60 });
    await a('tmpctl_set_enable', { enable: true });
    expect([...on]).toEqual([1]);
    await b('tmpctl_set_enable', { enable: true });
    await a('tmpctl_set_enable', { enable: false });
    expect([...on]).toEqual([2]);
    // Which one is meant by whoever has selected none cannot be told any more; off is never refused.
    const third = await c('tmpctl_set_temperature', { temperature: 50 });
    expect(third.error).toMatchObject({ code: 'controller_not_selected', outcome: 'not_sent' });
    expect((await c('tmpctl_set_enable', { enable: false })).isError).toBe(false);
    expect(Object.fromEntries(targets)).toEqual({ 1: 40, 2: 60 });
  });

  it('each sets its own in every call, whatever a person selected at the screen since', async () => {
    const { a, targets, on, selectAtScreen } = await bench();
    for (const temperature of [40, 50]) {
      await a('set_stage_temperature', { temperature_c: temperature, address: 1, wait_s: 0 });
      selectAtScreen(2);
    }
    expect(Object.fromEntries(targets)).toEqual({ 1: 50 });
    expect([...on]).toEqual([1]);
  });

  it('what both send at once reaches the right ones, in every round', async () => {
    const { a, b, targets, writes } = await bench();
    await a('tmpctl_set_controller', controller(1));
    for (let round = 0; round < 12; round++) {
      await Promise.all([
        a('tmpctl_set_temperature', { temperature: 20 + round }),
        b('set_stage_temperature', { temperature_c: 30 + round, address: 2, wait_s: 0 }),
      ]);
      expect(Object.fromEntries(targets)).toEqual({ 1: 20 + round, 2: 30 + round });
    }
    // Selection and what is set by it are next to each other.
    const sent = writes();
    for (const [i, write] of sent.entries())
      if (write.startsWith('SetTemperature')) expect(sent[i - 1]).toMatch(/^SetController/);
  });

  it('what switches one off comes between without sending the other to it', async () => {
    let off: Promise<unknown> = Promise.resolve();
    let isDue = false;
    const { a, b, targets, on } = await bench(({ command, parameter }) => {
      if (!isDue || command !== 'SetController' || parameter?.['address'] !== 1) return;
      isDue = false;
      // As the selection is being answered, the other one is switched off.
      off = b('set_stage_temperature', { control: 'off', address: 2 });
    });
    await b('tmpctl_set_controller', controller(2));
    await b('tmpctl_set_enable', { enable: true });
    await a('tmpctl_set_controller', controller(1));
    isDue = true;
    await a('tmpctl_set_temperature', { temperature: 60 });
    await off;
    expect(Object.fromEntries(targets)).toEqual({ 1: 60 });
    expect([...on]).toEqual([]);
  });
});

describe('a controller is not selected', () => {
  it('beside a measurement of this server', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 10 });
    await rig.tools.call('measure_jv', { light_source: '12_led', wait_s: 0 });
    await rig.untilStatus('Running');
    const answer = await rig.tools.call('tmpctl_set_controller', controller(1));
    expect(answer.error).toMatchObject({ code: 'measurement_running', outcome: 'not_sent' });
    expect(rig.names()).not.toContain('TMPCTL.SetController');
    // Switching off goes through all the same.
    const off = await rig.tools.call('set_stage_temperature', { control: 'off', address: 1 });
    expect(off.isError).toBe(false);
  });

  it('beside a measurement that somebody else runs', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 1 });
    rig.other('MAIN', 'StartRoutine', { routine: 'JV' });
    await rig.untilStatus('Ready');
    rig.other('ROUTINE', 'StartMeasurement');
    await rig.untilStatus('Running');
    const answer = await rig.tools.call('tmpctl_set_controller', controller(1));
    expect(answer.error).toMatchObject({ code: 'run_not_ours', outcome: 'not_sent' });
    expect(rig.names()).not.toContain('TMPCTL.SetController');
  });
});
