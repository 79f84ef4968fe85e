import type { CommandObserver, WrittenCommand } from '../instrument/command-observer.ts';
import { readStatusWord } from '../instrument/routine-status.ts';
import { commands } from '../instrument/commands/index.ts';
import { type Laser, laserKey, laserOf } from './laser.ts';
import { isSameRoutine } from './limits/same-routine.ts';

/** Time after which a routine that says Ready is not about to start any more. */
const START_SETTLES_MS = 5000;
/** Time after a start in which the status may still be that of before. */
const START_SHOWS_MS = 500;

/** A temperature controller; undefined where it cannot be told which one a command went to. */
export type ControllerId = { address: number; channel: number } | undefined;

/** How a measurement that goes on is named among what is on. */
export const A_MEASUREMENT = 'a measurement';

/**
 * What this process started or switched on, learned from the commands it writes. From the moment it is written a
 * command counts as carried out when it switches on; it counts as carried out when it switches off only once
 * the instrument said so. What the instrument refused is taken back.
 */
export class Ownership {
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
  readonly observe: CommandObserver = (command) => {
    const undo = this.#maybeOn(command);
    return (outcome, data) => {
      if (outcome === 'refused' || outcome === 'not_sent') undo();
      if (outcome === 'ok') this.#certain(command, data);
    };
  };

  /** Takes over what the command may switch on, and returns what takes that back. */
  #maybeOn({ target, command, parameter }: WrittenCommand): () => void {
    const before = this.#measurement;
    switch (`${target}.${command}`) {
      case 'ROUTINE.StartMeasurement':
      case 'ROUTINE.StartCalibration':
        this.#measurement = 'started';
        this.#startedAt = performance.now();
        return () => {
          this.#measurement = before;
        };
      case 'LED.SetValues':
        return isLit(parameter) ? put(this.#ledBoards, boardKey(parameter), boardOf(parameter)) : nothing;
      case 'ROUTINE.SetLaser': {
        const { laser, on } = laserOf(parameter, this.#active);
        return on ? put(this.#lasers, laserKey(laser), laser) : nothing;
      }
      case 'MUX.SetStatus':
        return this.#maybeClosed(relaysOf(parameter));
      case 'TMPCTL.SetTemperature':
        return this.#ownController();
      case 'TMPCTL.SetEnable':
        return parameter['enable'] === true ? this.#ownController() : nothing;
      default:
        return nothing;
    }
  }

  /** What an accepted command changes for sure: mostly what it switched off. */
  #certain({ target, command, parameter }: WrittenCommand, data: unknown): void {
    switch (`${target}.${command}`) {
      case 'MAIN.StartRoutine':
        this.#noteOpened(parameter['routine'] ?? parameter['routine_name']);
        break;
      case 'MAIN.GetActiveRoutine':
        this.#active = commands.MAIN.GetActiveRoutine.result.safeParse(data).data?.routine ?? undefined;
        this.#noteActive();
        break;
      case 'ROUTINE.CloseRoutine':
      case 'MAIN.CloseRoutine':
        this.#active = undefined;
        this.#routine = undefined;
        this.#measurement = 'none';
        break;
      case 'ROUTINE.StopMeasurement':
        this.#measurement = 'none';
        break;
      case 'ROUTINE.GetTestStatus':
      case 'ROUTINE.GetStatus':
        this.#noteStatus(readStatusWord(data));
        break;
      case 'LED.SetValues':
        if (!isLit(parameter)) this.#ledBoards.delete(boardKey(parameter));
        break;
      case 'ROUTINE.SetLaser': {
        const { laser, on } = laserOf(parameter, this.#active);
        if (!on) this.#laserOff(laser, parameter);
        break;
      }
      case 'MUX.SetStatus':
        if (!relaysOf(parameter).includes(true)) this.#relayCount = 0;
        break;
      case 'TMPCTL.SetController':
        this.#selectedController = controllerId(parameter);
        break;
      case 'TMPCTL.GetStatus':
        this.#noteControllers(data);
        break;
      case 'TMPCTL.SetEnable':
        if (parameter['enable'] !== true) this.#controllers.delete(controllerKey(this.#currentController()));
        break;
      default:
    }
  }

  /** A window that was open already stays whose it is. */
  #noteOpened(routine: unknown): void {
    if (typeof routine !== 'string') return;
    if (this.#active !== undefined && isSameRoutine(this.#active, routine)) return;
    this.#routine = routine;
    this.#routineSeen = false;
  }

  /** Where another window is open than ours, or none any more, somebody closed ours, and what ran in it. */
  #noteActive(): void {
    if (this.#routine === undefined) return;
    if (this.#active !== undefined && isSameRoutine(this.#active, this.#routine)) this.#routineSeen = true;
    else if (this.#active !== undefined || this.#routineSeen) {
      this.#routine = undefined;
      this.#measurement = 'none';
    }
  }

  /** Right after the start the status may still say Ready: an end follows a run that was seen, or comes late. */
  #noteStatus(status: string | undefined): void {
    if (this.#measurement === 'none' || status === undefined) return;
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

  #laserOff(off: Laser, { laser: word }: WrittenCommand['parameter']): void {
    this.#lasers.delete(laserKey(off));
    if (word !== false) return;
    // A routine with one laser takes a switch with or without its port.
    for (const [key, { routine }] of this.#lasers) if (routine === off.routine) this.#lasers.delete(key);
  }

  #noteControllers(data: unknown): void {
    const controllers = commands.TMPCTL.GetStatus.result.safeParse(data).data ?? [];
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

function isLit({ values }: WrittenCommand['parameter']): boolean {
  return Array.isArray(values) && values.some((value) => value !== 0);
}

function boardOf({ address }: WrittenCommand['parameter']): number | undefined {
  return typeof address === 'number' ? address : undefined;
}

function boardKey(parameter: WrittenCommand['parameter']): string {
  return String(boardOf(parameter));
}

function relaysOf({ state, channels }: WrittenCommand['parameter']): boolean[] {
  const relays = state ?? channels;
  return Array.isArray(relays) ? relays.map((closed) => closed === true) : [];
}

function controllerId({ address, channel }: WrittenCommand['parameter']): ControllerId {
  return typeof address === 'number' && typeof channel === 'number' ? { address, channel } : undefined;
}

function controllerKey(id: ControllerId): string {
  return JSON.stringify(id ?? null);
}
