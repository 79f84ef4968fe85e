import * as z from 'zod';
import { parameters } from '../instrument/command.ts';
import type { AuditEntry } from '../safety/audit-log.ts';
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
  output: z.strictObject({
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
    simulated: z.boolean().nullable(),
  }),
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
    return {
      text:
        listed.length === 0
          ? 'No command was sent yet that changes anything.'
          : listed
              .map(
                ({ at, command, parameter, outcome, ms, tool, job }) =>
                  `${at} ${command} ${parameter} → ${outcome}, ${ms} ms (${tool ?? 'the server itself'}${job === null ? '' : `, ${job}`})`,
              )
              .join('\n'),
      structured: { commands: listed, simulated: simulator === undefined ? null : simulator !== null },
    };
  },
});

function nameOf({ target, command }: AuditEntry): string {
  return `${target}.${command}`;
}
