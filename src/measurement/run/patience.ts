import { ConnectionError } from '../../errors.ts';
import type { Session } from './session.ts';

/** A network may be away for minutes; the instrument measures on without us. */
const PATIENCE_MS = 10 * 60_000;
const RETRY_MS = 1000;

/**
 * Reads from an instrument that measures, as often as needed where the network is away. Throws ConnectionError
 * where it stays away, Stopped when told to stop, and what the instrument says.
 * @param onAway told before each further attempt, as a sentence
 */
export async function patiently<T>(
  session: Session,
  read: () => Promise<T>,
  onAway: (sentence: string) => void,
): Promise<T> {
  const began = performance.now();
  for (;;) {
    try {
      return await read();
    } catch (error) {
      const awayMs = performance.now() - began;
      if (!(error instanceof ConnectionError) || error.code === 'closed' || awayMs > PATIENCE_MS) throw error;
      onAway(`no connection for ${Math.round(awayMs / 1000)} s; the instrument measures on by itself`);
      await session.pause(RETRY_MS);
    }
  }
}
