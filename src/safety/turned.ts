import type { ControllerAddress, Effect } from '../instrument/effects.ts';
import type { Thing } from './thing.ts';

/** Thing that an effect turns on or off. */
export interface Turned {
  on: boolean;
  thing: Thing;
}

/** Routine and controller that commands go to, as far as they were seen. */
export interface Selected {
  /** The open routine, as the instrument names it. */
  routine: string | undefined;
  controller: ControllerAddress | undefined;
}

/** Reads what an effect turns on or off; undefined where it turns nothing. */
export function turnedBy(effect: Effect, { routine, controller }: Selected): Turned | undefined {
  switch (effect.type) {
    case 'starts':
      return { on: true, thing: { kind: 'run' } };
    case 'stops':
    case 'closes_window':
      return { on: false, thing: { kind: 'run' } };
    case 'sets_leds':
      return { on: effect.on, thing: { kind: 'leds', address: effect.address } };
    case 'sets_laser': {
      const { on, channel, port, form } = effect;
      return { on, thing: { kind: 'laser', routine, channel, port, form } };
    }
    case 'sets_relays': {
      const { closed, key } = effect;
      return { on: closed.includes(true), thing: { kind: 'relays', count: closed.length, key } };
    }
    case 'heats':
      return { on: true, thing: { kind: 'heater', id: controller } };
    case 'stops_heating':
      return { on: false, thing: { kind: 'heater', id: controller } };
    case 'sets_shutter':
      return { on: effect.open, thing: { kind: 'shutter', routine } };
    case 'changes_settings':
    case 'changes_settings_about':
    case 'connects_relays':
    case 'names_sample':
    case 'not_documented':
    case 'opens_window':
    case 'selects_controller':
    case 'sets_output':
      return undefined;
  }
}
