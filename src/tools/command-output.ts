import * as z from 'zod';
import type { CommandReply } from '../instrument/client.ts';
import { wireName } from '../instrument/command.ts';
import { answerForm, type Said } from './answer/answer-form.ts';
import { json, onNewLine, paragraph, quantity, word } from './answer/tellings.ts';
import { presentData } from './present-data.ts';

/** The answer of every command tool. */
export const commandOutput = answerForm(
  {
    summary: z.string(),
    data: z.unknown().describe('As the instrument sent it; numbers JSON cannot carry are null.'),
    command: z.string(),
    elapsed_ms: z.number(),
  },
  {
    summary: paragraph(),
    data: json('Data'),
    command: onNewLine(word()),
    elapsed_ms: quantity('ms', 0, { label: 'answered in' }),
  },
);
export type CommandSaid = Said<typeof commandOutput>;

/** Values of a reply in an answer; more are thinned. */
const DATA_BUDGET = 200;

/** Puts a reply into the members of an answer. @param budget values of its data, about */
export function replySaid(
  command: { target: string; name: string },
  reply: CommandReply,
  summary: string,
  budget = DATA_BUDGET,
): CommandSaid & { notes: string[]; warnings: string[] } {
  const { data, notes } = presentData(reply.data ?? null, budget);
  return {
    summary,
    data,
    command: wireName(command),
    elapsed_ms: reply.elapsedMs,
    warnings: [...reply.warnings],
    notes,
    simulated: reply.simulator !== undefined,
  };
}
