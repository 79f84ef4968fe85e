import type { SendOptions } from '../../instrument/client.ts';
import { commands } from '../../instrument/commands/index.ts';
import { describeRelays } from '../../instrument/commands/mux.ts';
import type { Device, ShutdownContext, Step } from './step.ts';

const { MUX } = commands;

interface Relays {
  connected: boolean;
  relays: readonly boolean[];
  count: number;
  key: string;
}

/** All relays, where one was closed by us or all is to go off. Ours are opened before anything is read. */
export function relays({ client, ownership, scope }: ShutdownContext): Device {
  const ours = ownership.relays;
  let before: Relays | undefined;

  const read = (step: Step, send: SendOptions): Promise<Relays | undefined> =>
    step.read('multiplexer', ours !== undefined, () => client.send(MUX.GetStatus, {}, send));
  const open = (step: Step, key: string, count: number, send: SendOptions): Promise<unknown> =>
    step.try(() =>
      client.sendOff(MUX.SetStatus, { [key]: Array.from({ length: count }, () => false) }, send),
    );

  return {
    async off(step, { send }) {
      if (ours !== undefined) return void (await open(step, ours.key, ours.count, send));
      if (scope === 'ours') return;
      before = await read(step, send);
      if (before === undefined) return;
      if (isIdle(before)) noteIdle(step, before);
      else await open(step, before.key, before.count || before.relays.length, send);
    },
    async verify(step, { send }) {
      const isTold = ours !== undefined || (before !== undefined && !isIdle(before));
      if (!isTold && scope === 'everything') return;
      const now = await read(step, send);
      if (now === undefined) return;
      if (isTold) noteOpened(step, before, now);
      else if (isIdle(now)) noteIdle(step, now);
      else
        step.note(
          'left',
          isKnown(now)
            ? `${describeRelays(now.relays)}, not by this server`
            : 'it does not say which relays are closed',
        );
    },
  };
}

function noteIdle(step: Step, { connected }: Relays): void {
  step.note('nothing to do', connected ? 'all relays are open' : 'no multiplexer is connected');
}

function noteOpened(step: Step, before: Relays | undefined, now: Relays): void {
  if (areOpen(now))
    step.note(
      'done',
      before === undefined ? 'all relays read open' : `${describeRelays(before.relays)} before, all open now`,
    );
  else
    step.note(
      'FAILED',
      now.relays.includes(true)
        ? `still ${describeRelays(now.relays)}`
        : 'it does not say whether the relays are open now',
    );
}

/** There is nothing to open. */
function isIdle(status: Relays): boolean {
  return !status.connected || areOpen(status);
}

/** Every relay's state is in the reply. */
function isKnown({ relays: states, count }: Relays): boolean {
  return states.length > 0 && states.length >= count;
}

function areOpen(status: Relays): boolean {
  return isKnown(status) && !status.relays.includes(true);
}
