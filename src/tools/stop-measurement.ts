import * as z from 'zod';
import { ArkeoError, InputError } from '../errors.ts';
import type { CommandReply, InstrumentClient, SendOptions } from '../instrument/client.ts';
import { parameters, toolName } from '../instrument/command.ts';
import { commands } from '../instrument/commands/index.ts';
import { isMeasuring, type RoutineStatus, statusWord } from '../instrument/routine-status.ts';
import { commandOutput, replySaid } from './command-output.ts';
import { defineTool } from './define-tool.ts';

const { StopMeasurement, GetTestStatus } = commands.ROUTINE;
const LOOK_TIMEOUT_MS = 1000;

/** ROUTINE.StopMeasurement, but not on a run of somebody else unless the person says so. */
export const stopMeasurementTool = defineTool({
  name: toolName(StopMeasurement),
  title: StopMeasurement.title,
  description: StopMeasurement.description,
  kind: 'safety',
  toolset: 'routine',
  input: parameters({
    scope: z
      .enum(['ours', 'everything'])
      .default('ours')
      .describe('"everything": also what this server did not start, if the person says so.'),
  }),
  output: commandOutput,
  async run({ scope }, call) {
    const { client, connection, ownership, signal } = call;
    // Beside whatever hangs: looking whose run it is must not hold up stopping it.
    const lane = connection.wantsSafetyLane ? connection.openSafetyLane() : undefined;
    const options: SendOptions = { signal, ...(lane === undefined ? {} : { lane }) };
    let reply: CommandReply;
    try {
      if (scope === 'ours' && !ownership.measurement) await requireNoneOfOthers(client, options);
      reply = await client.call(StopMeasurement, {}, options);
    } finally {
      lane?.close();
    }
    return { said: replySaid(StopMeasurement, reply, StopMeasurement.summary(undefined, {})) };
  },
});

async function requireNoneOfOthers(client: InstrumentClient, options: SendOptions): Promise<void> {
  let status: RoutineStatus;
  try {
    status = await client.send(GetTestStatus, {}, { ...options, timeoutMs: LOOK_TIMEOUT_MS });
  } catch (error) {
    // If the state cannot be seen, stopping comes first.
    if (error instanceof ArkeoError) return;
    throw error;
  }
  if (!isMeasuring(status)) return;
  throw new InputError(`the measurement that is ${statusWord(status)} was not started by this server`, {
    code: 'run_not_ours',
    target: 'ROUTINE',
    command: commands.ROUTINE.StopMeasurement.name,
    hint: 'If the person wants it stopped: the same call with scope "everything".',
  });
}
