import * as z from 'zod';
import { ArkeoError } from '../errors.ts';
import type { CommandReply } from '../instrument/client.ts';
import { type Command, kindOf, parameters, toolName, wireName } from '../instrument/command.ts';
import { commands } from '../instrument/commands/index.ts';
import type { Product } from '../instrument/product.ts';
import type { Toolset } from '../vocabulary.ts';
import { commandOutput, type CommandSaid, replySaid } from './command-output.ts';
import { defineTool, type Tool, type ToolCall } from './define-tool.ts';
import { stopMeasurementTool } from './stop-measurement.ts';
import { testDataTool } from './test-data.ts';

const HOW_WRITES_GET_LOST =
  'The instrument may limit the value, or read parameters under another name: the oldest software wants the server started with --parameter-key params.';
/** Settings are to be sent back whole. */
const SETTINGS_BUDGET = 20_000;

const takeOver = z.boolean().optional().describe("Somebody else's; a person is asked.");

/** Commands whose tool does more than send them. */
const OWN_TOOLS: ReadonlyMap<Command, Tool> = new Map<Command, Tool>([
  [commands.ROUTINE.GetTestData, testDataTool],
  [commands.ROUTINE.StopMeasurement, stopMeasurementTool],
]);

/** One tool per documented command of a target. */
export function commandTools({ commands: all, targets }: Product): readonly Tool[] {
  return all.map((command) => OWN_TOOLS.get(command) ?? commandTool(command, targets[command.target]));
}

/** One tool per documented command of a routine. */
export function routineCommandTools({ routines }: Product): readonly Tool[] {
  return routines.flatMap(({ commands: own }) => own.map((command) => commandTool(command, 'custom')));
}

function commandTool(command: Command, toolset: Toolset): Tool {
  return defineTool({
    name: toolName(command),
    title: command.title,
    description: command.description,
    kind: command.kind,
    toolset,
    input:
      command.takesOver === true
        ? parameters({ ...command.parameter.shape, take_over: takeOver })
        : command.parameter,
    output: commandOutput,
    takesEnergyOut: ({ take_over: _, ...args }) => kindOf(command, args) === 'safety',
    async run({ take_over: _, ...args }, { client, connection, signal }) {
      const reply = await client.call(command, args, { signal });
      const otherwise = await readBack(command, args, { client, connection, signal });
      return { said: answer(command, args, reply, otherwise) };
    },
  });
}

/** Reads back what is otherwise than asked, one line each. A failure to read back is itself worth a line. */
async function readBack(
  command: Command,
  args: Record<string, unknown>,
  { client, connection, signal }: Pick<ToolCall, 'client' | 'connection' | 'signal'>,
): Promise<string[]> {
  // Switching off that went past a hanging request must not wait behind it after all.
  if (command.readBack === undefined || (kindOf(command, args) === 'safety' && connection.wantsSafetyLane))
    return [];
  try {
    return await command.readBack(args, (read) => client.send(read, {}, { signal }));
  } catch (error) {
    if (error instanceof ArkeoError) return [`it could not be read back (${error.message})`];
    throw error;
  }
}

function answer(
  command: Command,
  args: Record<string, unknown>,
  reply: CommandReply,
  otherwise: readonly string[],
): CommandSaid {
  const read = command.result.safeParse(reply.data);
  const summary = read.success ? command.summary(read.data, args) : `${wireName(command)} was answered`;
  const budget = command.sentBackWhole === true ? SETTINGS_BUDGET : undefined;
  const said = replySaid(command, reply, summary, budget);
  return {
    ...said,
    alarms:
      otherwise.length > 0
        ? [`accepted, but NOT AS ASKED: ${otherwise.join('; ')}. ${HOW_WRITES_GET_LOST}`]
        : [],
    warnings: [
      ...said.warnings,
      ...(read.success ? [] : [`the data of ${wireName(command)} does not have the documented form`]),
    ],
  };
}
