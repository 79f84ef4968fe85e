import * as z from 'zod';
import { ArkeoError } from '../errors.ts';
import type { CommandReply } from '../instrument/client.ts';
import { type Command, kindOf, parameters, toolName, wireName } from '../instrument/command.ts';
import { commands } from '../instrument/commands/index.ts';
import type { Product } from '../instrument/product.ts';
import type { Toolset } from '../vocabulary.ts';
import { type Answer, defineTool, type Tool, type ToolCall } from './define-tool.ts';
import { commandOutput } from './command-output.ts';
import { compactJson, presentData } from './present-data.ts';
import { stopMeasurementTool } from './stop-measurement.ts';
import { testDataTool } from './test-data.ts';

/** Values in the structured answer; more goes to a thinned preview. */
const DATA_BUDGET = 400;
const HOW_WRITES_GET_LOST =
  'The instrument may limit the value, or read parameters under another name: the oldest software wants the server started with --parameter-key params.';
/** Settings are to be sent back whole. */
const SETTINGS_BUDGET = 20_000;
/** Values in the text, where data is what was asked for. */
const TEXT_BUDGET = 120;

type CommandAnswer = Answer<z.input<typeof commandOutput>>;

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
      return answer(command, args, reply, await readBack(command, args, { client, connection, signal }));
    },
  });
}

/** What the instrument shows to be otherwise than asked. That it cannot be read back is itself worth saying. */
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
): CommandAnswer {
  const isWhole = command.sentBackWhole === true;
  const { data, notes } = presentData(reply.data, isWhole ? SETTINGS_BUDGET : DATA_BUDGET);
  const warnings = [...reply.warnings, ...otherwise.map((line) => `NOT AS ASKED: ${line}`), ...notes];
  const read = command.result.safeParse(isWhole ? data : reply.data);
  if (!read.success) warnings.push(`the data of ${wireName(command)} does not have the documented form`);
  const lines = [
    read.success
      ? command.summary(read.data, args)
      : `${wireName(command)} was answered: ${compactJson(reply.data, TEXT_BUDGET)}`,
  ];
  if (otherwise.length > 0) {
    lines.splice(0, 1, `ACCEPTED, BUT NOT AS ASKED: ${otherwise.join('; ')}.`, HOW_WRITES_GET_LOST);
  }
  const rest = warnings.filter((warning) => !warning.startsWith('NOT AS ASKED'));
  if (rest.length > 0) lines.push(`Note: ${rest.join('; ')}.`);
  return {
    text: lines.join('\n'),
    structured: {
      target: command.target,
      command: command.name,
      data,
      elapsed_ms: Math.round(reply.elapsedMs),
      simulated: reply.simulator !== undefined,
      warnings,
    },
  };
}
