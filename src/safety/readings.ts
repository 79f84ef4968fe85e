import type { ControllerAddress, Observation } from '../instrument/effects.ts';
import { isLit } from '../instrument/commands/led.ts';
import type { LedBoard } from '../instrument/led-board.ts';
import { isMeasuring, isOpening, type RoutineStatus } from '../instrument/routine-status.ts';
import type { TemperatureController } from '../instrument/temperature.ts';
import type { ControllerId, Thing } from './thing.ts';

/** Whether a reply shows a thing on (true) or off (false); undefined where the reply says nothing of it. */
export type Reading = (thing: Thing) => boolean | undefined;

/** Reads from an observation what is on and what is off. */
export function readingOf(observation: Observation): Reading {
  return (thing) => {
    switch (observation.type) {
      case 'status':
        return thing.kind === 'run' ? isRunning(observation.status) : undefined;
      case 'leds':
        return thing.kind === 'leds' ? isBoardLit(thing.address, observation.boards) : undefined;
      case 'relays':
        return thing.kind === 'relays' ? isAnyClosed(observation) : undefined;
      case 'controllers':
        return thing.kind === 'heater' ? isHeating(thing.id, observation.controllers) : undefined;
      case 'shutter':
        return thing.kind === 'shutter' ? observation.open : undefined;
      case 'reading':
      case 'settings':
      case 'window':
        return undefined;
    }
  };
}

/** A word that is not known counts as measuring; a window that is being set up does not say. */
function isRunning(status: RoutineStatus): boolean | undefined {
  return isOpening(status) ? undefined : isMeasuring(status);
}

/** A board is off when it is there and reads all zero. */
function isBoardLit(address: number | undefined, boards: readonly LedBoard[]): boolean | undefined {
  const [only, second] = boards;
  const board =
    boards.find((candidate) => candidate.address === address) ??
    (second === undefined && (address === undefined || only?.address === undefined) ? only : undefined);
  if (board === undefined) return undefined;
  if (isLit(board)) return true;
  return board.connected ? false : undefined;
}

function isAnyClosed({ closed, count }: { closed: readonly boolean[]; count: number }): boolean | undefined {
  if (closed.includes(true)) return true;
  return closed.length > 0 && closed.length >= count ? false : undefined;
}

/** Tells whether a controller heats. If it is not known which controller was meant, all have to be off. */
function isHeating(id: ControllerId, controllers: readonly TemperatureController[]): boolean | undefined {
  const meant = id === undefined ? controllers : controllers.filter((one) => isController(id, one));
  if (meant.some(({ active }) => active === true)) return true;
  const isThere = id === undefined || meant.length > 0;
  return isThere && meant.every(({ active }) => active === false) ? false : undefined;
}

/** Whether a controller is the one of that address and channel. */
export function isController(id: ControllerId, { address, channel }: ControllerAddress): boolean {
  return id !== undefined && id.address === address && id.channel === channel;
}
