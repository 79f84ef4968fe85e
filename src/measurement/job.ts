import { setTimeout as sleep } from 'node:timers/promises';
import { ArkeoError, ConnectionError, InputError, InternalError } from '../errors.ts';
import type { Caller, Callers } from '../safety/caller.ts';
import type { Changes } from './changes.ts';
import type { Dataset } from '../science/dataset.ts';
import { type LivePoint, LivePoints } from './live-points.ts';
import { describeRunProgress, progressOf, type RunProgress } from './run/run-progress.ts';

/** Context that a job gives to its work. */
export interface JobContext {
  /** Aborts when the job is told to stop. */
  readonly stop: AbortSignal;
  /** Called as soon as the subject is known better than from the arguments. */
  readonly setSubject: (subject: string) => void;
  readonly onProgress: (progress: RunProgress) => void;
  /** The data that there is so far. */
  readonly onLive: (dataset: Dataset) => void;
}

/** Event that a job emits while it runs, made from what it reads anyway. */
export type JobEvent =
  | { type: 'progress'; progress: RunProgress }
  | { type: 'point'; point: LivePoint }
  | { type: 'data'; dataset: Dataset }
  | { type: 'end' };

type Arguments = Readonly<Record<string, unknown>>;

/**
 * Work that a job can carry out, as data.
 * @typeParam O its outcome; where several kinds of work exist, a union
 */
export interface JobWork<O> {
  /** The tool that asks for it. */
  readonly tool: string;
  /** True where it only follows what another server started: ending it stops nothing. */
  readonly followsOnly: boolean;
  /** The routine or the series that it is about, as far as the arguments tell; may be empty. */
  subject(args: Arguments): string;
  /** Throws ArkeoError where nothing was started. */
  carryOut(args: Arguments, context: JobContext): Promise<O>;
}

/** A request: two are the same if they have the same caller, tool and arguments. */
export interface JobRequest<O> {
  work: JobWork<O>;
  args: Arguments;
  /** Caller that asks: `Caller.id`. The job and its outcome belong to this caller. */
  caller: string;
}

/** Dependencies of jobs. */
export interface JobDeps {
  callers: Callers;
  /** Counts what may have changed sample or instrument. */
  changes: Changes;
  now: () => Date;
}

export type JobState = 'running' | 'ended' | 'refused';

/** While it is under way it is not at its end, whatever the instrument says. */
const FURTHEST = 0.99;

/** Work that goes on whatever becomes of the call that asked for it. */
export class Job<O> {
  readonly id: string;
  readonly request: JobRequest<O>;
  readonly startedAt: Date;
  readonly #deps: JobDeps;
  readonly #caller: Caller;
  readonly #stop = new AbortController();
  #done: Promise<void> = Promise.resolve();
  readonly #watchers = new Set<(event: JobEvent) => void>();
  readonly #points = new LivePoints();
  #live: Dataset | undefined;
  #progress: RunProgress = progressOf('preparation');
  #furthest = 0;
  #outcome: O | undefined;
  /** The owner was answered with the outcome. */
  #delivered = false;
  #refusal: ArkeoError | undefined;
  #ended: { at: Date; changes: number } | undefined;
  #subject: string;

  constructor(id: string, request: JobRequest<O>, deps: JobDeps) {
    this.id = id;
    this.request = request;
    this.startedAt = deps.now();
    this.#deps = deps;
    this.#subject = request.work.subject(request.args);
    this.#caller = { ...(deps.callers.current ?? anonymous(request)), job: id, notes: new Set() };
  }

  get state(): JobState {
    if (this.#outcome !== undefined) return 'ended';
    return this.#refusal === undefined ? 'running' : 'refused';
  }

  get progress(): RunProgress {
    return this.#progress;
  }

  /** "reverse scan, 0.62 V, 118 of 142 points, about 4 s left" */
  get sentence(): string {
    return describeRunProgress(this.#progress);
  }

  /** Points that the status showed so far, thinned where they are many. */
  get points(): readonly LivePoint[] {
    return this.#points.all;
  }

  /** The data that was read last while it ran; undefined where none was, as of a short measurement. */
  get live(): Dataset | undefined {
    return this.#live;
  }

  /** The routine or the series that it is about; may be empty before that is known. */
  get subject(): string {
    return this.#subject;
  }

  /** The host that asked for it, as the host names itself; "another caller" where it does not. */
  get askedBy(): string {
    return this.#caller.host ?? 'another caller';
  }

  /** Whether that caller asked for it. */
  isOf(caller: string): boolean {
    return this.request.caller === caller;
  }

  /** It only follows what another server started. */
  get followsOnly(): boolean {
    return this.request.work.followsOnly;
  }

  /** Undefined while it runs, and where nothing was started. */
  get outcome(): O | undefined {
    return this.#outcome;
  }

  /** The owner was answered with the outcome or the refusal. */
  get delivered(): boolean {
    return this.#delivered;
  }

  /** Notes that a caller was answered with the outcome: for the owner the job is done then. */
  deliverTo(caller: string): void {
    this.#delivered ||= this.isOf(caller);
  }

  /** Why nothing was started. */
  get refusal(): ArkeoError | undefined {
    return this.#refusal;
  }

  /** Whether its outcome still waits for somebody: lately measured, and nothing was changed since. */
  isUndelivered(staleMs: number): boolean {
    const { now, changes } = this.#deps;
    return (
      this.state === 'ended' &&
      !this.#delivered &&
      this.#ended !== undefined &&
      now().getTime() - this.#ended.at.getTime() < staleMs &&
      changes.count === this.#ended.changes
    );
  }

  /** Begins it, on behalf of whoever asked for it. */
  begin(): void {
    this.#done = this.#deps.callers.run(this.#caller, () => this.#run());
  }

  /** Stops it; what was measured is kept. */
  cancel(): void {
    // Commands that the abort sends belong to the caller of the job, not to the caller that stops it.
    this.#deps.callers.run(this.#caller, () => this.#stop.abort());
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
    const tell = (): void => onProgress(this.#progress);
    const reminder = setInterval(tell, 1000);
    const unwatch = this.watch(({ type }) => {
      if (type === 'progress') tell();
    });
    tell();
    try {
      await Promise.race([this.#done, sleep(ms, undefined, { signal: given.signal }).catch(() => undefined)]);
    } finally {
      given.abort();
      clearInterval(reminder);
      unwatch();
      signal.removeEventListener('abort', onAbort);
    }
  }

  /**
   * Watches the job until it ends; nothing is asked of the instrument for it. What was before is in `progress`, `points`
   * and `live`. A watcher that throws is not called again. Returns what ends the watching.
   */
  watch(watcher: (event: JobEvent) => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    try {
      this.#outcome = await this.#carryOut(signal);
    } catch (error) {
      this.#refusal = refusalOf(error, signal.aborted);
    }
    this.#ended = { at: this.#deps.now(), changes: this.#deps.changes.count };
    this.#tell({ type: 'end' });
    this.#watchers.clear();
  }

  #carryOut(stop: AbortSignal): Promise<O> {
    const { work, args } = this.request;
    return work.carryOut(args, {
      stop,
      setSubject: (subject) => void (this.#subject = subject),
      onProgress: (progress) => this.#noteProgress(progress),
      onLive: (dataset) => {
        this.#live = dataset;
        this.#tell({ type: 'data', dataset });
      },
    });
  }

  /** Keeps the fraction from going back: two sources of progress may differ, and a step back would only confuse. */
  #noteProgress(progress: RunProgress): void {
    const { fraction } = progress;
    this.#furthest = Math.min(FURTHEST, Math.max(this.#furthest, fraction ?? 0));
    this.#progress = fraction === undefined ? progress : { ...progress, fraction: this.#furthest };
    this.#tell({ type: 'progress', progress: this.#progress });
    const point = this.#points.add(progress);
    if (point !== undefined) this.#tell({ type: 'point', point });
  }

  /** Tells every watcher. A watcher that throws is removed: it must not disturb what runs. */
  #tell(event: JobEvent): void {
    for (const watcher of this.#watchers)
      try {
        watcher(event);
      } catch {
        this.#watchers.delete(watcher);
      }
  }
}

function anonymous({ work, caller }: JobRequest<unknown>): Caller {
  return {
    id: caller,
    tool: work.tool,
    host: undefined,
    takeOver: false,
    agreed: new Set(),
    notes: new Set(),
  };
}

function refusalOf(error: unknown, cancelled: boolean): ArkeoError {
  const known = error instanceof ArkeoError ? error : new InternalError(error);
  // While the routine was being chosen: whatever the read that was given up says.
  if (cancelled && known instanceof ConnectionError)
    return new InputError('the measurement was cancelled before it started', {
      code: 'cancelled',
      hint: 'Nothing was measured. Ask again if it is still wanted.',
    });
  return known;
}
