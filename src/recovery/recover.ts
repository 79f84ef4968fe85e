import { ConnectionError, InputError } from '../errors.ts';
import type { CommandReply } from '../instrument/client.ts';
import { commands } from '../instrument/commands/index.ts';
import { quote } from '../text/quote.ts';
import { isMeasuring, type RoutineStatus } from '../instrument/routine-status.ts';
import { genericRoutine } from '../instrument/routines/generic-routine.ts';
import { hasName, type RoutineDefinition } from '../instrument/routines/routine.ts';
import { rowCount } from '../science/dataset.ts';
import type { StoredMeasurement } from '../archive/archive.ts';
import type { MeasurementRecord } from '../archive/record.ts';
import { readConditions } from '../conditions/conditions.ts';
import { interpret } from '../figures/interpret.ts';
import { keepFetched } from '../measurement/keep-fetched.ts';
import { kindsOf } from '../measurement/kinds/index.ts';
import type { MeasurementKind } from '../measurement/kinds/kind.ts';
import type { JobWork } from '../measurement/job.ts';
import type { MeasureDeps, Measured } from '../measurement/run/measured.ts';
import { patiently } from '../measurement/run/patience.ts';
import { progressOf } from '../measurement/run/run-progress.ts';
import { Session } from '../measurement/run/session.ts';
import { Stopped } from '../measurement/run/stopped.ts';
import { chooseEntry, lacksFiles, newerRun, RECOVER } from './choose-entry.ts';
import { complete } from './complete.ts';
import { followToEnd } from './follow-to-end.ts';
import { keptReplies } from './kept-replies.ts';
import { dataGone, keptApart, onlyLatest, perhapsAnother } from './not-recovered.ts';
import { type Recovery, type RecoveryOptions, rowsIn } from './recovery.ts';
import { doubtsOfOrigin, type Found, isDataOfBefore, relayDoubts, settingsDoubts } from './origin.ts';

const { GetTestData } = commands.ROUTINE;
/** A measurement does not take longer than this multiple of the expected time, and so much more. */
const OVERTIME = { factor: 3, plusMs: 60_000 };

/** A recovery as work for a job. */
export function recoveryWork(deps: MeasureDeps): JobWork<Measured> {
  return {
    tool: RECOVER,
    followsOnly: true,
    // The archive names the routine.
    subject: () => '',
    carryOut: ({ id }, context) => recover({ ...context, id: typeof id === 'string' ? id : undefined }, deps),
  };
}

/**
 * Brings the data of a measurement into the archive whose server was killed, or that lost the instrument: from the
 * replies that were kept, or from the instrument, which it only reads. What measures is followed to its end. Throws
 * ArkeoError where the data is gone, and where it may be of another run.
 */
export async function recover(options: RecoveryOptions, deps: MeasureDeps): Promise<Measured> {
  const session = new Session({ ...deps, stop: options.stop });
  const stored = await chosen(options, session, deps);
  const { record } = stored;
  const routine = deps.product.findRoutine(record.routine) ?? genericRoutine(record.routine);
  options.setSubject(routine.name);
  const kind = kindsOf(deps.product).find(({ tool }) => tool === record.tool);
  const seconds = plannedSeconds(record, routine, kind);
  const recovery: Recovery = {
    stored,
    routine,
    session,
    deps,
    options,
    kept: await deps.archive.dataset(record.id).catch(() => undefined),
    replies: await keptReplies(deps.archive, record.id, GetTestData.name),
    plannedMs: typeof seconds === 'number' ? seconds * 1000 : undefined,
    settings: undefined,
    conditions: null,
  };
  try {
    // Fetched after its end, and kept, before its server went away.
    if (lacksFiles(record, deps.product))
      return await complete(recovery, {
        ending: { how: 'found_ended', whole: record.state !== 'stopped' },
        how: ANEW,
      });
    if (hasItsEnd(recovery))
      return await complete(recovery, { ending: { how: 'found_ended', whole: true }, how: FROM_REPLIES });
    return await fromInstrument(recovery);
  } catch (error) {
    const cancelled = options.stop.aborted && error instanceof ConnectionError;
    if (!(error instanceof Stopped) && !cancelled) throw error;
    throw new InputError(
      `recovering ${record.id} was cancelled. Nothing was stopped: what measures goes on, and ${record.id} stays ${stored.state}`,
      {
        code: 'cancelled',
        hint: 'recover_measurement tries it again. If the person wants it stopped: routine_stop_measurement with scope "everything", or safe_shutdown.',
      },
    );
  }
}

/** Throws InputError where there is nothing to recover, and where it was told to stop. */
async function chosen(
  { id, onProgress }: RecoveryOptions,
  session: Session,
  { product, archive, connection }: MeasureDeps,
): Promise<StoredMeasurement> {
  const sentence = 'looking whether another server still measures it';
  const pause = async (ms: number): Promise<void> => {
    onProgress(progressOf(sentence));
    await session.pause(ms);
  };
  try {
    return await chooseEntry({ product, archive, id, instrument: connection.status().address, pause });
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    throw new InputError('recovering was cancelled while it was looked whether another server measures', {
      code: 'cancelled',
      hint: 'Nothing was changed. recover_measurement tries it again.',
    });
  }
}

/** For how long it was to run. */
function plannedSeconds(
  { request, settings }: MeasurementRecord,
  routine: RoutineDefinition,
  kind: MeasurementKind | undefined,
): unknown {
  const usual = routine.lifecycle === 'until_stopped' ? kind?.usualSeconds : undefined;
  return request['duration_s'] ?? usual ?? routine.expectedSeconds?.(settings ?? {});
}

const ANEW = 'from the reply that had been kept: the files made of it could not be written';
const FROM_REPLIES = 'from the reply that had been kept: the server went away before it was read';

function hasItsEnd({ routine, replies }: Recovery): boolean {
  if (routine.collectWhileRunning === true || replies.length === 0) return false;
  return routine.lifecycle !== 'until_stopped' || rowsIn(routine, replies.at(-1)) > 1;
}

async function fromInstrument(recovery: Recovery): Promise<Measured> {
  const { stored, routine, deps, options } = recovery;
  const status = await requireThere(recovery);
  recovery.settings = await recovery.session.settings();
  recovery.conditions = await readConditions(deps.client).catch(() => null);
  if (!isMeasuring(status)) {
    const reply = await fetch(recovery);
    await requireItsData(recovery, reply, { followed: false });
    return complete(recovery, {
      ending: {
        how: 'found_ended',
        whole: routine.collectWhileRunning !== true && status.status !== 'Error',
      },
      how: `the routine was ${status.status}; whether it had ended by itself was not seen`,
      reply,
    });
  }
  const doubts = [
    ...settingsDoubts(stored.record, recovery.settings),
    ...relayDoubts(stored.record, recovery.conditions),
    ...overtimeDoubts(recovery),
  ];
  if (doubts.length > 0) throw perhapsAnother(stored, doubts);
  return followToEnd(recovery, {
    fetch: () => fetch(recovery),
    isItsData: (reply) => {
      const { dataset } = interpret(routine, [reply.data], { settings: recovery.settings ?? {} });
      return (
        !isDataOfBefore(stored.record, reply.data) &&
        doubtsOf(recovery, { data: reply.data, dataset, followed: true }).length === 0
      );
    },
    requireItsData: async (reply) => {
      recovery.conditions = await readConditions(deps.client).catch(() => null);
      await requireItsData(recovery, reply, { followed: true });
    },
    tell: (sentence) => options.onProgress(progressOf(sentence)),
    startedAgoMs: Math.max(0, deps.now().getTime() - Date.parse(stored.record.started_at)),
  });
}

/** The routine is open, on the same instrument, and nothing was measured with it since. Returns its status. */
async function requireThere({ stored, routine, session, deps, options }: Recovery): Promise<RoutineStatus> {
  const { record } = stored;
  const { connection, archive, lastRun } = deps;
  const { address } = connection.status();
  if (record.instrument !== address)
    throw new InputError(
      `${record.id} was measured at ${record.instrument}, and this server operates ${address}`,
      {
        code: 'other_instrument',
        hint: 'Have arkeo-mcp started with the address of that instrument, then recover it there.',
      },
    );
  const newer = await newerRun(archive, record);
  if (newer !== undefined) throw dataGone(stored, `${newer.id} was measured after it`);
  const since = lastRun.replacements.filter(({ at }) => at.getTime() >= Date.parse(record.started_at));
  // Its own start is one of them.
  const [replaced] = archive.isOurs(record) ? since.slice(1) : since;
  if (replaced !== undefined)
    throw dataGone(stored, `this server sent ${replaced.command} at ${replaced.at.toISOString()}`);
  const away = (sentence: string): void => options.onProgress(progressOf(sentence));
  away('looking at the instrument');
  const active = await session.readOptional(commands.MAIN.GetActiveRoutine);
  if (active?.routine === null) throw dataGone(stored, NO_WINDOW);
  const status = await session.statusOnceOpen(record.routine);
  const name = active?.routine ?? status.name;
  if (name !== undefined && name !== null && !hasName(routine, name))
    throw dataGone(stored, `${quote(name)} is open now`);
  if (status.status === 'Initializing')
    throw dataGone(stored, `the window of ${record.routine} was only just opened`);
  const isSimulated = typeof connection.status().simulator === 'string';
  if (isSimulated !== record.simulated)
    throw dataGone(
      stored,
      isSimulated ? 'a simulator answers there now' : 'it was simulated, and an instrument answers there now',
    );
  return status;
}

const NO_WINDOW = 'no routine is open: the window was closed, or the ARKEO application was restarted';

function overtimeDoubts({ stored, plannedMs, routine, deps }: Recovery): string[] {
  const agoMs = deps.now().getTime() - Date.parse(stored.record.started_at);
  // A routine that runs until it is stopped has no end to be beyond.
  if (plannedMs === undefined || routine.lifecycle === 'until_stopped') return [];
  if (agoMs <= OVERTIME.factor * plannedMs + OVERTIME.plusMs) return [];
  return [`it was to take ${Math.round(plannedMs / 1000)} s and began ${Math.round(agoMs / 1000)} s ago`];
}

async function fetch({ session }: Recovery): Promise<CommandReply> {
  return patiently(
    session,
    () => session.call(GetTestData, {}),
    () => undefined,
  );
}

/** Throws where it cannot be its data; where that is doubtful, after having kept it by itself. */
async function requireItsData(
  recovery: Recovery,
  reply: CommandReply,
  { followed }: Pick<Found, 'followed'>,
): Promise<void> {
  const { stored, routine, deps, settings } = recovery;
  const { data } = reply;
  const interpretation = interpret(routine, [data], { settings: settings ?? {} });
  const { dataset } = interpretation;
  const rows = dataset?.scans.reduce((sum, scan) => sum + rowCount(scan), 0);
  if (rows === 0) throw dataGone(stored, 'the instrument holds no data');
  if (isDataOfBefore(stored.record, data))
    throw dataGone(stored, 'the instrument still holds what it held before the start: this was not measured');
  if (routine.lifecycle === 'until_stopped' && (rows ?? 0) <= 1) throw onlyLatest(stored, routine, false);
  const doubts = doubtsOf(recovery, { data, dataset, followed });
  if (doubts.length === 0) return;
  const apart = await keepFetched(
    {
      tool: RECOVER,
      request: { id: stored.record.id },
      routine,
      reply,
      interpretation,
      warnings: [`OF DOUBTFUL ORIGIN: perhaps of ${stored.record.id}; ${doubts.join('; ')}`],
    },
    deps,
  );
  throw keptApart(stored, doubts, apart);
}

function doubtsOf(
  { stored, kept, plannedMs, settings, conditions, deps }: Recovery,
  fetched: Pick<Found, 'data' | 'dataset' | 'followed'>,
): string[] {
  return doubtsOfOrigin(stored.record, {
    ...fetched,
    kept,
    plannedMs,
    settings,
    conditions,
    now: deps.now(),
  });
}
