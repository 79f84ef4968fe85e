import { setTimeout as sleep } from 'node:timers/promises';
import { commands } from '../../instrument/commands/index.ts';
import type { TemperatureController } from '../../instrument/temperature.ts';
import type { ControllerId } from '../ownership.ts';
import type { ShutdownContext, Step } from './step.ts';

/** A controller needs a moment to report that it is off. */
const OFF_WITHIN_MS = 1000;
const POLL_MS = 100;
const { TMPCTL } = commands;

export async function temperatureControlOff(step: Step, context: ShutdownContext): Promise<void> {
  const { client, ownership, scope, send } = context;
  const ours = ownership.controllers;
  const read = () =>
    step.read('temperature control', ours.length > 0, () => client.send(TMPCTL.GetStatus, {}, send));
  for (const id of ours) await switchOff(step, id, context);

  const controllers = await read();
  if (controllers === undefined) return;
  const others = controllers.filter(
    (controller) => controller.active !== false && !ours.some((id) => isSame(id, controller)),
  );
  // Where it could not be told which controller was ours, whichever is still on may be it.
  const suspects = ours.includes(undefined) ? others : [];
  if (scope === 'everything')
    for (const { address, channel } of others) await switchOff(step, { address, channel }, context);
  const asked = [...ours.filter((id) => id !== undefined), ...(scope === 'everything' ? others : suspects)];
  await verify(step, asked, controllers, read);
  if (ours.includes(undefined) && asked.length === 0) step.note('done', 'no controller is on');
  const left = scope === 'ours' && suspects.length === 0 ? others : [];
  for (const { active, text } of left) {
    step.note('left', `${active === undefined ? 'perhaps on' : 'on'}, not by this server: ${text}`);
  }
  if (ours.length === 0 && asked.length === 0) step.note('nothing to do', 'temperature control is off');
}

async function switchOff(step: Step, id: ControllerId, { client, send }: ShutdownContext): Promise<void> {
  await step.try(async () => {
    // Somebody may have selected another one since.
    if (id !== undefined)
      await client.call(TMPCTL.SetController, { address: id.address, channel: id.channel }, send);
    await client.call(TMPCTL.SetEnable, { enable: false }, send);
  });
}

/** Off is what the controller reports as off, within a second. */
async function verify(
  step: Step,
  ids: readonly { address: number; channel: number }[],
  first: readonly TemperatureController[],
  read: () => Promise<TemperatureController[] | undefined>,
): Promise<void> {
  const until = performance.now() + OFF_WITHIN_MS;
  let controllers: readonly TemperatureController[] | undefined = first;
  const isOff = (id: ControllerId): boolean => controllers?.find((c) => isSame(id, c))?.active === false;
  while (!ids.every(isOff) && performance.now() < until) {
    await sleep(POLL_MS);
    controllers = await read();
    if (controllers === undefined) return;
  }
  for (const id of ids) {
    const controller = controllers.find((candidate) => isSame(id, candidate));
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

function isSame(id: ControllerId, { address, channel }: { address: number; channel: number }): boolean {
  return id !== undefined && id.address === address && id.channel === channel;
}
