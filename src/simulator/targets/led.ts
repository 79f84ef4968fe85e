import type { Bench } from '../bench.ts';
import { ERROR, InstrumentError, invalidParameters } from '../instrument-error.ts';
import { LED_CHANNELS } from '../physics/light.ts';
import type { Dialect } from '../request.ts';
import { list, number, object } from '../shape.ts';
import { type CommandHandler, command, plain, type Target, tableTarget } from './target.ts';

const ADDRESS = 1;
const LEVELS = list(number());

/** LED: one board of twelve channels. The oldest software has no boards. */
export function ledTarget(bench: Bench, dialect: Dialect): Target {
  return tableTarget('ok', dialect === 'oldest' ? oldCommands(bench) : newCommands(bench));
}

function newCommands(bench: Bench): Record<string, CommandHandler> {
  return {
    GetStatus: plain(() => ({
      connected: true,
      driver: 'LVVISA',
      boards: [{ address: ADDRESS, connected: true, values: bench.ledLevels }],
    })),
    SetValues: command(object({ address: number({ integer: true }), values: LEVELS }), (parameter) => {
      if (parameter.address !== ADDRESS)
        throw invalidParameters(`no LED board at address ${parameter.address}`);
      return setLevels(bench, parameter.values);
    }),
  };
}

function oldCommands(bench: Bench): Record<string, CommandHandler> {
  return {
    GetStatus: plain(() => ({ connected: true, driver: 'LVVISA', values: bench.ledLevels })),
    SetValues: command(object({ values: LEVELS }), ({ values }) => setLevels(bench, values)),
  };
}

function setLevels(bench: Bench, values: readonly number[]): object {
  if (values.length !== LED_CHANNELS) {
    throw new InstrumentError(
      ERROR.ledArrayLength,
      `Invalid array size: ${values.length}. Must match number of channels: ${LED_CHANNELS}`,
      'bare',
    );
  }
  bench.ledLevels = values.map((value) => Math.min(1, Math.max(0, value)));
  return { state: 'ok' };
}
