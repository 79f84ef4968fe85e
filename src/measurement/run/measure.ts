import type { ConnectionManager } from '../../connection/connection-manager.ts';
import { ArkeoError, InstrumentError, InternalError } from '../../errors.ts';
import type { InstrumentClient } from '../../instrument/client.ts';
import { commands } from '../../instrument/commands/index.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import type { Ownership } from '../../safety/ownership.ts';
import type { Dataset } from '../../science/dataset.ts';
import type { Analysis } from '../../science/metrics/metric.ts';
import type { Archive } from '../archive/archive.ts';
import type { Conditions } from '../archive/record.ts';
import type { Settings } from '../arguments/settings-path.ts';
import { readConditions } from '../conditions.ts';
import { analyseDataset, interpret } from '../interpret.ts';
import type { MeasurementKind } from '../kinds/kind.ts';
import type { KeptData } from '../kept-data.ts';
import type { LastRun } from '../last-run.ts';
import { assumptions, type Sample, sampleOf } from './sample.ts';
import { Keeper } from './keeper.ts';
import { Run, type RunProgress } from './run.ts';
import { Session } from './session.ts';
import { Stopped } from './stopped.ts';

export interface MeasureDeps {
  client: InstrumentClient;
  connection: ConnectionManager;
  ownership: Ownership;
  lastRun: LastRun;
  archive: Archive;
  kept: KeptData;
  /** The user whom measurements are filed under, if the configuration names one. */
  userName: string | undefined;
  /** Of this program, and of Node. */
  versions: { version: string; node: string };
  now: () => Date;
}

export interface MeasureRequest {
  kind: MeasurementKind;
  routine: RoutineDefinition;
  args: Readonly<Record<string, unknown>>;
}

/** What became of a measurement that was started. */
export interface Measured {
  state: 'complete' | 'stopped' | 'failed';
  routine: RoutineDefinition;
  /** In the archive; undefined where it could not be written at all. */
  id: string | undefined;
  /** Why it is not, or not wholly, in the archive. */
  notKept: string | undefined;
  sample: Sample;
  settings: Settings;
  /** The arguments of the measurement as the settings in force hold them. */
  inForce: Record<string, unknown>;
  conditions: Conditions | undefined;
  dataset: Dataset | undefined;
  analysis: Analysis;
  warnings: string[];
  simulated: boolean;
  /** Why it failed, and at which step. */
  failure: { step: string; error: ArkeoError; instrumentState: string | null } | undefined;
}

/**
 * Carries one measurement out, from opening the routine to its entry in the archive. Throws ArkeoError where
 * nothing was started; from the start on every end, good or bad, is an answer and everything measured is kept.
 * @param stop aborts when it is told to stop
 */
export async function measure(
  { kind, routine, args }: MeasureRequest,
  deps: MeasureDeps,
  stop: AbortSignal,
  onProgress: (progress: RunProgress) => void,
): Promise<Measured> {
  const session = new Session({ ...deps, stop });
  const keeper = new Keeper(deps.archive);
  let conditions: Conditions | undefined;
  let started = false;
  const run = new Run({
    kind,
    routine,
    args,
    session,
    client: deps.client,
    keeper,
    onProgress,
    begin: async () => {
      conditions = await readConditions(deps.client);
      const { simulator, address } = deps.connection.status();
      const { deviceName, areaCm2, areaSource } = sampleOf(run, deps);
      await keeper.begin({
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
        conditions,
        conditions_after: null,
      });
      started = true;
    },
  });

  let state: Measured['state'] = 'complete';
  let failure: Measured['failure'];
  try {
    await kind.procedure(run);
    if (session.shutDown || deps.lastRun.run?.stopped === true) state = endedEarly(run, session);
  } catch (error) {
    const { step } = run;
    // Before the start there is nothing to keep: it is as if it had not been asked for.
    if (!started) {
      await run.cleanUp();
      throw run.warnings.length === 0 ? error : notCleanedUp(run.warnings, error);
    }
    state = error instanceof Stopped || session.shutDown ? 'stopped' : 'failed';
    const wrapped = error instanceof ArkeoError ? error : new InternalError(error);
    if (state === 'stopped') run.warnings.push(session.shutDown ? BY_SHUTDOWN : BY_REQUEST);
    // What is open now, if anything, is another's: its measurement is not to be stopped, nor its data ours.
    if (isGone(wrapped)) run.ended();
    else await salvage(run, deps, stop.aborted || state === 'failed');
    if (state === 'failed') failure = { step, error: wrapped, instrumentState: await stateNow(deps) };
  }
  await run.cleanUp();

  const sample = sampleOf(run, deps);
  const context = {
    settings: run.analysis.settings ?? run.settings,
    areaCm2: sample.areaCm2 ?? undefined,
    irradiance: run.analysis.irradiance,
    replies: run.answers,
  };
  const { dataset, analysis, problems } =
    run.dataset === undefined
      ? interpret(routine, run.replies, context)
      : { dataset: run.dataset, ...analyseDataset(run.analysis.routine ?? routine, run.dataset, context) };
  if (dataset !== undefined) await keeper.dataset(dataset);
  const warnings = [
    ...run.warnings,
    ...problems,
    ...analysis.warnings,
    ...assumptions(run, kind, sample, analysis.metrics),
  ];
  await keeper.end(state, {
    metrics: analysis.metrics.map((metric) => ({ ...metric })),
    warnings: [...warnings, ...(dataset?.notes ?? []).map((note) => `how the data was read: ${note}`)],
    settings: { ...run.settings },
    conditions_after: await readConditions(deps.client).catch(() => null),
    failure:
      failure === undefined
        ? null
        : {
            step: failure.step,
            code: failure.error.code,
            message: failure.error.message,
            instrument_state: failure.instrumentState,
          },
  });
  const isKept = keeper.id !== undefined && keeper.problem === undefined;
  if (isKept && run.replies.length > 0) deps.kept.note(keeper.id, run.replies.at(-1));
  return {
    state,
    routine,
    id: keeper.id,
    notKept: keeper.problem,
    sample,
    settings: run.settings,
    inForce: run.inForce,
    conditions,
    dataset,
    analysis,
    warnings,
    simulated: run.simulator !== undefined || typeof deps.connection.status().simulator === 'string',
    failure,
  };
}

const BY_REQUEST = 'it was stopped before its end: the data ends early';
const BY_SHUTDOWN = 'a safe_shutdown stopped it before its end: the data ends early';

/** The routine was closed while it measured. */
function isGone({ code }: ArkeoError): boolean {
  return code === 'routine_closed' || code === 4006;
}

/** Nothing was measured, but something that was switched on for it could not be switched off again. */
function notCleanedUp(alarms: readonly string[], error: unknown): InstrumentError {
  const reason = error instanceof ArkeoError ? error.message : 'it was told to stop';
  return new InstrumentError(
    `${alarms.join('; ')}. The measurement was not started: ${reason}`,
    {
      code: 'not_switched_off',
      outcome: 'unknown',
      hint: 'Call safe_shutdown now, and tell the person at the ARKEO.',
    },
    { cause: error },
  );
}

/** It looked as if it had ended by itself, but this server was told to stop it meanwhile. */
function endedEarly(run: Run, session: Session): 'complete' | 'stopped' {
  // What is always stopped in the end was not cut short by it.
  if (run.routine.lifecycle !== 'finite' && !session.shutDown) return 'complete';
  run.warnings.push(session.shutDown ? BY_SHUTDOWN : BY_REQUEST);
  return 'stopped';
}

/** After a failure: stops what still measures, if it can be reached, and fetches what was measured. */
async function salvage(run: Run, deps: MeasureDeps, mayStop: boolean): Promise<void> {
  const rescue = new Session({ ...deps, stop: new AbortController().signal });
  if (run.measuring && mayStop) {
    try {
      await rescue.stop();
      run.ended();
    } catch (error) {
      run.warnings.push(`IT COULD NOT BE STOPPED: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
  }
  // What was only looked at so far is kept as the instrument says it too.
  const looked = run.dataset !== undefined && run.replies.length === 0;
  if (run.routine.lifecycle === 'finite' || looked) await run.rescue(rescue);
}

async function stateNow({ client }: MeasureDeps): Promise<string | null> {
  const status = await client.send(commands.ROUTINE.GetTestStatus, {}).catch(() => undefined);
  return status?.status ?? null;
}
