import type * as z from 'zod';
import { InputError } from '../errors.ts';
import type { Command, PrepareContext } from './command.ts';
import { commands } from './commands/index.ts';
import { describeIssues } from '../text/describe-issues.ts';
import { quote } from '../text/quote.ts';
import { sameRoutine } from './routine-name.ts';
import { isMeasuring, statusWord } from './routine-status.ts';

type Read = PrepareContext['read'];

/** The arguments as the command takes them. Throws InputError. */
export function validate<P extends z.ZodObject>(command: Command<P>, args: unknown): z.output<P> {
  const parsed = command.parameter.safeParse(args);
  if (parsed.success) return parsed.data;
  throw new InputError(describeIssues(parsed.error), {
    target: command.target,
    command: command.name,
    hint: 'Correct the arguments and call again.',
  });
}

/** A custom command reaches only the routine that has it. Throws InputError. */
export async function requireRoutine(routine: string, command: Command, read: Read): Promise<void> {
  const { routine: active } = await read(commands.MAIN.GetActiveRoutine);
  if (active !== null && sameRoutine(active, routine)) return;
  throw new InputError(
    `${command.name} is a command of the routine ${routine}, and ${active === null ? 'no routine' : quote(active)} is open`,
    {
      target: command.target,
      command: command.name,
      hint: `Open it first: main_start_routine with routine "${routine}", then wait for Ready.`,
    },
  );
}

/** Refuses a command that would interrupt a measurement: it waits for the end. Throws InputError. */
export async function requireIdle(command: Command, read: Read): Promise<void> {
  const status = await read(commands.ROUTINE.GetTestStatus);
  if (!isMeasuring(status)) return;
  throw new InputError(`${command.name} would interrupt the measurement that is ${statusWord(status)}`, {
    target: command.target,
    command: command.name,
    hint: 'Wait until routine_get_test_status says Ready, or stop it with routine_stop_measurement.',
  });
}
