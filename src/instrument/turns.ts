import type { ConnectionManager } from '../connection/connection-manager.ts';
import { overtakenError } from '../connection/not-sent.ts';
import { RequestQueue } from '../connection/request-queue.ts';
import { ArkeoError, ConnectionError, InstrumentError } from '../errors.ts';

interface About {
  target: string;
  command: string;
}

interface Waiting {
  signal?: AbortSignal | undefined;
  /** The connection's epoch when the caller began. */
  epoch?: number | undefined;
}

/** One turn, for the commands that belong together in it. */
export class Turn {
  /** False once it is over: what still names it has to take one of its own. */
  isOpen = true;
}

/** Commands that may wait for another one. */
const LIMIT = 64;

/**
 * Queue of the commands that change something: one goes after the other, with everything that is looked at before it,
 * since that must still be so when the command is written. Reading and switching off do not come here.
 */
export class Turns {
  readonly #connection: ConnectionManager;
  readonly #queue = new RequestQueue(LIMIT);

  constructor(connection: ConnectionManager) {
    this.#connection = connection;
  }

  /** Throws ConnectionError `not_sent` where its turn does not come: given up, overtaken by a shutdown, too many. */
  async take<T>(about: About, { signal, epoch }: Waiting, act: (turn: Turn) => Promise<T>): Promise<T> {
    let done: () => void;
    try {
      done = await this.#queue.acquire('normal', signal);
    } catch (error) {
      throw error instanceof ConnectionError ? error.about({ ...about, hint: error.hint }) : error;
    }
    const turn = new Turn();
    try {
      const overtaken = overtakenError();
      if (epoch !== undefined && epoch !== this.#connection.epoch)
        throw overtaken.about({ ...about, hint: overtaken.hint });
      return await act(turn);
    } finally {
      turn.isOpen = false;
      done();
    }
  }
}

/** The failure of what had to be read before a command, which was therefore not sent. */
export function notSentFor(about: About, error: unknown): unknown {
  if (!(error instanceof ArkeoError) || error.outcome === 'not_sent') return error;
  if (error instanceof ConnectionError) return error.before(about);
  return new InstrumentError(
    `${about.target}.${about.command} was not sent, because something had to be read first: ${error.message}`,
    {
      code: error.code,
      outcome: 'not_sent',
      hint: 'Nothing was changed. Call instrument_status, then call again if it is still wanted.',
      ...about,
    },
    { cause: error },
  );
}
