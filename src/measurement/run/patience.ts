import type { Clock } from '../../clock.ts';
import { ConnectionError } from '../../errors.ts';
import type { Session } from './session.ts';

/** A network may be away for minutes; the instrument may measure on without us. */
const PATIENCE_MS = 10 * 60_000;
const RETRY_MS = 1000;
/** Somebody waits for the word that it is off, so this takes a minute at most. */
const PERSISTENCE_MS = 60_000;
const PAUSE_MS = { first: 200, longest: 5000 };

/** Will not be otherwise the next time: an end of ours, or something else that answers. */
const FINAL: ReadonlySet<string> = new Set(['closed', 'not_an_arkeo', 'tls_failed', 'safe_shutdown']);

/**
 * Reads from an instrument that measures or has measured, as often as needed where the network is away. Throws
 * ConnectionError where it stays away, Stopped when told to stop, and what the instrument says.
 * @param onAway told before each further attempt, as a sentence
 */
export async function patiently<T>(
  session: Session,
  read: () => Promise<T>,
  onAway: (sentence: string) => void,
): Promise<T> {
  const { clock } = session;
  const began = clock.now();
  for (;;) {
    try {
      return await read();
    } catch (error) {
      session.throwIfStopped();
      const awayMs = clock.now() - began;
      // An answer that cannot be read was asked for once more already.
      if (!mayComeBack(error) || error.code === 'bad_reply' || awayMs > PATIENCE_MS) throw error;
      onAway(`no connection for ${Math.round(awayMs / 1000)} s; the instrument may be going on by itself`);
      await session.pause(RETRY_MS);
    }
  }
}

/** Switches off, again for a minute while the network is away: off may be said twice. Throws what came last. */
export async function persistently<T>(clock: Clock, act: () => Promise<T>): Promise<T> {
  const began = clock.now();
  for (let pause = PAUSE_MS.first; ; pause = Math.min(PAUSE_MS.longest, 2 * pause)) {
    try {
      return await act();
    } catch (error) {
      if (!mayComeBack(error) || clock.now() - began > PERSISTENCE_MS) throw error;
      await clock.pause(pause);
    }
  }
}

function mayComeBack(error: unknown): error is ConnectionError {
  return error instanceof ConnectionError && !FINAL.has(error.code);
}
