import type { CommandObserver, WrittenCommand } from '../instrument/command-observer.ts';
import { commands } from '../instrument/commands/index.ts';
import { controllerIn, type Effect, effectOf } from './effects.ts';
import type { Laser } from './laser.ts';
import { isSameRoutine } from './limits/same-routine.ts';
import { readingOf } from './readings.ts';
import { type Settle, SwitchedOn } from './switched-on.ts';
import {
  type ControllerId,
  describeThing,
  describeUnverified,
  keyOf,
  type RelaysThing,
  type ShutterThing,
  type Thing,
} from './thing.ts';

/** Time after a start in which the status may still be that of before. */
const START_SHOWS_MS = 500;
const RUN = keyOf({ kind: 'run' });

type Kinded<K extends Thing['kind']> = Extract<Thing, { kind: K }>;

/**
 * What this process started or switched on, learned from the commands it writes and the replies it reads. What is on is
 * what was read back, or else what was last switched on. What cannot be read back, as a laser, stays: acknowledged, its
 * off is `unverified`.
 */
export class Ownership {
  readonly #on: SwitchedOn;
  readonly #now: () => number;
  #active: string | undefined;
  #routine: string | undefined;
  /** Our window was seen open: gone afterwards, it was closed by somebody. */
  #routineSeen = false;
  /** A measurement was started in our window, whose data may be there. */
  #hasRun = false;
  #selectedController: ControllerId;
  #onlyController: ControllerId;

  /** @param now monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#on = new SwitchedOn(now);
  }

  /** A measurement that we started and have not seen end. */
  get measurement(): boolean {
    return this.#on.get(RUN) !== undefined;
  }

  /** We started one a moment ago, and it was not seen to run yet. */
  get aboutToMeasure(): boolean {
    const run = this.#on.get(RUN);
    return run !== undefined && !run.seenOn && this.#now() - run.onMs < START_SHOWS_MS;
  }

  /** The routine window we opened. */
  get routine(): string | undefined {
    return this.#routine;
  }

  /** A measurement was started in our window since it was opened. */
  get hasRun(): boolean {
    return this.#hasRun;
  }

  /** The relays, if we closed one and have not seen all open since. */
  get relays(): RelaysThing | undefined {
    return this.#things('relays')[0];
  }

  /** Addresses of the LED boards we lit; undefined is the one board of older software. */
  get ledBoards(): (number | undefined)[] {
    return this.#things('leds').map(({ address }) => address);
  }

  /** Temperature controllers we enabled or gave a target. */
  get controllers(): ControllerId[] {
    return this.#things('heater').map(({ id }) => id);
  }

  /** Lasers we switched on; `isAcknowledged` where the instrument said that it switched one off. */
  get lasers(): { laser: Laser; isAcknowledged: boolean }[] {
    return this.#on.entries.flatMap(({ thing, acknowledged }) =>
      thing.kind === 'laser' ? [{ laser: thing, isAcknowledged: acknowledged }] : [],
    );
  }

  /** The monochromator's shutter, if we opened it. */
  get shutter(): ShutterThing | undefined {
    return this.#things('shutter')[0];
  }

  /** What is on, or may be. */
  get on(): Thing[] {
    return this.#on.entries.filter((entry) => !isUnverified(entry)).map(({ thing }) => thing);
  }

  /** What was switched off as far as the instrument says, and cannot be read back. */
  get unverified(): Thing[] {
    return this.#on.entries.filter(isUnverified).map(({ thing }) => thing);
  }

  /** What is on, in words; empty when nothing is. */
  get switchedOn(): string[] {
    return this.on.map(describeThing);
  }

  /** All of ours in words, with what cannot be verified said to be so. */
  get ours(): string[] {
    return [...this.switchedOn, ...this.unverified.map(describeUnverified)];
  }

  /** Takes over what a server that is gone left on. */
  adopt(thing: Thing): void {
    this.#on.adopt(thing);
  }

  /** Takes over the window that a server which is gone had opened. */
  adoptWindow(routine: string): void {
    this.#routine = routine;
  }

  /** Watches one command from the moment it is written. */
  readonly observe: CommandObserver = (command) => {
    const effect = effectOf(command, { routine: this.#active, controller: this.#currentController() });
    const at = this.#on.count();
    const settle = effect === undefined ? undefined : this.#apply(effect, command);
    return (outcome, data) => {
      settle?.(outcome);
      if (outcome === 'ok') this.#answered(command, at, data);
      // It may have selected another one.
      else if (outcome === 'unknown' && isNamed(command, 'TMPCTL.SetController'))
        this.#selectedController = undefined;
    };
  };

  #apply({ turns, thing }: Effect, { parameter }: WrittenCommand): Settle {
    if (turns === 'on') {
      if (thing.kind === 'run') this.#hasRun = true;
      return this.#on.turnOn(thing);
    }
    const key = keyOf(thing);
    // A routine with one laser takes a switch with or without its port.
    const isAnyPort = thing.kind === 'laser' && parameter['laser'] === false;
    return this.#on.turnOff(
      (candidate) =>
        keyOf(candidate) === key ||
        (isAnyPort && candidate.kind === 'laser' && candidate.routine === thing.routine),
    );
  }

  /** What the reply to a command shows, and what an accepted one changes of what commands go to. */
  #answered(command: WrittenCommand, at: number, data: unknown): void {
    const { parameter } = command;
    switch (`${command.target}.${command.command}`) {
      case 'MAIN.StartRoutine':
        return this.#noteOpened(parameter['routine'] ?? parameter['routine_name']);
      case 'MAIN.GetActiveRoutine':
        this.#active = commands.MAIN.GetActiveRoutine.result.safeParse(data).data?.routine ?? undefined;
        return this.#noteActive(at);
      case 'ROUTINE.CloseRoutine':
      case 'MAIN.CloseRoutine':
        this.#active = undefined;
        this.#routineSeen = true;
        return;
      case 'TMPCTL.SetController':
        this.#selectedController = controllerIn(parameter);
        return;
      case 'TMPCTL.GetStatus':
        this.#noteControllers(data);
        break;
      default:
    }
    const reading = readingOf(command, data);
    if (reading !== undefined) this.#on.show(reading, at);
  }

  /** A window that was open already stays whose it is. */
  #noteOpened(routine: unknown): void {
    if (typeof routine !== 'string') return;
    if (this.#active !== undefined && isSameRoutine(this.#active, routine)) return;
    this.#routine = routine;
    this.#routineSeen = false;
    this.#hasRun = false;
  }

  /** Where another window is open than ours, or none any more, somebody closed ours, and what ran in it. */
  #noteActive(at: number): void {
    if (this.#routine === undefined) return this.#noteClosed(at);
    if (this.#active !== undefined && isSameRoutine(this.#active, this.#routine)) this.#routineSeen = true;
    else if (this.#active !== undefined || this.#routineSeen) {
      this.#routine = undefined;
      this.#hasRun = false;
      this.#on.forget(RUN);
    }
  }

  /** A run of ours in a window of somebody else is over when that was told to close and is closed. */
  #noteClosed(at: number): void {
    const run = this.#on.get(RUN);
    if (this.#active === undefined && run?.offAt !== undefined && at > run.offAt) this.#on.forget(RUN);
  }

  /** The one we selected, or the only one there is. */
  #currentController(): ControllerId {
    return this.#selectedController ?? this.#onlyController;
  }

  #noteControllers(data: unknown): void {
    const controllers = commands.TMPCTL.GetStatus.result.safeParse(data).data ?? [];
    const [only, second] = controllers;
    this.#onlyController =
      only === undefined || second !== undefined
        ? undefined
        : { address: only.address, channel: only.channel };
  }

  #things<K extends Thing['kind']>(kind: K): Kinded<K>[] {
    return this.#on.entries.flatMap(({ thing }) => (isKind(thing, kind) ? [thing] : []));
  }
}

function isKind<K extends Thing['kind']>(thing: Thing, kind: K): thing is Kinded<K> {
  return thing.kind === kind;
}

/** A laser cannot be read back: its off is acknowledged at most. */
function isUnverified({ thing, acknowledged }: { thing: Thing; acknowledged: boolean }): boolean {
  return thing.kind === 'laser' && acknowledged;
}

function isNamed({ target, command }: WrittenCommand, name: string): boolean {
  return `${target}.${command}` === name;
}
