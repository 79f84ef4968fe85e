import { ArkeoError, InternalError } from '../../errors.ts';
import { commands } from '../../instrument/commands/index.ts';
import { ConfirmationRequired } from '../../safety/confirmation.ts';
import type { Conditions } from '../../conditions/conditions-schema.ts';
import { readConditions } from '../../conditions/conditions.ts';
import { effectiveArguments } from '../arguments/effective.ts';
import type { Made } from '../kinds/kind.ts';
import { Cleanups } from './cleanups.ts';
import { conclude } from './conclude.ts';
import { draftOf } from './draft.ts';
import { Halt } from './halt.ts';
import { Keeper } from './keeper.ts';
import type { MeasureDeps, Measured, MeasureRequest } from './measured.ts';
import { notStarted } from './not-started.ts';
import { isUnderWay, Lifecycle, nextPhase } from './phase.ts';
import { Run } from './run.ts';
import type { RunObserver } from './run-progress.ts';
import { Session } from './session.ts';
import { Stopped } from './stopped.ts';
import { Switches } from './switches.ts';
import { isWorthFetching, type Stops } from './verdict.ts';

const STATE_TIMEOUT_MS = 3000;

/**
 * Carries one measurement out, from opening the routine to its entry in the archive. Throws ArkeoError where
 * nothing was started, Stopped where it was told to stop before; from the start on every end, good or bad, is an
 * answer and everything measured is kept.
 * @param stop aborts when it is told to stop
 */
export async function measure(
  request: MeasureRequest,
  deps: MeasureDeps,
  stop: AbortSignal,
  observer: RunObserver,
): Promise<Measured> {
  const attempt = new Attempt(request, deps, stop, observer);
  const onStop = (): void => void attempt.halt.now();
  stop.addEventListener('abort', onStop);
  try {
    return await attempt.carryOut();
  } finally {
    stop.removeEventListener('abort', onStop);
  }
}

/** One measurement that is carried out: tries its procedure, stops it, and rescues what was measured. */
class Attempt {
  readonly halt: Halt;
  readonly #request: MeasureRequest;
  readonly #deps: MeasureDeps;
  readonly #stop: AbortSignal;
  readonly #lifecycle = new Lifecycle();
  readonly #cleanups: Cleanups;
  readonly #keeper: Keeper;
  /** Cannot be told to stop. */
  readonly #rescue: Session;
  readonly #run: Run;
  #conditions: Conditions | undefined;
  #beganAt: Date | undefined;

  constructor(request: MeasureRequest, deps: MeasureDeps, stop: AbortSignal, observer: RunObserver) {
    const { clock, now } = deps;
    const switches = new Switches(now);
    this.#request = request;
    this.#deps = deps;
    this.#stop = stop;
    this.#keeper = new Keeper(deps);
    this.#rescue = new Session({ ...deps, stop: new AbortController().signal });
    this.#cleanups = new Cleanups(switches, clock);
    const parts = { lifecycle: this.#lifecycle, cleanups: this.#cleanups, switches };
    this.halt = new Halt({ ...parts, session: this.#rescue, clock });
    this.#run = new Run({
      ...request,
      ...parts,
      session: new Session({ ...deps, stop }),
      client: deps.client,
      opening: deps,
      keeper: this.#keeper,
      checkpoints: deps.checkpoints,
      observer,
      begin: (starts) => this.#begin(starts),
      settingsAtStart: () => deps.lastRun.run?.settings,
    });
    for (const [name, value] of Object.entries(request.taken ?? {})) this.#run.noteValue(name, value);
  }

  async carryOut(): Promise<Measured> {
    const { kind } = this.#request;
    let made: Made;
    try {
      made = await kind.procedure(this.#run, argumentsOf(this.#request));
      await this.halt.now();
    } catch (error) {
      return this.#afterError(error);
    }
    return this.#conclude({ ending: { how: 'carried_out' }, dataset: made.dataset });
  }

  async #begin(starts: boolean): Promise<void> {
    this.#conditions = await readConditions(this.#deps.client);
    const opened = { type: 'entry_opened', starts } as const;
    const phase = nextPhase(this.#lifecycle.phase, opened);
    const draft = { run: this.#run, phase, conditions: this.#conditions };
    await this.#keeper.begin(draftOf(this.#request, draft, this.#deps));
    this.#lifecycle.note(opened);
    this.#beganAt = this.#deps.now();
  }

  /** Failures to stop or to switch off, one sentence each: nothing is more important. */
  #alarms(): string[] {
    const { problem } = this.halt;
    return [...(problem === undefined ? [] : [problem]), ...this.#cleanups.failures];
  }

  async #afterError(error: unknown): Promise<Measured> {
    const { step } = this.#run;
    if (this.#lifecycle.phase.name === 'preparing') {
      await this.halt.now();
      throw await notStarted({
        request: this.#request,
        run: this.#run,
        alarms: this.#alarms(),
        error,
        stopped: this.#stop.aborted,
        state: () => this.#stateNow(),
      });
    }
    const cause = error instanceof ArkeoError ? error : new InternalError(error);
    const fetchedAfterAll = await this.#rescueData(cause);
    const measured = await this.#conclude({
      ending: { how: 'failed', step, message: cause.message, gone: isGone(cause) },
      dataset: this.#run.live,
      fetchedAfterAll,
      failure: { step, error: cause },
      told: error instanceof Stopped,
    });
    if (error instanceof ConfirmationRequired && measured.alarms.length === 0) throw error;
    return measured;
  }

  /**
   * Stops and switches off, then fetches what was measured. Returns whether the instrument had measured all that was
   * asked, and all of it came.
   */
  async #rescueData(cause: ArkeoError): Promise<boolean> {
    const run = this.#run;
    const lifecycle = this.#lifecycle;
    const { lifecycle: kindOfEnd } = run.routine;
    const gone = isGone(cause);
    // The window that is open now, if any, is another's: its measurement is not to be stopped.
    if (gone) lifecycle.note({ type: 'ended' });
    const mayEndItself = lifecycle.phase.name === 'measuring' && kindOfEnd === 'finite';
    const status = await this.halt.andWait();
    if (mayEndItself && this.#stop.aborted && !this.halt.told && status?.status === 'Ready')
      lifecycle.note({ type: 'finished' });
    else if (this.halt.problem === undefined) lifecycle.note({ type: 'ended' });
    const { phase } = lifecycle;
    const isWanted = isWorthFetching({
      lifecycle: kindOfEnd,
      phase,
      gone,
      notStopped: this.halt.problem !== undefined && isUnderWay(phase),
      onlyLookedAt: run.live !== undefined && run.data.replies.length === 0,
    });
    if (!isWanted) return false;
    const missing = await run.data.rescue(this.#rescue);
    if (missing === undefined) return phase.name === 'finished';
    run.warn(`what had been measured could not be fetched: ${missing}`);
    return false;
  }

  #conclude({
    told = false,
    ...ended
  }: Pick<Parameters<typeof conclude>[0], 'ending' | 'dataset' | 'failure' | 'fetchedAfterAll'> & {
    told?: boolean;
  }): Promise<Measured> {
    return conclude(
      {
        ...ended,
        request: this.#request,
        run: this.#run,
        keeper: this.#keeper,
        phase: this.#lifecycle.phase,
        beganAt: this.#beganAt,
        conditions: this.#conditions,
        stops: this.#stops(told),
        alarms: () => this.#alarms(),
        stateNow: () => this.#stateNow(),
      },
      this.#deps,
    );
  }

  #stops(told: boolean): Stops {
    const { lastRun } = this.#deps;
    return {
      told: told || this.#stop.aborted,
      // If the window was closed as well, the last run is forgotten.
      accepted: lastRun.run?.stopped === true,
      possible: lastRun.mayBeStopped,
      shutDown: this.#run.session.shutDown,
      shutDownAtEnd: this.#run.end.shutDown === true,
    };
  }

  /** The state of the routine as the instrument words it; null where it cannot be asked. */
  async #stateNow(): Promise<string | null> {
    const status = await this.#deps.client
      .send(commands.ROUTINE.GetTestStatus, {}, { timeoutMs: STATE_TIMEOUT_MS })
      .catch(() => undefined);
    return status?.status ?? null;
  }
}

/** The arguments as a procedure gets them. */
function argumentsOf({ kind, args, taken = {} }: MeasureRequest) {
  const values = Object.fromEntries(Object.entries(taken).map(([name, { value }]) => [name, value]));
  return effectiveArguments(kind.arguments, { ...args, ...values });
}

/** The routine was closed while it measured. */
function isGone({ code }: ArkeoError): boolean {
  return code === 'routine_closed' || code === 4006;
}
