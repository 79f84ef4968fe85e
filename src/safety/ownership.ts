import type { CommandObserver } from '../instrument/command-observer.ts';
import type { ControllerAddress, Effect, LaserSwitch, Observation } from '../instrument/effects.ts';
import type { Product } from '../instrument/product.ts';
import { type Laser, laserIn, laserKey } from './laser.ts';

/** Time after which a routine that says Ready is not about to start any more. */
const START_SETTLES_MS = 5000;
/** Time after a start in which the status may still be that of before. */
const START_SHOWS_MS = 500;

/** A temperature controller; undefined where it cannot be told which one a command went to. */
export type ControllerId = ControllerAddress | undefined;

/** How a measurement that goes on is named among what is on. */
export const A_MEASUREMENT = 'a measurement';

/**
 * What this process started or switched on, learned from the commands it writes. From the moment it is written a
 * command counts as carried out when it switches on; it counts as carried out when it switches off only once
 * the instrument said so. What the instrument refused is taken back.
 */
export class Ownership {
  readonly #product: Product;
  #measurement: 'none' | 'started' | 'seen running' = 'none';
  #startedAt = 0;
  #active: string | undefined;
  #routine: string | undefined;
  /** Our window was seen open: gone afterwards, it was closed by somebody. */
  #routineSeen = false;
  #relayCount = 0;
  #selectedController: ControllerId;
  #onlyController: ControllerId;
  readonly #ledBoards = new Map<string, number | undefined>();
  readonly #controllers = new Map<string, ControllerId>();
  readonly #lasers = new Map<string, Laser>();

  /** A measurement that we started and have not seen end. */
  get measurement(): boolean {
    return this.#measurement !== 'none';
  }

  /** We started one a moment ago, and it was not seen to run yet. */
  get aboutToMeasure(): boolean {
    return this.#measurement === 'started' && performance.now() - this.#startedAt < START_SHOWS_MS;
  }

  constructor(product: Product) {
    this.#product = product;
  }

  /** Whether we opened the window of that name, as the instrument or we write it. */
  ownsWindow(name: string): boolean {
    return this.#routine !== undefined && this.#product.isSameRoutine(this.#routine, name);
  }

  /** The routine window we opened. */
  get routine(): string | undefined {
    return this.#routine;
  }

  /** How many relays the multiplexer has, if we closed one and have not opened all since; otherwise 0. */
  get relayCount(): number {
    return this.#relayCount;
  }

  /** Addresses of the LED boards we lit; undefined is the one board of older software. */
  get ledBoards(): (number | undefined)[] {
    return [...this.#ledBoards.values()];
  }

  /** Temperature controllers we enabled or gave a target. */
  get controllers(): ControllerId[] {
    return [...this.#controllers.values()];
  }

  /** Lasers we switched on. */
  get lasers(): Laser[] {
    return [...this.#lasers.values()];
  }

  /** Takes over a laser that a server which is gone left on. */
  adoptLaser(laser: Laser): void {
    this.#lasers.set(laserKey(laser), laser);
  }

  /** Everything of it in words; empty when nothing is on. */
  get switchedOn(): string[] {
    return [
      ...(this.measurement ? [A_MEASUREMENT] : []),
      ...this.ledBoards.map((address) => (address === undefined ? 'the LED board' : `LED board ${address}`)),
      ...this.lasers.map(
        ({ name, routine }) => `laser ${name}${routine === undefined ? '' : ` of ${routine}`}`,
      ),
      ...(this.relayCount > 0 ? ['relays'] : []),
      ...this.controllers.map((id) =>
        id === undefined ? 'temperature control' : `temperature control ${id.address}/${id.channel}`,
      ),
    ];
  }

  /** Watches one command from the moment it is written. */
  readonly observe: CommandObserver = ({ effects }) => {
    const undos = effects.map((effect) => this.#maybeOn(effect));
    return (outcome, shown) => {
      if (outcome === 'refused' || outcome === 'not_sent') for (const undo of undos) undo();
      if (outcome !== 'ok') return;
      for (const effect of effects) this.#noteDone(effect);
      for (const observation of shown) this.#noteShown(observation);
    };
  };

  /** Takes over what the command may switch on, and returns what takes that back. */
  #maybeOn(effect: Effect): () => void {
    const before = this.#measurement;
    switch (effect.type) {
      case 'starts':
        this.#measurement = 'started';
        this.#startedAt = performance.now();
        return () => {
          this.#measurement = before;
        };
      case 'sets_leds':
        return effect.on ? put(this.#ledBoards, String(effect.address), effect.address) : nothing;
      case 'sets_laser': {
        const laser = laserIn(this.#active, effect);
        return effect.on ? put(this.#lasers, laserKey(laser), laser) : nothing;
      }
      case 'sets_relays':
        return this.#maybeClosed(effect.closed);
      case 'heats':
        return this.#ownController();
      case 'changes_settings':
      case 'closes_window':
      case 'connects_relays':
      case 'names_sample':
      case 'not_documented':
      case 'opens_window':
      case 'selects_controller':
      case 'sets_output':
      case 'sets_shutter':
      case 'stops':
      case 'stops_heating':
        return nothing;
    }
  }

  /** What an accepted command changes for sure: mostly what it switched off. */
  #noteDone(effect: Effect): void {
    switch (effect.type) {
      case 'opens_window':
        return this.#noteOpened(effect.routine);
      case 'closes_window':
        this.#active = undefined;
        this.#routine = undefined;
        this.#measurement = 'none';
        return;
      case 'stops':
        this.#measurement = 'none';
        return;
      case 'sets_leds':
        if (!effect.on) this.#ledBoards.delete(String(effect.address));
        return;
      case 'sets_laser':
        if (!effect.on) this.#laserOff(effect);
        return;
      case 'sets_relays':
        if (!effect.closed.includes(true)) this.#relayCount = 0;
        return;
      case 'selects_controller':
        this.#selectedController = effect.controller;
        return;
      case 'stops_heating':
        this.#controllers.delete(controllerKey(this.#currentController()));
        return;
      case 'changes_settings':
      case 'connects_relays':
      case 'heats':
      case 'names_sample':
      case 'not_documented':
      case 'sets_output':
      case 'sets_shutter':
      case 'starts':
        return;
    }
  }

  #noteShown(observation: Observation): void {
    switch (observation.type) {
      case 'window':
        this.#active = observation.routine ?? undefined;
        return this.#noteActive();
      case 'status':
        return this.#noteStatus(observation.status.status);
      case 'controllers':
        return this.#noteControllers(observation.controllers);
      case 'leds':
      case 'reading':
      case 'relays':
      case 'settings':
        return;
    }
  }

  /** A window that was open already stays whose it is. */
  #noteOpened(routine: string | undefined): void {
    if (routine === undefined) return;
    if (this.#active !== undefined && this.#product.isSameRoutine(this.#active, routine)) return;
    this.#routine = routine;
    this.#routineSeen = false;
  }

  /** Where another window is open than ours, or none any more, somebody closed ours, and what ran in it. */
  #noteActive(): void {
    if (this.#routine === undefined) return;
    if (this.#active !== undefined && this.ownsWindow(this.#active)) this.#routineSeen = true;
    else if (this.#active !== undefined || this.#routineSeen) {
      this.#routine = undefined;
      this.#measurement = 'none';
    }
  }

  /** Right after the start the status may still say Ready: an end follows a run that was seen, or comes late. */
  #noteStatus(status: string): void {
    if (this.#measurement === 'none') return;
    const late = performance.now() - this.#startedAt > START_SETTLES_MS;
    if (status === 'Starting' || status === 'Running') this.#measurement = 'seen running';
    else if (this.#measurement === 'seen running' || late) this.#measurement = 'none';
  }

  #maybeClosed(relays: readonly boolean[]): () => void {
    if (!relays.includes(true)) return nothing;
    const before = this.#relayCount;
    this.#relayCount = relays.length;
    return () => {
      this.#relayCount = before;
    };
  }

  #ownController(): () => void {
    const id = this.#currentController();
    return put(this.#controllers, controllerKey(id), id);
  }

  /** The one we selected, or the only one there is. */
  #currentController(): ControllerId {
    return this.#selectedController ?? this.#onlyController;
  }

  #laserOff(off: LaserSwitch): void {
    this.#lasers.delete(laserKey(laserIn(this.#active, off)));
    if (!off.onlyOne) return;
    // A routine with one laser takes a switch with or without its port.
    for (const [key, { routine }] of this.#lasers) if (routine === this.#active) this.#lasers.delete(key);
  }

  #noteControllers(controllers: readonly ControllerAddress[]): void {
    const [only, second] = controllers;
    this.#onlyController =
      only === undefined || second !== undefined
        ? undefined
        : { address: only.address, channel: only.channel };
  }
}

const nothing = (): void => undefined;

/** Puts an entry and returns what takes it back, unless it was there before. */
function put<K, V>(map: Map<K, V>, key: K, value: V): () => void {
  const existed = map.has(key);
  map.set(key, value);
  return existed ? nothing : () => void map.delete(key);
}

function controllerKey(id: ControllerId): string {
  return JSON.stringify(id ?? null);
}
