import * as z from 'zod';
import { parameters } from '../instrument/command.ts';
import { closedRelays } from '../instrument/commands/mux.ts';
import { systemClock } from '../clock.ts';
import { selectRelay } from '../conditions/relays.ts';
import { answerForm } from './answer/answer-form.ts';
import { flag, several, word } from './answer/tellings.ts';
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
  output: answerForm(
    {
      closed: relayList.describe('Read back.'),
      requested_relay: z.int().describe('0: all open.'),
      closed_before: relayList,
      changed: z.boolean(),
    },
    {
      closed: several({ label: 'relays closed', none: 'all relays open' }),
      requested_relay: word(),
      closed_before: several({ none: 'all open before' }),
      changed: flag('changed', 'nothing was sent, since the relays were as asked'),
    },
  ),
  takesEnergyOut: ({ relay }) => relay === 0,
  async run({ relay }, { connection, client, signal }) {
    const send = { signal, epoch: connection.epoch };
    const { before, after, sent } = await selectRelay(relay, {
      connection,
      client,
      send,
      clock: systemClock,
    });
    return {
      said: {
        closed: closedRelays(after),
        requested_relay: relay,
        closed_before: closedRelays(before),
        changed: sent,
        simulated: typeof connection.status().simulator === 'string',
      },
    };
  },
});
