import * as z from 'zod';
import { InputError, InstrumentError } from '../errors.ts';
import { parameters, toolName } from '../instrument/command.ts';
import { commands } from '../instrument/commands/index.ts';
import { quote } from '../text/quote.ts';
import { commandOutput, replySaid } from './command-output.ts';
import { defineTool } from './define-tool.ts';
import { plainText } from '../text/plain-text.ts';

/** Reaches what GetCustomCommands reports and no tool covers. */
export const routineCustomCommand = defineTool({
  name: 'routine_custom_command',
  title: 'Custom command of the routine',
  description:
    'Sends a command that routine_get_custom_commands lists and no tool has. It may switch a laser or move hardware: know what it does. A 0 % duty cycle may be full power.',
  kind: 'actuate',
  toolset: 'custom',
  input: parameters({
    command: plainText(100).trim().describe('As listed.'),
    parameter: z.record(z.string(), z.unknown()).default({}).describe('By their documented names.'),
  }),
  output: commandOutput,
  async run({ command, parameter }, { client, product, signal }) {
    const documented = product.commandsNamed('ROUTINE', command).map(toolName);
    if (documented.length > 0) {
      throw new InputError(`${command} has a tool of its own`, {
        hint: `Call ${documented.join(' or ')} instead.`,
      });
    }
    await requireListed(command, () => client.send(commands.ROUTINE.GetCustomCommands, {}, { signal }));
    const reply = await client.custom(command, parameter, { signal });
    return { said: replySaid({ target: 'ROUTINE', name: command }, reply, 'The command was answered.') };
  },
});

async function requireListed(
  command: string,
  list: () => Promise<{ CustomCommands: string[] }>,
): Promise<void> {
  let names: string[];
  try {
    ({ CustomCommands: names } = await list());
  } catch (error) {
    // Software that cannot list them may still have them.
    if (error instanceof InstrumentError && error.outcome === 'refused' && error.code !== 4006) return;
    throw error;
  }
  if (names.includes(command)) return;
  throw new InputError(`the open routine has no command ${quote(command)}`, {
    hint: names.length > 0 ? `It has: ${names.map(quote).join(', ')}.` : 'It has no custom commands.',
  });
}
