import { setTimeout as sleep } from 'node:timers/promises';
import { ArkeoError, InputError, InternalError } from '../errors.ts';
import { canonicalJson } from './canonical-json.ts';
import type { MeasureDeps, Measured, MeasureRequest } from './run/measure.ts';
import { measure } from './run/measure.ts';
import type { RunProgress } from './run/run.ts';
import { Stopped } from './run/stopped.ts';

export type JobState = 'running' | 'ended' | 'refused';

/** A measurement that goes on whatever becomes of the call that asked for it. */
export class Job {
  readonly id: string;
  readonly request: MeasureRequest;
  readonly startedAt: Date;
  /** It ended, and its outcome has been answered to somebody. */
  delivered = false;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  readonly #watchers = new Set<(progress: RunProgress) => void>();
  #progress: RunProgress = { sentence: 'preparation', fraction: undefined, leftMs: undefined };
  #furthest = 0;
  #measured: Measured | undefined;
  #refusal: ArkeoError | undefined;

  constructor(id: string, request: MeasureRequest, deps: MeasureDeps) {
    this.id = id;
    this.request = request;
    this.startedAt = deps.now();
    this.#done = this.#run(deps);
  }

  get state(): JobState {
    if (this.#measured !== undefined) return 'ended';
    return this.#refusal === undefined ? 'running' : 'refused';
  }

  get progress(): RunProgress {
    return this.#progress;
  }

  /** What came out; undefined while it runs, and where nothing was started. */
  get measured(): Measured | undefined {
    return this.#measured;
  }

  /** Why nothing was started. */
  get refusal(): ArkeoError | undefined {
    return this.#refusal;
  }

  /** Stops the measurement; what was measured is kept. */
  cancel(): void {
    this.#stop.abort();
  }

  /**
   * Resolves when the job has ended, the time is over or the signal aborts, whichever is first; the job goes on.
   * @param onProgress told at every change, and at least every second
   */
  async wait(
    ms: number,
    signal: AbortSignal,
    onProgress: (progress: RunProgress) => void = () => undefined,
  ): Promise<void> {
    const given = new AbortController();
    const onAbort = (): void => given.abort();
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    const reminder = setInterval(() => onProgress(this.#progress), 1000);
    this.#watchers.add(onProgress);
    onProgress(this.#progress);
    try {
      await Promise.race([this.#done, sleep(ms, undefined, { signal: given.signal }).catch(() => undefined)]);
    } finally {
      given.abort();
      clearInterval(reminder);
      this.#watchers.delete(onProgress);
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #run(deps: MeasureDeps): Promise<void> {
    try {
      this.#measured = await measure(this.request, deps, this.#stop.signal, (progress) => {
        // What two sources say of how far it is may differ; going backwards would only confuse.
        const { fraction } = progress;
        this.#furthest = Math.max(this.#furthest, fraction ?? 0);
        this.#progress = fraction === undefined ? progress : { ...progress, fraction: this.#furthest };
        for (const watch of this.#watchers) watch(this.#progress);
      });
    } catch (error) {
      this.#refusal = error instanceof Stopped ? cancelledBefore() : asArkeoError(error);
    }
  }
}

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
   * Begins a measurement. The same request while it runs, or when its outcome was never answered, is that
   * measurement and no second one. Throws InputError while another one runs.
   */
  start(request: MeasureRequest): { job: Job; again: boolean } {
    const last = this.#last;
    if (last !== undefined && isSame(last.request, request)) {
      const waiting = last.state === 'running' || (last.state === 'ended' && !last.delivered);
      if (waiting) return { job: last, again: true };
    }
    if (this.running !== undefined) throw busy(this.running);
    const job = new Job(`job-${++this.#count}`, request, this.deps);
    this.#last = job;
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

function isSame(a: MeasureRequest, b: MeasureRequest): boolean {
  return (
    a.kind === b.kind && a.routine.name === b.routine.name && canonicalJson(a.args) === canonicalJson(b.args)
  );
}

function busy(job: Job): InputError {
  return new InputError(
    `a measurement is under way: ${job.id}, ${job.request.kind.tool}, ${job.progress.sentence}; one runs at a time and none is queued`,
    {
      code: 'measurement_running',
      hint: 'Follow it with wait_for_measurement, or stop it with cancel_measurement; then ask again.',
    },
  );
}

function cancelledBefore(): InputError {
  return new InputError('the measurement was cancelled before it started', {
    code: 'cancelled',
    hint: 'Nothing was measured. Ask again if it is still wanted.',
  });
}

function asArkeoError(error: unknown): ArkeoError {
  return error instanceof ArkeoError ? error : new InternalError(error);
}
