import * as z from 'zod';
import { commands } from '../instrument/commands/index.ts';
import { isLit, type LedBoard } from '../instrument/commands/led.ts';
import { readStatusWord } from '../instrument/routine-status.ts';
import type { TemperatureController } from '../instrument/temperature.ts';
import type { Thing } from './thing.ts';

/** Whether a reply shows a thing on (true), off (false), or says nothing of it. */
export type Reading = (thing: Thing) => boolean | undefined;

/** What the reply to a read shows of what is on; undefined where it shows nothing. Reads nothing into a reply. */
export function readingOf(
  { target, command }: { target: string; command: string },
  data: unknown,
): Reading | undefined {
  switch (`${target}.${command}`) {
    case 'ROUTINE.GetTestStatus':
    case 'ROUTINE.GetStatus':
      return runReading(readStatusWord(data));
    case 'LED.GetStatus': {
      const { data: status } = commands.LED.GetStatus.result.safeParse(data);
      return (
        status &&
        ((thing) => (thing.kind === 'leds' ? boardReading(thing.address, status.boards) : undefined))
      );
    }
    case 'MUX.GetStatus': {
      const { data: status } = commands.MUX.GetStatus.result.safeParse(data);
      return status && ((thing) => (thing.kind === 'relays' ? relaysReading(status) : undefined));
    }
    case 'TMPCTL.GetStatus': {
      const { data: controllers } = commands.TMPCTL.GetStatus.result.safeParse(data);
      return (
        controllers &&
        ((thing) => (thing.kind === 'heater' ? heaterReading(thing.id, controllers) : undefined))
      );
    }
    case 'ROUTINE.GetMonochromatorStatus': {
      const { data: status } = z.looseObject({ shutter: z.unknown() }).safeParse(data);
      return status && ((thing) => (thing.kind === 'shutter' ? isShutterOpen(status.shutter) : undefined));
    }
    default:
      return undefined;
  }
}

/** An unknown word counts as measuring; a window that is being set up does not say. */
function runReading(status: string | undefined): Reading | undefined {
  if (status === undefined || status === 'Initializing') return undefined;
  const isOn = status !== 'Ready' && status !== 'Error';
  return ({ kind }) => (kind === 'run' ? isOn : undefined);
}

/** A board is off when it is there and reads all zero. */
function boardReading(address: number | undefined, boards: readonly LedBoard[]): boolean | undefined {
  const [only, second] = boards;
  const board =
    boards.find((candidate) => candidate.address === address) ??
    (second === undefined && (address === undefined || only?.address === undefined) ? only : undefined);
  if (board === undefined) return undefined;
  if (isLit(board)) return true;
  return board.connected ? false : undefined;
}

function relaysReading({
  relays,
  count,
}: {
  relays: readonly boolean[];
  count: number;
}): boolean | undefined {
  if (relays.includes(true)) return true;
  return relays.length > 0 && relays.length >= count ? false : undefined;
}

/** Where it is not known which controller was meant, all have to be off. */
function heaterReading(
  id: { address: number; channel: number } | undefined,
  controllers: readonly TemperatureController[],
): boolean | undefined {
  const meant = id === undefined ? controllers : controllers.filter((one) => isController(id, one));
  if (meant.some(({ active }) => active === true)) return true;
  const isThere = id === undefined || meant.length > 0;
  return isThere && meant.every(({ active }) => active === false) ? false : undefined;
}

/** Whether a controller is the one of that address and channel. */
export function isController(
  id: { address: number; channel: number } | undefined,
  { address, channel }: { address: number; channel: number },
): boolean {
  return id !== undefined && id.address === address && id.channel === channel;
}

/** The monochromator's shutter as GetMonochromatorStatus words it; undefined where it does not say. */
export function isShutterOpen(shutter: unknown): boolean | undefined {
  if (typeof shutter === 'boolean') return shutter;
  if (typeof shutter !== 'string') return undefined;
  if (/clos|shut/i.test(shutter)) return false;
  return /open/i.test(shutter) ? true : undefined;
}
