import type { LaserForm, LaserId } from './laser-id.ts';
import type { LedBoard } from './led-board.ts';
import type { RoutineStatus } from './routine-status.ts';
import type { TemperatureController } from './temperature.ts';

/** The parameter of a command as it stands on the wire. */
export type WireParameter = Readonly<Record<string, unknown>>;

/** A temperature controller, as TMPCTL.SetController names it. */
export interface ControllerAddress {
  address: number;
  channel: number;
}

/**
 * One thing that a command does to the instrument. A command declares its effects, computed from its parameter on the
 * wire in any documented form; whoever guards, accounts for or remembers commands reads them here and not from names.
 * A number that cannot be read is NaN: NaN counts as on, and exceeds every limit.
 */
export type Effect =
  /** `routine` is the name as sent; undefined where the parameter has none. */
  | { type: 'opens_window'; routine: string | undefined }
  | { type: 'closes_window' }
  /** A calibration runs like a measurement, and replaces the calibration that was in use. */
  | { type: 'starts'; what: 'measurement' | 'calibration' }
  | { type: 'stops' }
  /** `address` is undefined for the one board of older software; levels 0 to 1, in the order of LED_CHANNELS. */
  | { type: 'sets_leds'; address: number | undefined; levels: readonly number[]; on: boolean }
  | ({ type: 'sets_laser' } & LaserSwitch)
  /** True is closed, relay 1 first; `key` is the name under which they stand, which is older where it is `channels`. */
  | { type: 'sets_relays'; closed: readonly boolean[]; key: 'state' | 'channels' }
  /** The multiplexer board is connected or disconnected; the effect on its relays is not documented. */
  | { type: 'connects_relays'; connected: boolean }
  /** °C, of the selected controller; undefined where control is switched on for the target in force. */
  | { type: 'heats'; target: number | undefined }
  /** Temperature control of the selected controller is switched off. */
  | { type: 'stops_heating' }
  | { type: 'selects_controller'; controller: ControllerAddress | undefined }
  /** V or A by the mode in force for `output`; A for `probe_current`. */
  | { type: 'sets_output'; output: 'output' | 'probe_current'; value: number }
  | { type: 'sets_shutter'; open: boolean }
  /** All settings that are written. */
  | { type: 'changes_settings'; settings: WireParameter }
  /** Settings with one of these words in their names change too; only reading shows to what. */
  | { type: 'changes_settings_about'; words: readonly string[] }
  /** Undefined members stay as they are; the area is in cm². */
  | { type: 'names_sample'; deviceName: string | undefined; areaCm2: number | undefined }
  /** A command without a definition here: it may do anything. */
  | { type: 'not_documented' };

/** A laser that a command switches on or off. */
export interface LaserSwitch extends LaserId {
  /** The member that switches it: it goes off in the same form. */
  form: LaserForm;
  on: boolean;
  /** The command switches the one laser of its routine, whether it names a port or not. */
  onlyOne: boolean;
}

/** One thing that the reply to a command shows of the instrument. */
export type Observation =
  /** The open window; null where none is open. */
  | { type: 'window'; routine: string | null }
  | { type: 'status'; status: RoutineStatus }
  | { type: 'settings'; settings: WireParameter }
  | { type: 'controllers'; controllers: readonly TemperatureController[] }
  | { type: 'leds'; connected: boolean; boards: readonly LedBoard[] }
  /** `count` is the number of relays that the multiplexer says it has; true is closed. */
  | { type: 'relays'; connected: boolean; count: number; closed: readonly boolean[] }
  /** The shutter of the monochromator; undefined where the reply does not say. */
  | { type: 'shutter'; open: boolean | undefined }
  /** A reading that the data of the next measurement is judged by, such as the rates of TCSPC. */
  | { type: 'reading'; data: unknown };

/** The number, or NaN for anything else. */
export function numberOrNaN(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}
