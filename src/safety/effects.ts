import type { WrittenCommand } from '../instrument/command-observer.ts';
import { laserOf } from './laser.ts';
import type { ControllerId, Thing } from './thing.ts';

/** What a command turns on or off. */
export interface Effect {
  turns: 'on' | 'off';
  thing: Thing;
}

/** What has to be known of the instrument to tell. */
export interface Selected {
  /** The open routine, as the instrument names it. */
  routine: string | undefined;
  /** The temperature controller that commands go to. */
  controller: ControllerId;
}

type Parameter = WrittenCommand['parameter'];

/** What a command on the wire turns on or off; undefined for any other. */
export function effectOf(
  { target, command, parameter }: WrittenCommand,
  selected: Selected,
): Effect | undefined {
  switch (`${target}.${command}`) {
    case 'ROUTINE.StartMeasurement':
    case 'ROUTINE.StartCalibration':
      return turns(true, { kind: 'run' });
    case 'ROUTINE.StopMeasurement':
    case 'ROUTINE.CloseRoutine':
    case 'MAIN.CloseRoutine':
      return turns(false, { kind: 'run' });
    case 'LED.SetValues':
      return turns(isLit(parameter), { kind: 'leds', address: number(parameter['address']) });
    case 'ROUTINE.SetLaser': {
      const { laser, on } = laserOf(parameter, selected.routine);
      return turns(on, laser);
    }
    case 'ROUTINE.SetShutter':
      return turns(parameter['shutter_status'] !== false, { kind: 'shutter', routine: selected.routine });
    case 'MUX.SetStatus': {
      const relays = relaysOf(parameter);
      const key =
        parameter['state'] === undefined && parameter['channels'] !== undefined ? 'channels' : 'state';
      return turns(relays.includes(true), { kind: 'relays', count: relays.length, key });
    }
    case 'TMPCTL.SetTemperature':
      return turns(true, { kind: 'heater', id: selected.controller });
    case 'TMPCTL.SetEnable':
      return turns(parameter['enable'] === true, { kind: 'heater', id: selected.controller });
    default:
      return undefined;
  }
}

/** The controller that a SetController command selects. */
export function controllerIn({ address, channel }: Parameter): ControllerId {
  return typeof address === 'number' && typeof channel === 'number' ? { address, channel } : undefined;
}

function turns(on: boolean, thing: Thing): Effect {
  return { turns: on ? 'on' : 'off', thing };
}

function isLit({ values }: Parameter): boolean {
  return Array.isArray(values) && values.some((value) => value !== 0);
}

function relaysOf({ state, channels }: Parameter): boolean[] {
  const relays = state ?? channels;
  return Array.isArray(relays) ? relays.map((closed) => closed === true) : [];
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
