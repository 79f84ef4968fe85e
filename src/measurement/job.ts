import { setTimeout as sleep } from 'node:timers/promises';
import { ArkeoError, ConnectionError, InputError, InternalError } from '../errors.ts';
import type { RoutineDefinition } from '../instrument/routines/routine.ts';
import type { Caller } from '../safety/caller.ts';
import type { MeasureDeps, Measured } from './run/measured.ts';
import type { RunProgress } from './run/run-progress.ts';

/** What a job is carried out with. */
export interface JobContext {
  readonly deps: MeasureDeps;
  /** Aborts when the job is told to stop. */
  readonly stop: AbortSignal;
  /** Called as soon as the routine is chosen. */
  readonly onRoutine: (routine: RoutineDefinition) => void;
  readonly onProgress: (progress: RunProgress) => void;
}

/** Work that a job can carry out, as data. */
export interface JobWork {
  /** The tool that asks for it. */
  readonly tool: string;
  /** The routine it runs; undefined where an argument or the archive names it. */
  readonly routine: RoutineDefinition | undefined;
  /** True where it only follows what another server started: ending it stops nothing. */
  readonly followsOnly: boolean;
  /** Throws ArkeoError where nothing was started. */
  carryOut(args: Readonly<Record<string, unknown>>, context: JobContext): Promise<Measured>;
}

/** What is asked: two requests are the same if tool and arguments are. */
export interface JobRequest {
  work: JobWork;
  args: Readonly<Record<string, unknown>>;
}

export type JobState = 'running' | 'ended' | 'refused';

/** While it is under way it is not at its end, whatever the instrument says. */
const FURTHEST = 0.99;

/** A measurement that goes on whatever becomes of the call that asked for it. */
export class Job {
  readonly id: string;
  readonly request: JobRequest;
  readonly startedAt: Date;
  /** It ended, and its outcome has been answered to somebody. */
  delivered = false;
  readonly #deps: MeasureDeps;
  readonly #caller: Caller;
  readonly #stop = new AbortController();
  #done: Promise<void> = Promise.resolve();
  readonly #watchers = new Set<(progress: RunProgress) => void>();
  #progress: RunProgress = { sentence: 'preparation', fraction: undefined, leftMs: undefined };
  #furthest = 0;
  #measured: Measured | undefined;
  #refusal: ArkeoError | undefined;
  #ended: { at: Date; changes: number } | undefined;
  #routine: string | undefined;

  constructor(id: string, request: JobRequest, deps: MeasureDeps) {
    this.id = id;
    this.request = request;
    this.startedAt = deps.now();
    this.#deps = deps;
    this.#caller = { ...(deps.callers.current ?? anonymous(request)), job: id, notes: new Set() };
  }

  get state(): JobState {
    if (this.#measured !== undefined) return 'ended';
    return this.#refusal === undefined ? 'running' : 'refused';
  }

  get progress(): RunProgress {
    return this.#progress;
  }

  /** The routine by our name for it, as soon as it is chosen; the one that was asked for until then. */
  get routine(): string {
    const { work, args } = this.request;
    const { routine: asked } = args;
    return this.#routine ?? work.routine?.name ?? (typeof asked === 'string' ? asked : '');
  }

  /** It only follows what another server started. */
  get followsOnly(): boolean {
    return this.request.work.followsOnly;
  }

  /** What came out; undefined while it runs, and where nothing was started. */
  get measured(): Measured | undefined {
    return this.#measured;
  }

  /** Why nothing was started. */
  get refusal(): ArkeoError | undefined {
    return this.#refusal;
  }

  /** Whether its outcome still waits for somebody: lately measured, and nothing was changed since. */
  isUndelivered(staleMs: number): boolean {
    const { now, lastRun } = this.#deps;
    return (
      this.state === 'ended' &&
      !this.delivered &&
      this.#ended !== undefined &&
      now().getTime() - this.#ended.at.getTime() < staleMs &&
      lastRun.changes.count === this.#ended.changes
    );
  }

  /** Begins it, on behalf of whoever asked for it. */
  begin(): void {
    this.#done = this.#deps.callers.run(this.#caller, () => this.#run());
  }

  /** Stops the measurement; what was measured is kept. */
  cancel(): void {
    // What is sent for it is the job's, and not that of whoever stops it.
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

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    try {
      this.#measured = await this.#carryOut(signal);
    } catch (error) {
      this.#refusal = refusalOf(error, signal.aborted);
    }
    this.#ended = { at: this.#deps.now(), changes: this.#deps.lastRun.changes.count };
  }

  #carryOut(stop: AbortSignal): Promise<Measured> {
    const { work, args } = this.request;
    return work.carryOut(args, {
      deps: this.#deps,
      stop,
      onRoutine: ({ name }) => void (this.#routine = name),
      onProgress: (progress) => this.#tell(progress),
    });
  }

  /** What two sources say of how far it is may differ; going backwards would only confuse. */
  #tell(progress: RunProgress): void {
    const { fraction } = progress;
    this.#furthest = Math.min(FURTHEST, Math.max(this.#furthest, fraction ?? 0));
    this.#progress = fraction === undefined ? progress : { ...progress, fraction: this.#furthest };
    for (const watch of this.#watchers) watch(this.#progress);
  }
}

function anonymous({ work }: JobRequest): Caller {
  return { tool: work.tool, host: undefined, takeOver: false, agreed: new Set(), notes: new Set() };
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
