import { commands } from '../../instrument/commands/index.ts';
import { describeRelays } from '../../instrument/commands/mux.ts';
import type { ShutdownContext, Step } from './step.ts';

const { MUX } = commands;

export async function openRelays(
  step: Step,
  { client, ownership, scope, send }: ShutdownContext,
): Promise<void> {
  const count = ownership.relayCount;
  const ours = count > 0;
  const read = () => step.read('multiplexer', ours, () => client.send(MUX.GetStatus, {}, send));
  const open = (length: number) =>
    step.try(() => client.call(MUX.SetStatus, { state: Array.from({ length }, () => false) }, send));

  const before = await read();
  if (before === undefined) {
    // It cannot be read, but what we closed can still be told to open.
    if (ours) await open(count);
    return;
  }
  const { relays, connected } = before;
  const known = relays.length > 0 && relays.length >= before.count;
  if (!ours) {
    if (!connected) return step.note('nothing to do', 'no multiplexer is connected');
    if (known && !relays.includes(true)) return step.note('nothing to do', 'all relays are open');
    if (scope === 'ours') {
      return step.note(
        'left',
        known ? `${describeRelays(relays)}, not by this server` : 'it does not say which relays are closed',
      );
    }
  }
  if (known && !relays.includes(true)) return step.note('done', 'all relays read open');
  await open(before.count || relays.length || count);
  const after = await read();
  if (after === undefined) return;
  if (after.relays.length === 0 || after.relays.length < after.count) {
    return step.note('FAILED', 'it does not say whether the relays are open now');
  }
  if (after.relays.includes(true)) return step.note('FAILED', `still ${describeRelays(after.relays)}`);
  step.note('done', `${describeRelays(relays)} before, all open now`);
}
