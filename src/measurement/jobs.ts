import { InputError } from '../errors.ts';
import { canonicalJson } from '../text/canonical-json.ts';
import { Job, type JobRequest } from './job.ts';
import type { MeasureDeps } from './run/measured.ts';

/** An outcome that nobody fetched for so long is not what the next request is about. */
const STALE_MS = 10 * 60_000;

/** The measurements of this server: one at a time. */
export class Jobs {
  /** What measurements work with, for those that are made otherwise. */
  readonly deps: MeasureDeps;
  #last: Job | undefined;
  #count = 0;

  constructor(deps: MeasureDeps) {
    this.deps = deps;
  }

  /** The one that runs, or else the one that ended last. */
  get last(): Job | undefined {
    return this.#last;
  }

  get running(): Job | undefined {
    return this.#last?.state === 'running' ? this.#last : undefined;
  }

  /**
   * The measurement that this request is about already: it runs, or it has ended and its outcome was never answered,
   * less than 10 min ago and with nothing changed since. Throws InputError while another one runs.
   */
  same({ work, args }: JobRequest): Job | undefined {
    const last = this.#last;
    if (last === undefined) return undefined;
    const isSame =
      last.request.work.tool === work.tool && canonicalJson(last.request.args) === canonicalJson(args);
    if (last.state === 'running') {
      if (isSame) return last;
      throw busy(last);
    }
    return isSame && last.isUndelivered(STALE_MS) ? last : undefined;
  }

  /** Begins a measurement, or returns the same one. Throws InputError while another one runs. */
  start(request: JobRequest): { job: Job; again: boolean } {
    const same = this.same(request);
    if (same !== undefined) return { job: same, again: true };
    const job = new Job(`job-${++this.#count}`, request, this.deps);
    this.#last = job;
    // Known before its first command: the guard lets only the running one act.
    job.begin();
    return { job, again: false };
  }

  /** The job of that id, or the last one. Throws InputError. */
  find(id: string | undefined): Job {
    if (this.#last === undefined)
      throw new InputError('no measurement was started since this server began', {
        hint: 'list_measurements shows what is in the archive; measure_jv and the other measure tools start one.',
      });
    if (id === undefined || id === this.#last.id) return this.#last;
    throw new InputError(`there is no job ${JSON.stringify(id)}; the last one is ${this.#last.id}`, {
      hint: 'Leave job_id out for the last one; list_measurements shows earlier measurements.',
    });
  }
}

function busy(job: Job): InputError {
  return new InputError(
    `a measurement is under way: ${job.id}, ${job.request.work.tool}, ${job.progress.sentence}; one runs at a time and none is queued`,
    {
      code: 'measurement_running',
      hint: 'Follow it with wait_for_measurement, or stop it with cancel_measurement; then ask again.',
    },
  );
}
