import type * as z from 'zod';
import type { Command } from '../../instrument/command.ts';
import { asWritten, type WrittenCommand } from '../../instrument/command-observer.ts';

/** A command exactly as it will be on the wire; none without arguments. */
export function announced<P extends z.ZodObject>(
  command: Command<P>,
  args: z.input<P> | undefined,
): readonly WrittenCommand[] {
  return args === undefined ? [] : [asWritten(command, command.parameter.parse(args))];
}
