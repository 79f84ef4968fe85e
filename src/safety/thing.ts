import { quote } from '../text/quote.ts';
import type { ControllerAddress } from '../instrument/effects.ts';
import type { LaserForm, LaserId } from '../instrument/laser-id.ts';
import { laserName } from '../instrument/laser-switch.ts';

/** A temperature controller; undefined where it cannot be told which one a command went to. */
export type ControllerId = ControllerAddress | undefined;

export interface LaserThing extends LaserId {
  kind: 'laser';
  /** The routine that was open, as the instrument names it; undefined where that was not seen. */
  routine: string | undefined;
  /** How the laser was switched on last, which tells how it is switched off. */
  form: LaserForm;
}

export interface LedBoardThing {
  kind: 'leds';
  /** Undefined: the one board of older software. */
  address: number | undefined;
}

export interface RelaysThing {
  kind: 'relays';
  /** How many relays the multiplexer has. */
  count: number;
  /** The name under which SetStatus takes them: older software calls them channels. */
  key: 'state' | 'channels';
}

export interface HeaterThing {
  kind: 'heater';
  id: ControllerId;
}

export interface ShutterThing {
  kind: 'shutter';
  /** The routine that was open, as the instrument names it; undefined where that was not seen. */
  routine: string | undefined;
}

/** Something of the instrument that can be on, by its name. How it is switched off is known in `shutdown/`. */
export type Thing = { kind: 'run' } | LedBoardThing | LaserThing | RelaysThing | HeaterThing | ShutterThing;

/** How a measurement that goes on is named among what is on. */
export const A_MEASUREMENT = 'a measurement';

/** Under what a thing is accounted for: two routines may have a laser of the same name. */
export function keyOf(thing: Thing): string {
  switch (thing.kind) {
    case 'run':
    case 'relays':
    case 'shutter':
      return thing.kind;
    case 'leds':
      return `leds ${thing.address}`;
    case 'laser':
      return `laser ${thing.routine ?? ''} ${laserName(thing)}`;
    case 'heater':
      return `heater ${JSON.stringify(thing.id ?? null)}`;
  }
}

/** The thing in words, such as "LED board 1". */
export function describeThing(thing: Thing): string {
  switch (thing.kind) {
    case 'run':
      return A_MEASUREMENT;
    case 'leds':
      return thing.address === undefined ? 'the LED board' : `LED board ${thing.address}`;
    case 'laser':
      return `laser ${laserName(thing)}${thing.routine === undefined ? '' : ` of ${quote(thing.routine)}`}`;
    case 'relays':
      return 'relays';
    case 'heater':
      return thing.id === undefined
        ? 'temperature control'
        : `temperature control ${thing.id.address}/${thing.id.channel}`;
    case 'shutter':
      return 'the shutter of the monochromator';
  }
}

/** A thing whose off was acknowledged, in words. */
export function describeUnverified(thing: Thing): string {
  return `${describeThing(thing)} (off acknowledged, not verifiable)`;
}
