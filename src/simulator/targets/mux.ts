import type { Bench } from '../bench.ts';
import { ERROR, InstrumentError, invalidParameters } from '../instrument-error.ts';
import type { Dialect } from '../request.ts';
import { boolean, list, number, object, optional } from '../shape.ts';
import { type CommandHandler, command, plain, type Target, tableTarget } from './target.ts';

const DONE = { state: 'ok' };

/**
 * MUX: a board of relays, connected when the simulator starts, as the documented status shows it. Disconnecting
 * opens the relays, and then they cannot be set. (Neither that nor the reply to a wrong array length is
 * documented.)
 */
export function muxTarget(bench: Bench, dialect: Dialect): Target {
  const count = bench.pixels.length;
  let connected = true;

  const setRelays = (states: readonly boolean[]): object => {
    if (!connected) throw new InstrumentError(ERROR.muxNotConnected, 'the multiplexer is not connected');
    if (states.length !== count) {
      throw invalidParameters(`array size ${states.length} must match number of relays: ${count}`);
    }
    bench.relays = [...states];
    return DONE;
  };
  const status = (key: 'status' | 'channels'): CommandHandler =>
    plain(() => ({ connected, firmware: 'Multiplexer_v1.1', nrRelays: count, [key]: bench.relays }));
  const connect = (): object => {
    connected = true;
    return DONE;
  };
  const disconnect = (): object => {
    connected = false;
    bench.relays = bench.relays.map(() => false);
    return DONE;
  };

  if (dialect === 'newest') {
    return tableTarget('ok', {
      Connect: plain(connect),
      Disconnect: plain(disconnect),
      GetStatus: status('status'),
      SetStatus: command(object({ state: list(boolean()) }), ({ state }) => setRelays(state)),
    });
  }
  // The first pages give Connect and Disconnect a channel: here that closes or opens one relay, counted from 1.
  const channel = object({ channel: optional(number({ integer: true, min: 1, max: count })) });
  const setOne = (index: number, closed: boolean): object =>
    setRelays(bench.relays.map((state, i) => (i === index - 1 ? closed : state)));
  return tableTarget('ok', {
    Connect: command(channel, (parameter) => {
      connect();
      return parameter.channel === undefined ? DONE : setOne(parameter.channel, true);
    }),
    Disconnect: command(channel, (parameter) =>
      parameter.channel === undefined ? disconnect() : setOne(parameter.channel, false),
    ),
    GetStatus: status('channels'),
    SetStatus: command(object({ channels: list(boolean()) }), ({ channels }) => setRelays(channels)),
  });
}
