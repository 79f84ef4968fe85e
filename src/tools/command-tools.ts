import * as z from 'zod';
import type { CommandReply } from '../instrument/client.ts';
import { type Command, type Target, toolName, wireName } from '../instrument/command.ts';
import { commandList, commands } from '../instrument/commands/index.ts';
import { routines } from '../instrument/routines/index.ts';
import { type Answer, defineTool, type Tool, type Toolset } from './define-tool.ts';
import { compactJson, presentData } from './present-data.ts';
import { testDataTool } from './test-data.ts';

/** Values in the structured answer; more goes to a thinned preview. */
const DATA_BUDGET = 400;
/** Values in the text, where data is what was asked for. */
const TEXT_BUDGET = 120;

/** The answer of every command tool. */
export const commandOutput = z.strictObject({
  target: z.string(),
  command: z.string(),
  data: z.unknown().describe('As the instrument sent it; numbers JSON cannot carry are null.'),
  elapsed_ms: z.number(),
  simulated: z.boolean(),
  warnings: z.array(z.string()),
});
type CommandAnswer = Answer<z.input<typeof commandOutput>>;

const TOOLSETS_OF_TARGETS: Record<Target, Toolset> = {
  MAIN: 'main',
  ROUTINE: 'routine',
  LED: 'led',
  MUX: 'mux',
  TMPCTL: 'tmpctl',
};

/** One tool per documented command of a target. */
export const commandTools: readonly Tool[] = commandList.map((command) =>
  command === commands.ROUTINE.GetTestData ? testDataTool : commandTool(command),
);
/** One tool per documented command of a routine. */
export const routineCommandTools: readonly Tool[] = routines.flatMap(({ commands: own }) =>
  own.map(commandTool),
);

function commandTool(command: Command): Tool {
  return defineTool({
    name: toolName(command),
    title: command.title,
    description: command.description,
    kind: command.kind,
    toolset: command.routine === undefined ? TOOLSETS_OF_TARGETS[command.target] : 'custom',
    input: command.parameter,
    output: commandOutput,
    async run(args, { client, signal }) {
      return answer(command, args, await client.call(command, args, { signal }));
    },
  });
}

function answer(command: Command, args: Record<string, unknown>, reply: CommandReply): CommandAnswer {
  const { data, notes } = presentData(reply.data, DATA_BUDGET);
  const warnings = [...reply.warnings, ...notes];
  const read = command.result.safeParse(reply.data);
  if (!read.success) warnings.push(`the data of ${wireName(command)} does not have the documented form`);
  const lines = [
    read.success
      ? command.summary(read.data, args)
      : `${wireName(command)} was answered: ${compactJson(reply.data, TEXT_BUDGET)}`,
  ];
  if (warnings.length > 0) lines.push(`Note: ${warnings.join('; ')}.`);
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
