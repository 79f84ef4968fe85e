import { InputError } from '../errors.ts';

/** Time for which the looks before a command hold while the command waits behind what others send. */
const HOLDS_MS = 2000;
/** Times that a command is looked at before it is given up. */
const MOST_TRIES = 3;

/** The command waited too long after it was admitted. */
class Outdated extends Error {}

interface Admitting<T> {
  target: string;
  name: string;
  /** Monotonic, ms. */
  now: () => number;
  /** Throws where the command must not be sent. */
  admit: () => Promise<void>;
  /** @param beforeWrite to be called right before the command is written; where it throws, nothing is sent */
  write: (beforeWrite: () => void) => Promise<T>;
}

/**
 * Writes a command on a look at the instrument that is recent: a command that had to wait for the socket is looked at
 * again first. Throws InputError `instrument_busy` where it has to wait every time, and what `admit` and `write` throw.
 */
export async function writeAdmitted<T>({ target, name, now, admit, write }: Admitting<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    await admit();
    const admittedAt = now();
    try {
      return await write(() => {
        if (now() - admittedAt > HOLDS_MS) throw new Outdated();
      });
    } catch (error) {
      if (!(error instanceof Outdated)) throw error;
      if (tries === MOST_TRIES) throw busy(target, name);
    }
  }
}

function busy(target: string, name: string): InputError {
  return new InputError(
    `${target}.${name} had to wait ${MOST_TRIES} times for more than ${HOLDS_MS / 1000} s behind other requests`,
    {
      code: 'instrument_busy',
      target,
      command: name,
      hint: 'Nothing was sent, since the instrument may have changed meanwhile. Wait until the other requests are answered, then call again.',
    },
  );
}
