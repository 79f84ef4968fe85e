import { ConnectionError } from '../errors.ts';
import { cancelledError } from './not-sent.ts';

export type Lane = 'normal' | 'safety';

interface Waiter {
  grant: () => void;
  reject: (error: ConnectionError) => void;
}

/**
 * Queue for the socket: one holder at a time, first come first served, the safety lane before the normal one.
 * The normal lane has a depth limit; the safety lane has none.
 */
export class RequestQueue {
  readonly #limit: number;
  readonly #waiting: Record<Lane, Waiter[]> = { normal: [], safety: [] };
  #held = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get busy(): boolean {
    return this.#held;
  }

  get length(): number {
    return this.#waiting.normal.length + this.#waiting.safety.length;
  }

  /** Resolves with the function that releases the turn. Throws ConnectionError `not_sent`. */
  acquire(lane: Lane, signal?: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(cancelledError('while it waited for its turn'));
      const grant = (): void => {
        this.#held = true;
        resolve(this.#releaseOnce());
      };
      if (!this.#held) return grant();
      const line = this.#waiting[lane];
      if (lane === 'normal' && line.length >= this.#limit) return reject(queueFull(this.#limit));
      const leave = (): void => signal?.removeEventListener('abort', onAbort);
      const waiter: Waiter = {
        grant: () => {
          leave();
          grant();
        },
        reject: (error) => {
          leave();
          reject(error);
        },
      };
      const onAbort = (): void => {
        line.splice(line.indexOf(waiter), 1);
        waiter.reject(cancelledError('while it waited for its turn'));
      };
      signal?.addEventListener('abort', onAbort);
      line.push(waiter);
    });
  }

  /** Rejects every caller that waits in the normal lane. */
  rejectWaiting(error: ConnectionError): void {
    for (const waiter of this.#waiting.normal.splice(0)) waiter.reject(error);
  }

  #releaseOnce(): () => void {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const next = this.#waiting.safety.shift() ?? this.#waiting.normal.shift();
      if (next === undefined) this.#held = false;
      else next.grant();
    };
  }
}

function queueFull(limit: number): ConnectionError {
  return new ConnectionError(`${limit} requests already wait for the instrument`, {
    code: 'queue_full',
    outcome: 'not_sent',
    hint: 'The instrument answers one request at a time. Wait for earlier calls to return, then call again.',
  });
}
