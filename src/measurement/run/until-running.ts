import { InstrumentError } from '../../errors.ts';
import type { Clock } from '../../clock.ts';
import { requireSane } from './require-sane.ts';
import type { Watched } from './second-look.ts';

const POLL_MS = 100;
const DEADLINE_MS = 20_000;

/** A measurement that was just started. */
export interface Starting extends Watched {
  readonly clock: Clock;
  noteMeasuring(): void;
}

/** Waits until the instrument says Running, so that what is set takes effect. Throws InstrumentError. */
export async function untilRunning(run: Starting): Promise<void> {
  const deadline = run.clock.now() + DEADLINE_MS;
  for (;;) {
    const status = await run.status();
    requireSane(status, run.routine);
    if (status.status === 'Running') return run.noteMeasuring();
    if (run.clock.now() > deadline)
      throw new InstrumentError('the measurement was started, but does not run after 20 s', {
        code: 'not_running',
        outcome: 'unknown',
        hint: 'Call instrument_status; somebody may have to answer a question at the ARKEO screen.',
      });
    await run.pause(POLL_MS);
  }
}
