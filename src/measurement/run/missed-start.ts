import { InstrumentError } from '../../errors.ts';

/** A look at all the data costs more than one at the status. */
const FIRST_LOOK_MS = 1500;
const LOOK_EVERY_MS = 500;
/** A measurement that says Ready and has the data of before for so long did not start. */
const STARTS_WITHIN_MS = 5000;

/** Judges a measurement that says Ready and was not seen running: it may have ended between two looks. */
export class MissedStartDetector {
  readonly #changed: () => Promise<string | undefined>;
  readonly #expectedMs: number;
  #lookAtMs = FIRST_LOOK_MS;
  #last: string | undefined;

  /** @param changed the data, if it is surely other than before the start */
  constructor(changed: () => Promise<string | undefined>, expectedMs: number | undefined) {
    this.#changed = changed;
    this.#expectedMs = expectedMs ?? STARTS_WITHIN_MS;
  }

  /**
   * Whether it has: there is other data than before, the same at two looks, and the time is over. Throws InstrumentError
   * where it has not even started.
   */
  async hasEnded(elapsedMs: number): Promise<boolean> {
    if (elapsedMs < this.#lookAtMs) return false;
    this.#lookAtMs = elapsedMs + LOOK_EVERY_MS;
    const data = await this.#changed();
    const isSteady = data !== undefined && data === this.#last;
    this.#last = data;
    if (data === undefined && elapsedMs > STARTS_WITHIN_MS) throw neverStarted();
    return isSteady && elapsedMs > this.#expectedMs;
  }
}

function neverStarted(): InstrumentError {
  return new InstrumentError(
    `the start was accepted, but it was not seen measuring for ${STARTS_WITHIN_MS / 1000} s, and no new data came`,
    {
      code: 'never_started',
      outcome: 'unknown',
      hint: 'Call instrument_status, and look at the ARKEO screen: a question may be open there.',
    },
  );
}
