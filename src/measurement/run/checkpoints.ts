import { ArkeoError, InstrumentError } from '../../errors.ts';

/** How often what a measurement has so far is kept, ms. */
export interface CheckpointTimes {
  /** Shorter measurements are measured again rather than kept in parts. */
  longMs: number;
  everyMs: number;
}

export const USUAL_CHECKPOINTS: CheckpointTimes = { longMs: 60_000, everyMs: 30_000 };
/** Shortest interval, as a share of the expected time: a measurement of hours is not read every half a minute. */
const SHARE = 0.05;
const MAX_FAILURES = 3;

/**
 * Takes what a long measurement has so far, now and then. That it cannot be taken is no failure of the measurement:
 * who refuses, or does not answer in time, is not asked again.
 */
export class Checkpoints {
  readonly #times: CheckpointTimes;
  readonly #take: () => Promise<void>;
  #lastMs = 0;
  #failures = 0;

  constructor(times: CheckpointTimes, take: () => Promise<void>) {
    this.#times = times;
    this.#take = take;
  }

  /** @param elapsedMs since the start, while it was just seen measuring */
  async atLook(elapsedMs: number, expectedMs: number | undefined): Promise<void> {
    const { longMs, everyMs } = this.#times;
    const length = Math.max(elapsedMs, expectedMs ?? 0);
    if (length < longMs || elapsedMs - this.#lastMs < Math.max(everyMs, SHARE * length)) return;
    if (this.#failures >= MAX_FAILURES) return;
    this.#lastMs = elapsedMs;
    try {
      await this.#take();
    } catch (error) {
      if (!(error instanceof ArkeoError)) throw error;
      this.#failures = isForGood(error) ? MAX_FAILURES : this.#failures + 1;
    }
  }
}

function isForGood(error: ArkeoError): boolean {
  return error instanceof InstrumentError || error.code === 'reply_timeout';
}
