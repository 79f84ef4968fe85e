import type * as z from 'zod';
import type { Command } from '../../instrument/command.ts';
import type { WrittenCommand } from '../../instrument/command-observer.ts';

/** A command exactly as it will be on the wire; none without arguments. */
export function announced<P extends z.ZodObject>(
  { target, name, parameter }: Command<P>,
  args: z.input<P> | undefined,
): readonly WrittenCommand[] {
  return args === undefined ? [] : [{ target, command: name, parameter: { ...parameter.parse(args) } }];
}
