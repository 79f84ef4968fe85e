import { InputError } from '../errors.ts';
import type { ControllerAddress } from './effects.ts';
import type { Turn } from './turns.ts';

/** Callers whose selection is remembered, the newest. */
const REMEMBERED = 64;
/** Times that a selection is written for one command. */
const MOST_TRIES = 5;

/** Another controller was selected before the command was written. */
class Reselected extends Error {}

interface Writing<T> {
  meant: ControllerAddress;
  /** The turn that the command is part of, which may have selected it already. */
  turn: Turn | undefined;
  /**
   * True for a command that switches off: it goes out in the end, whatever was selected. Any other command is refused
   * then.
   */
  switchesOff: boolean;
  select: () => Promise<unknown>;
  /** @param beforeWrite to be called right before the command is written */
  write: (beforeWrite: (() => void) | undefined) => Promise<T>;
}

/**
 * The selection of a temperature controller. The instrument has one for everybody; here each caller has its own, which is
 * made the instrument's again right before each of its commands.
 */
export class ControllerSelection {
  readonly #meantBy = new Map<string, ControllerAddress>();
  /** Selection that was written last; undefined where it is not known which one is selected. */
  #written: ControllerAddress | undefined;
  /** The turn that wrote it: a person may select another one between two turns. */
  #writtenIn: Turn | undefined;

  /** Called as a selection is written, by whomever and for whatever. */
  noteWritten(controller: ControllerAddress | undefined, turn: Turn | undefined): void {
    this.#written = controller;
    this.#writtenIn = turn;
  }

  /** Called where the instrument refused a selection, or it is not known what became of it. */
  noteNotConfirmed(): void {
    this.#written = undefined;
    this.#writtenIn = undefined;
  }

  /** Called when a caller has selected a controller for its next commands. */
  noteMeant(controller: ControllerAddress, caller: string): void {
    this.#meantBy.delete(caller);
    this.#meantBy.set(caller, controller);
    const [oldest] = this.#meantBy.keys();
    if (oldest !== undefined && this.#meantBy.size > REMEMBERED) this.#meantBy.delete(oldest);
  }

  /**
   * The controller that a caller means; undefined for the one that the instrument has selected. Throws InputError where
   * other callers have selected controllers and this one has not: but for what switches off, which is never refused.
   */
  meantBy(caller: string, switchesOff: boolean): ControllerAddress | undefined {
    const meant = this.#meantBy.get(caller);
    if (meant !== undefined || switchesOff || this.#meantBy.size === 0) return meant;
    throw new InputError('another caller has selected a temperature controller, and you have not', {
      code: 'controller_not_selected',
      target: 'TMPCTL',
      hint: 'Call tmpctl_set_controller first; tmpctl_get_status shows which there are.',
    });
  }

  /**
   * Writes a command for one controller, with the selection right before it. What switches off waits for no turn and may
   * select another one in between: both are written again then, since the command was not sent.
   */
  async writeFor<T>({ meant, turn, switchesOff, select, write }: Writing<T>): Promise<T> {
    const beforeWrite = (): void => {
      if (!this.#isSelected(meant)) throw new Reselected();
    };
    for (let tries = 1; ; tries++) {
      const isDone = turn !== undefined && this.#writtenIn === turn && this.#isSelected(meant);
      if (tries > 1 || !isDone) await select();
      try {
        return await write(switchesOff && tries === MOST_TRIES ? undefined : beforeWrite);
      } catch (error) {
        if (!(error instanceof Reselected)) throw error;
        if (tries === MOST_TRIES) throw notSelected();
      }
    }
  }

  #isSelected({ address, channel }: ControllerAddress): boolean {
    return this.#written?.address === address && this.#written.channel === channel;
  }
}

function notSelected(): InputError {
  return new InputError('other temperature controllers are being selected all the time', {
    code: 'controller_reselected',
    target: 'TMPCTL',
    hint: 'Nothing was set. Temperature control is being switched off; look with tmpctl_get_status.',
  });
}
