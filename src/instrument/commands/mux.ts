import * as z from 'zod';
import { InputError, InstrumentError } from '../../errors.ts';
import { acknowledgement, defineCommand, parameters } from '../command.ts';
import { differences } from '../../text/differences.ts';

const states = z.array(z.boolean());
const status = z
  .looseObject({
    connected: z.boolean(),
    firmware: z.string().optional(),
    nrRelays: z.int().nonnegative().optional(),
    status: states.optional(),
    channels: states.optional(),
  })
  .transform((data) => {
    const relays = data.status ?? data.channels ?? [];
    return {
      connected: data.connected,
      firmware: data.firmware,
      relays,
      count: data.nrRelays ?? relays.length,
      /** The name under which SetStatus takes the relays: older software calls them channels. */
      key: data.status === undefined && data.channels !== undefined ? 'channels' : 'state',
    };
  });

/** Numbers of the relays that are closed, from 1. */
export function closedRelays(relays: readonly boolean[]): number[] {
  return relays.flatMap((isClosed, i) => (isClosed ? [i + 1] : []));
}

/** "relay 3 closed", counted from 1 as the pixels are */
export function describeRelays(relays: readonly boolean[]): string {
  if (relays.length === 0) return 'relay states unknown';
  const closed = closedRelays(relays);
  if (closed.length === 0) return 'all relays open';
  return closed.length === 1 ? `relay ${closed.join()} closed` : `relays ${closed.join(', ')} closed`;
}

const Connect = defineCommand({
  target: 'MUX',
  name: 'Connect',
  title: 'Connect the multiplexer',
  description: 'Connects to the multiplexer board; closes no relay.',
  kind: 'configure',
  parameter: parameters({}),
  result: acknowledgement,
  timeoutMs: 20_000,
  effects: () => [{ type: 'connects_relays', connected: true }],
  summary: () => 'The multiplexer was told to connect. Check with mux_get_status.',
});

const Disconnect = defineCommand({
  target: 'MUX',
  name: 'Disconnect',
  title: 'Disconnect the multiplexer',
  description:
    'Disconnects from the multiplexer board. Open the relays first: whether they open by it is not documented.',
  kind: 'configure',
  parameter: parameters({}),
  result: acknowledgement,
  timeoutMs: 20_000,
  effects: () => [{ type: 'connects_relays', connected: false }],
  summary: () => 'The multiplexer was told to disconnect.',
});

const GetStatus = defineCommand({
  target: 'MUX',
  name: 'GetStatus',
  title: 'Relay status',
  description:
    'Reads the multiplexer: connected or not, number of relays (a relay is a pixel), which are closed.',
  kind: 'read',
  parameter: parameters({}),
  result: status,
  shows: ({ connected, relays, count }) => [{ type: 'relays', connected, count, closed: relays }],
  summary: ({ connected, relays, count }) =>
    connected
      ? `Multiplexer with ${count} relays: ${describeRelays(relays)}.`
      : 'The multiplexer is not connected.',
});

const SetStatus = defineCommand({
  target: 'MUX',
  name: 'SetStatus',
  title: 'Set relays',
  description:
    'Sets all relays at once. One closed at a time (two put pixels in parallel), all open in between, never during a measurement; all false at any time. Better: select_device.',
  kind: 'actuate',
  parameter: parameters({
    state: states.min(1).max(256).describe('All relays; true is closed.'),
  }),
  result: acknowledgement,
  takesEnergyOut: ({ state }) => !state.includes(true),
  effects: ({ state, channels }) => {
    const relays = state ?? channels;
    const closed = Array.isArray(relays) ? relays.map((one) => one === true) : [];
    return [
      {
        type: 'sets_relays',
        closed,
        key: state === undefined && channels !== undefined ? 'channels' : 'state',
      },
    ];
  },
  // The effect of a list of the wrong length is not documented.
  async prepare({ state }, { read }) {
    const opensAll = !state.includes(true);
    const known = await read(GetStatus).catch((error: unknown) => {
      // Opening everything must not fail because the state cannot be read.
      if (opensAll && error instanceof InstrumentError) return { count: 0, key: 'state' };
      throw error;
    });
    const { count, key } = known;
    if (count > 0 && state.length !== count) {
      throw new InputError(`state has ${state.length} values, the multiplexer has ${count} relays`, {
        target: 'MUX',
        command: 'SetStatus',
        hint: `Give exactly ${count} values; mux_get_status shows the relays.`,
      });
    }
    return { [key]: state };
  },
  readBack: async ({ state }, read) =>
    differences({ relays: state }, { relays: (await read(GetStatus)).relays }),
  summary: (_, { state }) => `Relays set: ${describeRelays(state)}.`,
});

export const muxCommands = { GetStatus, SetStatus, Connect, Disconnect };
