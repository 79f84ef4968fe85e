import type { Measured } from '../measurement/run/measured.ts';
import type { Jobs } from '../measurement/jobs.ts';
import type { Ownership } from '../safety/ownership.ts';

/**
 * Tells whether a measurement is on that was asked to go on without this program. While it is only prepared, and once it
 * has ended, nothing goes on, and all of it is switched off.
 */
export function keepsRunning({
  jobs,
  ownership,
}: {
  jobs: Pick<Jobs<Measured>, 'running'>;
  ownership: Pick<Ownership, 'measurement'>;
}): boolean {
  return jobs.running?.request.args['keep_running'] === true && ownership.measurement;
}
