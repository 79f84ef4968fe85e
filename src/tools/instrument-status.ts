import * as z from 'zod';
import { ConnectionError, InstrumentError } from '../errors.ts';
import { type Command, parameters, wireName } from '../instrument/command.ts';
import { commands } from '../instrument/commands/index.ts';
import { describeBoard } from '../instrument/commands/led.ts';
import { describeRelays } from '../instrument/commands/mux.ts';
import { progressFraction } from '../instrument/progress.ts';
import { quote } from '../text/quote.ts';
import { mayBeRecovered } from '../recovery/choose-entry.ts';
import { recoverHint } from '../recovery/recover-hint.ts';
import { isMeasuring, type RoutineStatus } from '../instrument/routine-status.ts';
import { describeThing, describeUnverified } from '../safety/thing.ts';
import { type Answer, defineTool, type ToolCall } from './define-tool.ts';

const output = z.strictObject({
  connection: z.strictObject({
    state: z.enum(['connected', 'connecting', 'not_connected']),
    address: z.string(),
    last_error: z.string().nullable(),
  }),
  simulated: z.boolean().nullable(),
  routine: z.string().nullable(),
  routine_status: z.string().nullable(),
  progress_percent: z.number().nullable(),
  leds: z
    .array(z.strictObject({ address: z.number().nullable(), values: z.array(z.number().nullable()) }))
    .nullable(),
  relays: z.array(z.boolean()).nullable(),
  temperatures: z
    .array(
      z.strictObject({
        address: z.number(),
        channel: z.number(),
        stage_c: z.number().nullable(),
        target_c: z.number().nullable(),
        sink_c: z.number().nullable(),
        active: z.boolean().nullable(),
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
});

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
  output,
  run: (_, call) => lookAtInstrument(call),
});

type StatusCall = Pick<
  ToolCall,
  'product' | 'client' | 'connection' | 'signal' | 'ownership' | 'jobs' | 'records' | 'guard' | 'archive'
>;

/** One look at everything that can be read. Throws ArkeoError only where nothing was left to look at: cancelled. */
export async function lookAtInstrument(call: StatusCall): Promise<Answer<z.input<typeof output>>> {
  const unavailable: string[] = [];
  let answers = 0;
  let firstFailure: ConnectionError | undefined;
  const look = async <R>(command: Command<z.ZodObject, R>): Promise<R | undefined> => {
    // Where nothing answers at all there is no use in asking everyone; one silent part must not hide the others.
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
  const routine = active?.routine ?? status?.name ?? null;
  const fraction = progressFraction(status?.progress);
  const structured: z.input<typeof output> = {
    ...connectionPart(call),
    routine,
    routine_status: status?.status ?? null,
    progress_percent: fraction === undefined ? null : Math.round(fraction * 1000) / 10,
    leds:
      led?.boards.map(({ address, values }) => ({
        address: address ?? null,
        values: values.map((level) => level ?? null),
      })) ?? null,
    relays: mux?.relays ?? null,
    temperatures:
      controllers?.map(({ address, channel, object, target, sink, active: on }) => ({
        address,
        channel,
        stage_c: object ?? null,
        target_c: target ?? null,
        sink_c: sink ?? null,
        active: on ?? null,
      })) ?? null,
    unavailable,
    ...ours,
    interrupted: (await interruptedHere(call, routine)) ?? null,
  };
  const { left_over: leftOver, unverified, taken_over: takenOver, measurement } = structured;
  const lines = [
    ...(leftOver.length > 0
      ? [
          `LEFT SWITCHED ON, perhaps still: ${leftOver.join('; ')}. Check, and tell the person; safe_shutdown with scope "everything" switches it off.`,
        ]
      : []),
    ...(takenOver === null ? [] : [`${takenOver}.`]),
    ...(unverified.length > 0
      ? [
          `Switched off before, which nobody can verify from here: ${unverified.join('; ')}. safe_shutdown with scope "everything" sends it again and ends this notice.`,
        ]
      : []),
    ...(call.guard.blocked === undefined
      ? []
      : [`NOTHING CAN BE CHANGED, only read and switched off: ${call.guard.blocked}`]),
    `Answers at ${structured.connection.address}.`,
    routine === null
      ? active === undefined
        ? `Which routine is open is not known; its state: ${quote(status?.status ?? 'unknown')}.`
        : 'No routine is open.'
      : `Routine ${quote(routine)}: ${status === undefined ? 'state unknown' : commands.ROUTINE.GetTestStatus.summary(status, {})}`,
    ...(led?.connected === true ? [`LEDs: ${led.boards.map(describeBoard).join('; ')}.`] : []),
    ...(mux?.connected === true
      ? [`Multiplexer with ${mux.count} relays: ${describeRelays(mux.relays)}.`]
      : []),
    ...(controllers ?? []).map(({ text }) => text),
    ...(structured.interrupted === null
      ? []
      : [`INTERRUPTED, and its data may still be here: ${recoverHint({ id: structured.interrupted })}`]),
    ...(measurement === null ? [] : [`Under way here: ${measurement}.`]),
    ...(ours.ours.length > 0 ? [`Switched on by this server: ${ours.ours.join(', ')}.`] : []),
    ...(unavailable.length > 0 ? [`Not available: ${unavailable.join('; ')}.`] : []),
  ];
  return { text: lines.join('\n'), structured };
}

/** The measurement that was begun last here, if its data never came and its routine is still open. */
async function interruptedHere(
  { archive, connection, jobs, product }: StatusCall,
  open: string | null,
): Promise<string | undefined> {
  // What this server measured last has replaced whatever was there.
  if (open === null || jobs.running !== undefined || jobs.last?.outcome?.state === 'complete')
    return undefined;
  const found = await mayBeRecovered(archive, connection.status().address).catch(() => undefined);
  return found !== undefined && product.isSameRoutine(open, found.record.routine)
    ? found.record.id
    : undefined;
}

interface OursPart
  extends Pick<z.input<typeof output>, 'measurement' | 'ours' | 'left_over' | 'unverified' | 'taken_over'> {
  /** Why there may be more that was left. */
  problems: readonly string[];
}

async function oursPart(
  { ownership, jobs, records }: StatusCall,
  status: RoutineStatus | undefined,
): Promise<OursPart> {
  const { running } = jobs;
  // What a server that is gone had started has ended since.
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

function connectionPart({
  connection,
}: StatusCall): Pick<z.input<typeof output>, 'connection' | 'simulated'> {
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

async function notConnected(
  call: StatusCall,
  error: ConnectionError,
): Promise<Answer<z.input<typeof output>>> {
  const { problems, ...ours } = await oursPart(call, undefined);
  return {
    text: `NOT CONNECTED. ${error.message}\nNext: ${error.hint}`,
    structured: {
      ...connectionPart(call),
      routine: null,
      routine_status: null,
      progress_percent: null,
      leds: null,
      relays: null,
      temperatures: null,
      unavailable: ['everything: the instrument does not answer', ...problems],
      ...ours,
      interrupted: null,
    },
  };
}
