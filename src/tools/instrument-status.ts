import * as z from 'zod';
import { ConnectionError, InstrumentError } from '../errors.ts';
import { type Command, parameters, wireName } from '../instrument/command.ts';
import { commands } from '../instrument/commands/index.ts';
import { litLevels } from '../instrument/commands/led.ts';
import { closedRelays } from '../instrument/commands/mux.ts';
import { progressFraction } from '../instrument/progress.ts';
import { mayBeRecovered } from '../recovery/choose-entry.ts';
import { recoverHint } from '../recovery/recover-hint.ts';
import { isMeasuring, type RoutineStatus } from '../instrument/routine-status.ts';
import { describeThing, describeUnverified } from '../safety/thing.ts';
import { NO_GUARD_PROCESS } from '../safety/switch-off-guard/guard-process.ts';
import type { TemperatureController } from '../instrument/temperature.ts';
import { answerForm } from './answer/answer-form.ts';
import { eachBoard, ledBoard, relayState, relayTelling } from './answer/condition-tellings.ts';
import {
  each,
  enumeration,
  flag,
  members,
  onNewLine,
  quantity,
  quoted,
  sentence,
  word,
} from './answer/tellings.ts';
import { type Answer, defineTool, type ToolCall } from './define-tool.ts';

export const statusOutput = answerForm(
  {
    connection: z.strictObject({
      state: z.enum(['connected', 'connecting', 'not_connected']),
      address: z.string(),
      last_error: z.string().nullable(),
    }),
    routine: z.string().nullish().describe('Null: none is open. Absent: not known.'),
    routine_status: z.string().nullable(),
    progress_percent: z.number().nullable(),
    routine_error: z.string().nullable(),
    leds: z.array(ledBoard).nullable(),
    relays: relayState.nullable(),
    temperatures: z
      .array(
        z.strictObject({
          address: z.number(),
          channel: z.number(),
          name: z.string().nullable(),
          stage_c: z.number().nullable(),
          target_c: z.number().nullable(),
          sink_c: z.number().nullable(),
          active: z.boolean().nullable(),
          stability: z.string(),
          state: z.string(),
          error_number: z.number().nullable(),
        }),
      )
      .nullable(),
    unavailable: z.array(z.string()),
    measurement: z.string().nullable().describe('The job that is under way here.'),
    ours: z.array(z.string()).describe('What this server switched on.'),
    left_over: z.array(z.string()).describe('What servers that are gone left switched on.'),
    unverified: z.array(z.string()).describe('Lasers of theirs whose off was acknowledged only.'),
    taken_over: z.string().nullable().describe('What was switched off after the last server was killed.'),
    interrupted: z.string().nullable().describe('A measurement whose data may still be here.'),
  },
  {
    connection: members({
      state: word({ label: '' }),
      address: word({ label: 'at' }),
      last_error: word({ label: 'last error:' }),
    }),
    routine: quoted({ none: 'no routine is open' }),
    routine_status: quoted({ label: 'status' }),
    progress_percent: quantity('%', 1, { label: 'progress' }),
    routine_error: quoted({ label: 'error:' }),
    leds: eachBoard,
    relays: relayTelling,
    temperatures: each(
      {
        address: word(),
        channel: word(),
        name: quoted({ label: '' }),
        stage_c: quantity('°C', 2, { label: 'stage', none: 'stage unknown' }),
        target_c: quantity('°C', 2, { label: 'target' }),
        sink_c: quantity('°C', 2, { label: 'sink' }),
        active: flag('control on', 'control off'),
        stability: quoted(),
        state: quoted(),
        error_number: word({ label: 'ERROR' }),
      },
      { label: 'Temperature controller' },
    ),
    unavailable: enumeration('Not available'),
    measurement: onNewLine(word({ label: 'under way here:' })),
    ours: enumeration('Switched on by this server'),
    left_over: enumeration('Left switched on by servers that are gone'),
    unverified: enumeration('Switched off before, not verifiable from here'),
    taken_over: onNewLine(sentence()),
    interrupted: onNewLine(word({ label: 'interrupted measurement:' })),
  },
);
type StatusAnswer = Answer<typeof statusOutput>;

/** Five looks must fit into one call. */
const LOOK_TIMEOUT_MS = 5000;

export const instrumentStatus = defineTool({
  name: 'instrument_status',
  title: 'Instrument status',
  description:
    'State of everything: connection, simulated or real, open routine, progress, LEDs, relays, temperatures, what is missing. Call it first, and after every outcome unknown.',
  kind: 'read',
  toolset: 'workflow',
  input: parameters({}),
  output: statusOutput,
  run: (_, call) => lookAtInstrument(call),
});

type StatusCall = Pick<
  ToolCall,
  | 'product'
  | 'client'
  | 'connection'
  | 'signal'
  | 'ownership'
  | 'jobs'
  | 'records'
  | 'guard'
  | 'guardProcess'
  | 'archive'
>;

/** One look at everything that can be read. Throws ArkeoError only where nothing was left to look at: cancelled. */
export async function lookAtInstrument(call: StatusCall): Promise<StatusAnswer> {
  const unavailable: string[] = [];
  let answers = 0;
  let firstFailure: ConnectionError | undefined;
  const look = async <R>(command: Command<z.ZodObject, R>): Promise<R | undefined> => {
    // If nothing answers at all, asking the others is of no use. One silent part must not hide the others.
    if (answers === 0 && firstFailure !== undefined) return undefined;
    try {
      const read = await call.client.send(command, {}, { signal: call.signal, timeoutMs: LOOK_TIMEOUT_MS });
      answers++;
      return read;
    } catch (error) {
      if (error instanceof ConnectionError && error.code !== 'cancelled') firstFailure ??= error;
      else if (error instanceof InstrumentError) answers++;
      else throw error;
      if (error.code !== 4006) unavailable.push(`${wireName(command)}: ${error.message}`);
      return undefined;
    }
  };
  const active = await look(commands.MAIN.GetActiveRoutine);
  const status = await look(commands.ROUTINE.GetTestStatus);
  const led = await look(commands.LED.GetStatus);
  const mux = await look(commands.MUX.GetStatus);
  const controllers = await look(commands.TMPCTL.GetStatus);
  if (answers === 0 && firstFailure !== undefined) return notConnected(call, firstFailure);
  const { problems, ...ours } = await oursPart(call, status);
  unavailable.push(...problems);
  if (led?.connected === false) unavailable.push('LED: not connected');
  if (mux?.connected === false) unavailable.push('MUX: not connected');
  const routine = active === undefined ? status?.name : active.routine;
  const fraction = progressFraction(status?.progress);
  const interrupted = (await interruptedHere(call, routine ?? null)) ?? null;
  const { blocked } = call.guard;
  return {
    said: {
      ...connectionPart(call),
      ...(routine === undefined ? {} : { routine }),
      routine_status: status?.status ?? null,
      progress_percent: fraction === undefined ? null : 100 * fraction,
      routine_error: status?.error ?? null,
      leds:
        led?.connected === true
          ? led.boards.map(({ address, values }) => ({ board: address ?? null, levels: litLevels(values) }))
          : null,
      relays: mux?.connected === true ? { count: mux.count, closed: closedRelays(mux.relays) } : null,
      temperatures: controllers?.map(controllerPart) ?? null,
      unavailable,
      ...ours,
      interrupted,
      alarms: [
        ...(ours.left_over.length > 0
          ? ['what is left over is perhaps still on: check, and tell the person']
          : []),
        ...(blocked === undefined ? [] : [`NOTHING CAN BE CHANGED, only read and switched off: ${blocked}`]),
      ],
      warnings: [
        ...(routine === undefined ? ['which routine is open is not known'] : []),
        ...unguarded(call),
      ],
      next: [
        ...(ours.left_over.length > 0
          ? ['safe_shutdown with scope "everything" switches off what is left over']
          : []),
        ...(ours.unverified.length > 0
          ? ['safe_shutdown with scope "everything" switches off again what could not be verified']
          : []),
        ...(interrupted === null ? [] : [recoverHint({ id: interrupted })]),
      ],
    },
  };
}

function controllerPart(controller: TemperatureController) {
  const { address, channel, name, object, target, sink, active, stable, state, errorNumber } = controller;
  return {
    address,
    channel,
    name: name === '' ? null : name,
    stage_c: object ?? null,
    target_c: target ?? null,
    sink_c: sink ?? null,
    active: active ?? null,
    stability: stable,
    state,
    error_number: errorNumber === 0 ? null : errorNumber,
  };
}

/** The measurement that was begun last here, if its data never came and its routine is still open. */
async function interruptedHere(
  { archive, connection, jobs, product }: StatusCall,
  open: string | null,
): Promise<string | undefined> {
  // A complete measurement of this server has replaced whatever the instrument held.
  if (open === null || jobs.running !== undefined || jobs.last?.outcome?.state === 'complete')
    return undefined;
  const found = await mayBeRecovered(archive, connection.status().address).catch(() => undefined);
  return found !== undefined && product.isSameRoutine(open, found.record.routine)
    ? found.record.id
    : undefined;
}

type StatusSaid = StatusAnswer['said'];
interface OursPart
  extends Pick<StatusSaid, 'measurement' | 'ours' | 'left_over' | 'unverified' | 'taken_over'> {
  /** Why there may be more that was left. */
  problems: readonly string[];
}

async function oursPart(
  { ownership, jobs, records }: StatusCall,
  status: RoutineStatus | undefined,
): Promise<OursPart> {
  const { running } = jobs;
  // If the routine does not measure now, a run that was started by a server that is gone has ended since.
  const isOver = status !== undefined && !isMeasuring(status);
  const { found, takenOver, problems } = await records.leftOvers();
  const leftOver = found.flatMap(({ by, at, on, unknown }) => {
    const still = [...on.filter(({ kind }) => !isOver || kind !== 'run').map(describeThing), ...unknown];
    return still.length === 0 ? [] : [`${still.join(', ')} (by ${by}, ${at})`];
  });
  const unverified = found.flatMap(({ by, at, unverified: things }) =>
    things.length === 0 ? [] : [`${things.map(describeUnverified).join(', ')} (by ${by}, ${at})`],
  );
  return {
    measurement:
      running === undefined ? null : `${running.id}, ${running.request.work.tool}, ${running.sentence}`,
    ours: ownership.ours,
    left_over: leftOver,
    unverified,
    taken_over:
      takenOver === undefined
        ? null
        : `The server before (${takenOver.by}) ended with this on, and its guard process switched it off: ${takenOver.off.map(describeThing).join(', ')} (${takenOver.at})`,
    problems,
  };
}

function connectionPart({ connection }: StatusCall): Pick<StatusSaid, 'connection' | 'simulated'> {
  const { state, address, simulator, lastError } = connection.status();
  return {
    connection: {
      state,
      address,
      last_error: lastError === undefined ? null : `${lastError.at.toISOString()} ${lastError.message}`,
    },
    simulated: simulator === undefined ? null : simulator !== null,
  };
}

function unguarded({ guardProcess }: StatusCall): string[] {
  return guardProcess?.isMissing === true ? [NO_GUARD_PROCESS] : [];
}

async function notConnected(call: StatusCall, error: ConnectionError): Promise<StatusAnswer> {
  const { problems, ...ours } = await oursPart(call, undefined);
  return {
    said: {
      ...connectionPart(call),
      routine_status: null,
      progress_percent: null,
      routine_error: null,
      leds: null,
      relays: null,
      temperatures: null,
      unavailable: ['everything: the instrument does not answer', ...problems],
      ...ours,
      interrupted: null,
      alarms: [`NOT CONNECTED: ${error.message}`],
      warnings: unguarded(call),
      next: [error.hint],
    },
  };
}
