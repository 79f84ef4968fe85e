import * as z from 'zod';
import { parameters } from '../instrument/command.ts';
import { describeRelays } from '../instrument/commands/mux.ts';
import { systemClock } from '../clock.ts';
import { selectRelay } from '../conditions/relays.ts';
import { defineTool } from './define-tool.ts';

const relayList = z.array(z.int());

export const selectDeviceTool = defineTool({
  name: 'select_device',
  title: 'Select a device',
  description:
    'Connects one pixel (device) to the probes through the multiplexer, read back. Not during a measurement, except relay 0.',
  kind: 'actuate',
  toolset: 'workflow',
  input: parameters({
    relay: z.int().min(0).max(256).describe('From 1; 0: all open.'),
  }),
  output: z.strictObject({
    requested_relay: z.int().describe('0: all open.'),
    closed: relayList.describe('Read back.'),
    closed_before: relayList,
    changed: z.boolean(),
    simulated: z.boolean(),
  }),
  takesEnergyOut: ({ relay }) => relay === 0,
  async run({ relay }, { connection, client, signal }) {
    const send = { signal, epoch: connection.epoch };
    const { before, after, sent } = await selectRelay(relay, {
      connection,
      client,
      send,
      clock: systemClock,
    });
    const state = describeRelays(after);
    return {
      text: sent
        ? `Read back: ${state}. Before: ${describeRelays(before)}.`
        : `Nothing was sent: already ${state}, as asked.`,
      structured: {
        requested_relay: relay,
        closed: closed(after),
        closed_before: closed(before),
        changed: sent,
        simulated: typeof connection.status().simulator === 'string',
      },
    };
  },
});

function closed(relays: readonly boolean[]): number[] {
  return relays.flatMap((isClosed, i) => (isClosed ? [i + 1] : []));
}
