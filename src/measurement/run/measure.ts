import { ArkeoError, InternalError } from '../../errors.ts';
import { commands } from '../../instrument/commands/index.ts';
import { ConfirmationRequired } from '../../safety/confirmation.ts';
import type { EndState } from '../../archive/entry.ts';
import type { RecordDraft } from '../../archive/record.ts';
import type { Conditions } from '../../conditions/conditions-schema.ts';
import { sha256 } from '../../archive/stored.ts';
import { readConditions } from '../../conditions/conditions.ts';
import { effectiveArguments } from '../arguments/effective.ts';
import { appliedTo } from './applied.ts';
import { conclude } from './conclude.ts';
import { Halt } from './halt.ts';
import { Keeper } from './keeper.ts';
import type { Failure, MeasureDeps, Measured, MeasureRequest } from './measured.ts';
import { notStarted } from './not-started.ts';
import { Run } from './run.ts';
import type { Held } from './run-data.ts';
import type { RunObserver } from './run-progress.ts';
import { sampleOf } from './sample.ts';
import { Session } from './session.ts';
import { Stopped } from './stopped.ts';

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
  const { kind, routine, args, taken = {} } = request;
  const keeper = new Keeper(deps.archive);
  const rescue = new Session({ ...deps, stop: new AbortController().signal });
  let conditions: Conditions | undefined;
  const run = new Run({
    kind,
    routine,
    args,
    taken,
    now: deps.now,
    session: new Session({ ...deps, stop }),
    client: deps.client,
    opening: deps,
    keeper,
    checkpoints: deps.checkpoints,
    observer,
    begin: async () => {
      conditions = await readConditions(deps.client);
      await keeper.begin(draftOf(request, run, conditions, deps));
      run.entryOpened = true;
    },
    settingsAtStart: () => deps.lastRun.run?.settings,
  });
  const halt = new Halt(run, rescue);
  const onStop = (): void => void halt.now();
  stop.addEventListener('abort', onStop);
  let state: EndState;
  let failure: Failure | undefined;
  try {
    await kind.procedure(run, argumentsOf(request));
    await halt.now();
    state = endedEarly(run, deps) ? 'stopped' : 'complete';
    if (state === 'stopped') run.warnings.push(byShutdown(run, deps) ? BY_SHUTDOWN : BY_REQUEST);
  } catch (error) {
    const { step } = run;
    if (!run.entryOpened) {
      await halt.now();
      throw await notStarted({ request, run, error, stopped: stop.aborted, state: () => stateNow(deps) });
    }
    ({ state, failure } = await rescued({ run, halt, rescue, error, step }, deps, stop.aborted));
    if (error instanceof ConfirmationRequired && run.alarms.length === 0) {
      await conclude({ request, run, keeper, conditions, state, failure }, deps);
      throw error;
    }
  } finally {
    stop.removeEventListener('abort', onStop);
  }
  return conclude({ request, run, keeper, conditions, state, failure }, deps);
}

/** The arguments as a procedure gets them. */
function argumentsOf({ kind, args, taken = {} }: MeasureRequest) {
  const values = Object.fromEntries(Object.entries(taken).map(([name, { value }]) => [name, value]));
  return effectiveArguments(kind.arguments, { ...args, ...values });
}

const BY_REQUEST = 'it was stopped before its end: the data ends early';
const BY_SHUTDOWN = 'a safe_shutdown stopped it before its end: the data ends early';

function draftOf(
  { kind, routine, args }: MeasureRequest,
  run: Run,
  conditions: Conditions,
  deps: MeasureDeps,
): RecordDraft {
  const { simulator, address } = deps.connection.status();
  const { sample } = sampleOf({ args, settings: run.settings, table: kind.arguments }, deps);
  const { deviceName, areaCm2, areaSource } = sample;
  return {
    tool: kind.tool,
    request: { ...args },
    routine: routine.name,
    device_name: deviceName,
    user_name: deps.userName ?? null,
    area_cm2: areaCm2,
    area_source: areaSource,
    note: typeof args['note'] === 'string' ? args['note'] : null,
    simulated: typeof simulator === 'string',
    simulator: simulator ?? null,
    instrument: address,
    software: { name: 'arkeo-mcp', ...deps.versions },
    settings: { ...run.settings },
    applied: appliedTo({ kind, run, sample, deps }),
    conditions,
    conditions_after: null,
    start: run.startOutcome ?? null,
    data_before: dataBefore(run.data.before),
  };
}

function dataBefore(held: Held | undefined): RecordDraft['data_before'] {
  if (held === undefined) return null;
  return { sha256: held === null ? null : sha256(held) };
}

/** It looked as if it had ended by itself, but this server was told to stop it meanwhile. */
function endedEarly({ routine, session, endedInShutdown }: Run, { lastRun }: MeasureDeps): boolean {
  // Where the window was closed as well, the last run is forgotten.
  if (routine.lifecycle === 'finite')
    return lastRun.run?.stopped === true || (endedInShutdown && lastRun.mayBeStopped);
  // What is always stopped in the end was not cut short by it.
  return routine.lifecycle === 'until_stopped' && session.shutDown;
}

/** A safe_shutdown may have stopped it: one that did not reach the instrument, or found nothing to stop, did not. */
function byShutdown({ session }: Run, { lastRun }: MeasureDeps): boolean {
  return session.shutDown && lastRun.mayBeStopped;
}

interface Broken {
  run: Run;
  halt: Halt;
  rescue: Session;
  error: unknown;
  step: string;
}

/** After what ended it otherwise than planned: stops and switches off, then fetches what was measured. */
async function rescued(
  { run, halt, rescue, error, step }: Broken,
  deps: MeasureDeps,
  aborted: boolean,
): Promise<{ state: EndState; failure: Failure | undefined }> {
  const wrapped = error instanceof ArkeoError ? error : new InternalError(error);
  // What is open now, if anything, is another's: its measurement is not to be stopped, nor its data ours.
  const gone = isGone(wrapped);
  const shutDown = gone ? byShutdown(run, deps) : run.session.shutDown;
  const told = aborted || shutDown || error instanceof Stopped;
  if (gone) run.ended();
  const byItself = run.seenMeasuring && run.routine.lifecycle === 'finite';
  const status = await halt.andWait();
  if (byItself && aborted && !halt.told && status?.status === 'Ready') run.finish();
  else if (run.measuring && run.notStopped === undefined) run.ended();

  const { finished } = run;
  // What was only looked at so far is kept as the instrument says it too.
  const looked = run.dataset !== undefined && run.data.replies.length === 0;
  // What was not started has no data: what the instrument holds or measures by now is another's.
  const wanted = !run.neverStarted && (run.routine.lifecycle === 'finite' || finished || looked);
  const missing =
    gone || run.notStopped !== undefined || !wanted ? 'not asked for' : await run.data.rescue(rescue);
  if (missing !== undefined && missing !== 'not asked for')
    run.warnings.push(`what had been measured could not be fetched: ${missing}`);

  const stopped = run.routine.lifecycle === 'finite' && endedEarly(run, deps);
  if (finished && missing === undefined && !stopped) {
    if (!told)
      run.warnings.push(
        `the first try failed at the step "${step}", and a second one brought all of it: ${wrapped.message}`,
      );
    return { state: 'complete', failure: undefined };
  }
  if (told) {
    run.warnings.push(shutDown ? BY_SHUTDOWN : BY_REQUEST);
    return { state: 'stopped', failure: undefined };
  }
  return {
    state: 'failed',
    failure: { step, error: wrapped, instrumentState: await stateNow(deps), ...notBegun(run) },
  };
}

function notBegun(run: Run): Pick<Failure, 'notBegun'> {
  const { startOutcome, neverStarted, changed, opened, routine } = run;
  if (!neverStarted) return {};
  const before = [...(opened ? [`the open window (${routine.name})`] : []), ...changed];
  return { notBegun: { refused: startOutcome === 'refused', changed: before } };
}

/** The routine was closed while it measured. */
function isGone({ code }: ArkeoError): boolean {
  return code === 'routine_closed' || code === 4006;
}

async function stateNow({ client }: MeasureDeps): Promise<string | null> {
  const status = await client
    .send(commands.ROUTINE.GetTestStatus, {}, { timeoutMs: STATE_TIMEOUT_MS })
    .catch(() => undefined);
  return status?.status ?? null;
}
