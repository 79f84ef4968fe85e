import type { CommandEvent } from '../instrument/client.ts';
import { readStatusWord } from '../instrument/routine-status.ts';

/** A temperature controller; undefined means whichever one is selected. */
export type ControllerId = { address: number; channel: number } | undefined;

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
