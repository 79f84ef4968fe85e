import { InputError } from '../errors.ts';
import { canonicalJson } from '../text/canonical-json.ts';
import { Job, type JobDeps, type JobRequest } from './job.ts';

/** An outcome that nobody fetched for so long is not what the next request is about. */
const STALE_MS = 10 * 60_000;
/** Callers whose last job is remembered, the newest: an outcome holds a dataset. */
const REMEMBERED_CALLERS = 16;

/**
 * The jobs on one instrument: one at a time, whoever asks. A job and its outcome belong to the caller that asked for it;
 * others reach it only by its id.
 * @typeParam O the outcomes of all kinds of work, told apart by a member of their own where there are several
 */
export class Jobs<O> {
  readonly #deps: JobDeps;
  /** By caller, the one that began last at the end. */
  readonly #lastOf = new Map<string, Job<O>>();
  #count = 0;

  constructor(deps: JobDeps) {
    this.#deps = deps;
  }

  /** The one that runs, or else the one that began last, of any caller. */
  get last(): Job<O> | undefined {
    return [...this.#lastOf.values()].at(-1);
  }

  get running(): Job<O> | undefined {
    const { last } = this;
    return last?.state === 'running' ? last : undefined;
  }

  /**
   * The job of the same caller that this request is about already: the job runs, or has ended less than 10 min ago, with
   * nothing changed since and its outcome not yet answered to its caller. Throws InputError while another job runs.
   */
  same(request: JobRequest<O>): Job<O> | undefined {
    const own = this.#lastOf.get(request.caller);
    const isSame = own !== undefined && isSameRequest(own.request, request);
    const { running } = this;
    if (running !== undefined && (running !== own || !isSame)) throw busy(running, request.caller);
    if (!isSame) return undefined;
    return own.state === 'running' || own.isUndelivered(STALE_MS) ? own : undefined;
  }

  /** Begins a job, or returns the same one. Throws InputError while another one runs. */
  start(request: JobRequest<O>): { job: Job<O>; again: boolean } {
    const same = this.same(request);
    if (same !== undefined) return { job: same, again: true };
    const job = new Job(`job-${++this.#count}`, request, this.#deps);
    this.#remember(job);
    // The guard lets only the running job act: it has to be known before its first command.
    job.begin();
    return { job, again: false };
  }

  /** The job of that id, whoever asked for it; without an id the caller's own last one. Throws InputError. */
  find(id: string | undefined, caller: string): Job<O> {
    const own = this.#lastOf.get(caller);
    const found = id === undefined ? own : [...this.#lastOf.values()].find((job) => job.id === id);
    if (found !== undefined) return found;
    const { last, running } = this;
    if (last === undefined)
      throw new InputError('no measurement was started since this server began', {
        hint: 'list_measurements shows what is in the archive; measure_jv and the other measure tools start one.',
      });
    if (id === undefined)
      throw new InputError(
        `you have started no measurement since this server began${running === undefined ? '' : `; ${running.id} was asked for by ${running.askedBy}`}`,
        {
          hint:
            running === undefined
              ? 'list_measurements shows what was measured.'
              : `Give job_id ${JSON.stringify(running.id)} to follow it.`,
        },
      );
    throw new InputError(`there is no job ${JSON.stringify(id)}; the last one is ${(own ?? last).id}`, {
      hint: 'Leave job_id out for your last one; list_measurements shows earlier measurements.',
    });
  }

  #remember(job: Job<O>): void {
    const { caller } = job.request;
    this.#lastOf.delete(caller);
    this.#lastOf.set(caller, job);
    const [oldest] = this.#lastOf.keys();
    if (oldest !== undefined && this.#lastOf.size > REMEMBERED_CALLERS) this.#lastOf.delete(oldest);
  }
}

function isSameRequest<O>(a: JobRequest<O>, b: JobRequest<O>): boolean {
  return a.work.tool === b.work.tool && canonicalJson(a.args) === canonicalJson(b.args);
}

function busy<O>(job: Job<O>, caller: string): InputError {
  const { id, request, progress, askedBy } = job;
  const isOwn = job.isOf(caller);
  return new InputError(
    `a measurement is under way: ${id}, ${request.work.tool}${isOwn ? '' : ` (asked for by ${askedBy})`}, ${progress.sentence}; one runs at a time and none is queued`,
    {
      code: 'measurement_running',
      hint: isOwn
        ? 'Follow it with wait_for_measurement, or stop it with cancel_measurement; then ask again.'
        : `Wait for its end (wait_for_measurement with job_id ${JSON.stringify(id)}); then ask again.`,
    },
  );
}
