import type { CommandEvent } from '../instrument/client.ts';
import { readStatusWord } from '../instrument/routine-status.ts';

/** A temperature controller; undefined means whichever one is selected. */
export type ControllerId = { address: number; channel: number } | undefined;

/** A laser that was switched on through us, and what switches it off in the form it was switched on with. */
export interface Laser {
  /** "channel 1", "port 7" or "the laser". */
  name: string;
  off: Record<string, unknown>;
  /**
   * Only a duty cycle is known to work: no duty cycle is off for sure, since 0 % is full power on an inverted
   * source.
   */
  dutyCycleOnly: boolean;
}

/**
 * What this process started or switched on, learned from the commands it sent. A command without an answer
 * counts as carried out when it switches on, and as not carried out when it switches off.
 */
export class Ownership {
  #measurement: 'none' | 'started' | 'seen running' = 'none';
  #routine: string | undefined;
  #relayCount = 0;
  #selectedController: ControllerId;
  readonly #ledBoards = new Map<string, number | undefined>();
  readonly #controllers = new Map<string, ControllerId>();
  readonly #lasers = new Map<string, Laser>();

  /** A measurement that we started and have not seen end. */
  get measurement(): boolean {
    return this.#measurement !== 'none';
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

  /** Temperature controllers we enabled. */
  get controllers(): ControllerId[] {
    return [...this.#controllers.values()];
  }

  /** Lasers we switched on. */
  get lasers(): Laser[] {
    return [...this.#lasers.values()];
  }

  note({ target, command, parameter, outcome, data }: CommandEvent): void {
    const certain = outcome === 'ok';
    const possible = certain || outcome === 'unknown';
    if (!possible) return;
    switch (`${target}.${command}`) {
      case 'MAIN.StartRoutine':
        this.#routine = typeof parameter['routine'] === 'string' ? parameter['routine'] : undefined;
        break;
      case 'ROUTINE.CloseRoutine':
      case 'MAIN.CloseRoutine':
        if (!certain) break;
        this.#routine = undefined;
        this.#measurement = 'none';
        break;
      case 'ROUTINE.StartMeasurement':
        this.#measurement = 'started';
        break;
      case 'ROUTINE.StopMeasurement':
        if (certain) this.#measurement = 'none';
        break;
      case 'ROUTINE.GetTestStatus':
      case 'ROUTINE.GetStatus':
        if (certain) this.#noteStatus(readStatusWord(data));
        break;
      case 'LED.SetValues':
        this.#noteLeds(parameter, certain);
        break;
      case 'ROUTINE.SetLaser':
        this.#noteLaser(parameter, certain);
        break;
      case 'MUX.SetStatus':
        this.#noteRelays(parameter['state'] ?? parameter['channels'], certain);
        break;
      case 'TMPCTL.SetController':
        this.#selectedController = controllerId(parameter);
        break;
      case 'TMPCTL.SetEnable':
        this.#noteControl(parameter['enable'] === true, certain);
        break;
      default:
    }
  }

  /** Right after the start the status may still say Ready: only an end that follows a run is an end. */
  #noteStatus(status: string | undefined): void {
    if (this.#measurement === 'none' || status === undefined) return;
    if (status === 'Starting' || status === 'Running') this.#measurement = 'seen running';
    else if (this.#measurement === 'seen running') this.#measurement = 'none';
  }

  #noteLeds({ address, values }: Readonly<Record<string, unknown>>, certain: boolean): void {
    const board = typeof address === 'number' ? address : undefined;
    const lit = Array.isArray(values) && values.some((value) => value !== 0);
    if (lit) this.#ledBoards.set(String(board), board);
    else if (certain) this.#ledBoards.delete(String(board));
  }

  #noteLaser(parameter: Readonly<Record<string, unknown>>, certain: boolean): void {
    const { channel, port_id: port, laser, enabled, intensity, duty_cycle: duty } = parameter;
    const id = channel === undefined ? (port === undefined ? {} : { port_id: port }) : { channel };
    const [kind, number] = Object.entries(id)[0] ?? [];
    const name =
      kind === undefined ? 'the laser' : `${kind === 'channel' ? 'channel' : 'port'} ${String(number)}`;
    const on =
      laser === true ||
      enabled === true ||
      duty !== undefined ||
      (intensity !== undefined && intensity !== 0);
    if (!on) {
      if (certain) this.#lasers.delete(name);
      return;
    }
    const off =
      laser !== undefined
        ? { ...id, laser: false }
        : enabled !== undefined
          ? { ...id, enabled: false }
          : duty !== undefined
            ? { ...id, duty_cycle: 0 }
            : { ...id, intensity: 0 };
    this.#lasers.set(name, { name, off, dutyCycleOnly: duty !== undefined });
  }

  #noteRelays(state: unknown, certain: boolean): void {
    if (!Array.isArray(state)) return;
    if (state.includes(true)) this.#relayCount = state.length;
    else if (certain) this.#relayCount = 0;
  }

  #noteControl(on: boolean, certain: boolean): void {
    const key = JSON.stringify(this.#selectedController ?? null);
    if (on) this.#controllers.set(key, this.#selectedController);
    else if (certain) this.#controllers.delete(key);
  }
}

function controllerId({ address, channel }: Readonly<Record<string, unknown>>): ControllerId {
  return typeof address === 'number' && typeof channel === 'number' ? { address, channel } : undefined;
}
