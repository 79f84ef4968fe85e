import * as z from 'zod';
import { parameters } from '../instrument/command.ts';
import type { AuditEntry } from '../safety/audit-log.ts';
import { answerForm } from './answer/answer-form.ts';
import { each, quantity, sentence, word } from './answer/tellings.ts';
import { defineTool } from './define-tool.ts';
import { compactJson } from './present-data.ts';

const PARAMETER_VALUES = 20;

export const getCommandLog = defineTool({
  name: 'get_command_log',
  title: 'Command log',
  description: 'The last commands sent to the instrument: when, for which tool, outcome.',
  kind: 'read',
  toolset: 'workflow',
  input: parameters({
    limit: z.int().min(1).max(200).default(20).describe('At most.'),
    reads: z.boolean().default(false).describe('Also commands that only look.'),
  }),
  output: answerForm(
    {
      commands: z.array(
        z.strictObject({
          at: z.string(),
          command: z.string(),
          parameter: z.string(),
          outcome: z.string(),
          ms: z.number(),
          tool: z.string().nullable(),
          job: z.string().nullable(),
        }),
      ),
    },
    {
      commands: each(
        {
          at: word({ label: '' }),
          command: word({ label: '' }),
          parameter: sentence(),
          outcome: word({ label: '' }),
          ms: quantity('ms', 0, { label: '' }),
          tool: word({ none: 'by the server itself' }),
          job: word(),
        },
        { none: 'No command that changes anything was sent yet.' },
      ),
    },
  ),
  async run({ limit, reads }, { audit, connection, product }) {
    const isRead = ({ target, command }: AuditEntry): boolean =>
      product.commandsNamed(target, command).some(({ kind }) => kind === 'read');
    const chosen = audit.entries.filter((entry) => reads || !isRead(entry)).slice(-limit);
    const { simulator } = connection.status();
    const listed = chosen.map((entry) => ({
      at: entry.at,
      command: nameOf(entry),
      parameter: compactJson(entry.parameter, PARAMETER_VALUES),
      outcome: entry.outcome,
      ms: entry.ms,
      tool: entry.tool,
      job: entry.job,
    }));
    return { said: { commands: listed, simulated: simulator === undefined ? null : simulator !== null } };
  },
});

function nameOf({ target, command }: AuditEntry): string {
  return `${target}.${command}`;
}
