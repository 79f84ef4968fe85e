import { ArkeoError, InstrumentError } from '../errors.ts';
import type { InstrumentClient } from '../instrument/client.ts';
import { commands } from '../instrument/commands/index.ts';
import type { Conditions } from './conditions-schema.ts';

/** A part that is silent must not hold up a measurement. */
const LOOK_TIMEOUT_MS = 5000;

/** Light, temperature and relays as the instrument shows them now. What it does not have or cannot say is null. */
export async function readConditions(client: InstrumentClient): Promise<Conditions> {
  const look = async <T>(read: () => Promise<T>): Promise<T | null> => {
    try {
      return await read();
    } catch (error) {
      if (error instanceof ArkeoError && (error instanceof InstrumentError || error.code === 'reply_timeout'))
        return null;
      throw error;
    }
  };
  const options = { timeoutMs: LOOK_TIMEOUT_MS };
  const led = await look(() => client.send(commands.LED.GetStatus, {}, options));
  const mux = await look(() => client.send(commands.MUX.GetStatus, {}, options));
  const controllers = await look(() => client.send(commands.TMPCTL.GetStatus, {}, options));
  return {
    leds:
      led?.connected === true
        ? led.boards.map(({ address, values }) => ({
            address: address ?? null,
            values: values.map((level) => level ?? null),
          }))
        : null,
    relays: mux?.connected === true ? mux.relays : null,
    temperatures:
      controllers === null || controllers.length === 0
        ? null
        : controllers.map(({ address, channel, object, target, sink, active }) => ({
            address,
            channel,
            stage_c: object ?? null,
            target_c: target ?? null,
            sink_c: sink ?? null,
            active: active ?? null,
          })),
  };
}

/** "LED board 1 lit; relay 3 closed; stage 25.1 °C" as a line for people; undefined where nothing is known. */
export function describeConditions({ leds, relays, temperatures }: Conditions): string | undefined {
  const lit = leds?.filter(({ values }) => values.some((level) => level !== 0)).length;
  const closed = relays?.flatMap((isClosed, i) => (isClosed ? [i + 1] : []));
  const parts = [
    ...(lit === undefined ? [] : [lit === 0 ? 'LED boards off' : 'LED boards lit']),
    ...(closed === undefined
      ? []
      : [closed.length === 0 ? 'all relays open' : `relay ${closed.join(' and ')} closed`]),
    ...(temperatures ?? []).flatMap(({ stage_c: stage }) =>
      stage === null ? [] : [`stage ${stage.toFixed(1)} °C`],
    ),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}
