import { setTimeout as sleep } from 'node:timers/promises';
import type { SendOptions } from '../../instrument/client.ts';
import { commands } from '../../instrument/commands/index.ts';
import type { TemperatureController } from '../../instrument/temperature.ts';
import { isController } from '../readings.ts';
import type { ControllerId } from '../thing.ts';
import type { Device, ShutdownContext, Step } from './step.ts';

/** A controller needs a moment to report that it is off. */
const OFF_WITHIN_MS = 1000;
const POLL_MS = 100;
const { TMPCTL } = commands;

/** Every controller of ours, and what is on besides where all is to go off. */
export function temperatureControl({ client, ownership, scope }: ShutdownContext): Device {
  const ours = ownership.controllers;
  let others: readonly TemperatureController[] = [];
  let isUnreadable = false;

  const read = async (step: Step, send: SendOptions): Promise<TemperatureController[] | undefined> => {
    const controllers = await step.read('temperature control', ours.length > 0, () =>
      client.send(TMPCTL.GetStatus, {}, send),
    );
    isUnreadable = controllers === undefined;
    return controllers;
  };
  const switchOff = (step: Step, id: ControllerId, send: SendOptions): Promise<unknown> =>
    step.try(async () => {
      // It is selected right before: somebody may have selected another one since.
      const controller = id === undefined ? {} : { controller: { address: id.address, channel: id.channel } };
      await client.call(TMPCTL.SetEnable, { enable: false }, { ...send, ...controller });
    });
  const notOurs = (controllers: readonly TemperatureController[]): TemperatureController[] =>
    controllers.filter(
      (controller) => controller.active !== false && !ours.some((id) => isController(id, controller)),
    );

  return {
    async off(step, { send }) {
      for (const id of ours) await switchOff(step, id, send);
      if (scope === 'ours') return;
      others = notOurs((await read(step, send)) ?? []);
      for (const { address, channel } of others) await switchOff(step, { address, channel }, send);
    },
    async verify(step, { send }) {
      if (scope === 'everything' && isUnreadable) return;
      const controllers = await read(step, send);
      if (controllers === undefined) return;
      if (scope === 'ours') others = notOurs(controllers);
      // If it could not be told which controller was ours, whichever is still on may be it.
      const suspects = ours.includes(undefined) ? others : [];
      const asked = [
        ...ours.filter((id) => id !== undefined),
        ...(scope === 'everything' ? others : suspects),
      ];
      await verify(step, asked, controllers, () => read(step, send));
      if (ours.includes(undefined) && asked.length === 0) step.note('done', 'no controller is on');
      const left = scope === 'ours' && suspects.length === 0 ? others : [];
      for (const { active, text } of left) {
        step.note('left', `${active === undefined ? 'perhaps on' : 'on'}, not by this server: ${text}`);
      }
      if (ours.length === 0 && asked.length === 0) step.note('nothing to do', 'temperature control is off');
    },
  };
}

/** A controller is off when it reports so within a second. */
async function verify(
  step: Step,
  ids: readonly { address: number; channel: number }[],
  first: readonly TemperatureController[],
  read: () => Promise<TemperatureController[] | undefined>,
): Promise<void> {
  const until = performance.now() + OFF_WITHIN_MS;
  let controllers: readonly TemperatureController[] | undefined = first;
  const isOff = (id: ControllerId): boolean =>
    controllers?.find((c) => isController(id, c))?.active === false;
  while (!ids.every(isOff) && performance.now() < until) {
    await sleep(POLL_MS);
    controllers = await read();
    if (controllers === undefined) return;
  }
  for (const id of ids) {
    const controller = controllers.find((candidate) => isController(id, candidate));
    const name = `controller ${id.address}/${id.channel}`;
    if (isOff(id)) step.note('done', `${name} is off`);
    else
      step.note(
        'FAILED',
        controller === undefined
          ? `${name} is not there to be read back`
          : `cannot be seen to be off: ${controller.text}`,
      );
  }
}
