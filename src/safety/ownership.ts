import type { Outcome } from '../errors.ts';
import type { CommandObserver } from '../instrument/command-observer.ts';
import type { ControllerAddress, Effect, Observation } from '../instrument/effects.ts';
import type { Product } from '../instrument/product.ts';
import { readingOf } from './readings.ts';
import { type AdoptedState, type Settle, SwitchedOn } from './switched-on.ts';
import {
  type ControllerId,
  describeThing,
  describeUnverified,
  keyOf,
  type LaserThing,
  type RelaysThing,
  type ShutterThing,
  type Thing,
} from './thing.ts';
import { turnedBy } from './turned.ts';

/** Time after a start in which the status may still be that of before. */
const START_SHOWS_MS = 500;
const RUN = keyOf({ kind: 'run' });

type Kinded<K extends Thing['kind']> = Extract<Thing, { kind: K }>;

/**
 * Knows what this process started or switched on, learned from the commands it writes and the replies it reads. A thing
 * counts as on by what was read back, or else by what was last switched on. A thing that cannot be read back, as a
 * laser, stays: once its off is acknowledged, it is `unverified`.
 */
export class Ownership {
  readonly #product: Product;
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

  /** @param now monotonic, ms */
  constructor(product: Product, now: () => number = () => performance.now()) {
    this.#product = product;
    this.#now = now;
    this.#on = new SwitchedOn(now);
  }

  /** A measurement that we started and have not seen end. */
  get measurement(): boolean {
    return this.#on.get(RUN) !== undefined;
  }

  /** It was seen to run. */
  get measurementSeen(): boolean {
    return this.#on.get(RUN)?.seenOn === true;
  }

  /** We started one a moment ago, and it was not seen to run yet. */
  get aboutToMeasure(): boolean {
    const run = this.#on.get(RUN);
    return run !== undefined && !run.seenOn && this.#now() - run.onMs < START_SHOWS_MS;
  }

  /** Whether we opened the window of that name, as the instrument or we write it. */
  ownsWindow(name: string): boolean {
    return this.#routine !== undefined && this.#product.isSameRoutine(this.#routine, name);
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
  get lasers(): { laser: LaserThing; isAcknowledged: boolean }[] {
    return this.#on.entries.flatMap(({ thing, acknowledged }) =>
      thing.kind === 'laser' ? [{ laser: thing, isAcknowledged: acknowledged }] : [],
    );
  }

  /** The monochromator's shutter, if we opened it. */
  get shutter(): ShutterThing | undefined {
    return this.#things('shutter')[0];
  }

  /** Things that are on, or may be. */
  get on(): Thing[] {
    return this.#on.entries.filter((entry) => !isUnverified(entry)).map(({ thing }) => thing);
  }

  /** Things that were switched off as far as the instrument says, and that cannot be read back. */
  get unverified(): Thing[] {
    return this.#on.entries.filter(isUnverified).map(({ thing }) => thing);
  }

  /** Things that are on, in words; empty when nothing is. */
  get switchedOn(): string[] {
    return this.on.map(describeThing);
  }

  /** All of ours in words, with what cannot be verified said to be so. */
  get ours(): string[] {
    return [...this.switchedOn, ...this.unverified.map(describeUnverified)];
  }

  /** Takes over what a server that is gone left on, with what that server knew of it. */
  adopt(thing: Thing, known: AdoptedState = {}): void {
    this.#on.adopt(thing, known);
  }

  /** Takes over the window that a server which is gone had opened. */
  adoptWindow(routine: string): void {
    this.#routine = routine;
  }

  /** Watches one command from the moment it is written. */
  readonly observe: CommandObserver = ({ effects }) => {
    const at = this.#on.count();
    const settles = effects.map((effect) => this.#turn(effect));
    return (outcome, shown) => {
      for (const settle of settles) settle(outcome);
      for (const effect of effects) this.#noteSelection(effect, outcome);
      if (outcome !== 'ok') return;
      for (const observation of shown) this.#noteShown(observation, at);
    };
  };

  /** From the moment it is written a command counts as carried out when it switches on. */
  #turn(effect: Effect): Settle {
    const turned = turnedBy(effect, { routine: this.#active, controller: this.#currentController() });
    if (turned === undefined) return nothing;
    const { on, thing } = turned;
    if (effect.type === 'starts') this.#hasRun = true;
    if (on) return this.#on.turnOn(thing);
    const key = keyOf(thing);
    // A routine with one laser takes a switch with or without its port.
    const isOfAnyPort = effect.type === 'sets_laser' && effect.onlyOne;
    return this.#on.turnOff(
      (candidate) =>
        keyOf(candidate) === key ||
        (isOfAnyPort && candidate.kind === 'laser' && candidate.routine === this.#active),
    );
  }

  /** Notes what an accepted command changes of what commands go to. */
  #noteSelection(effect: Effect, outcome: 'ok' | Outcome): void {
    if (effect.type === 'selects_controller' && outcome === 'ok')
      this.#selectedController = effect.controller;
    // It may have selected the other one.
    if (effect.type === 'selects_controller' && outcome === 'unknown') this.#selectedController = undefined;
    if (outcome !== 'ok') return;
    if (effect.type === 'opens_window') this.#noteOpened(effect.routine);
    if (effect.type === 'closes_window') {
      this.#active = undefined;
      this.#routineSeen = true;
    }
  }

  #noteShown(observation: Observation, at: number): void {
    if (observation.type === 'window') {
      this.#active = observation.routine ?? undefined;
      this.#noteActive(at);
    }
    if (observation.type === 'controllers') this.#noteControllers(observation.controllers);
    this.#on.show(readingOf(observation), at);
  }

  /** A window that was open already stays whose it is. */
  #noteOpened(routine: string | undefined): void {
    if (routine === undefined) return;
    if (this.#active !== undefined && this.#product.isSameRoutine(this.#active, routine)) return;
    this.#routine = routine;
    this.#routineSeen = false;
    this.#hasRun = false;
  }

  /**
   * Notes which window is open. If it is another than ours, or none any more, somebody closed ours, and what ran in it.
   * One reply is believed: to doubt it would be to stop a measurement that somebody else began in a window of that name.
   */
  #noteActive(at: number): void {
    if (this.#routine === undefined) return this.#noteClosed(at);
    if (this.#active !== undefined && this.ownsWindow(this.#active)) this.#routineSeen = true;
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

  #noteControllers(controllers: readonly ControllerAddress[]): void {
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

const nothing = (): void => undefined;

function isKind<K extends Thing['kind']>(thing: Thing, kind: K): thing is Kinded<K> {
  return thing.kind === kind;
}

/** A laser cannot be read back: its off is acknowledged at most. */
function isUnverified({ thing, acknowledged }: { thing: Thing; acknowledged: boolean }): boolean {
  return thing.kind === 'laser' && acknowledged;
}
