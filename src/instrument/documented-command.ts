import type { Command } from './command.ts';
import { commandList } from './commands/index.ts';
import { routines } from './routines/index.ts';

/**
 * The definitions of a command by any of its names, in capitals or not: an instrument may not care. Several routines
 * may have a command of one name; none is a command that nothing is known of.
 */
export function documentedCommands(target: string, name: string): readonly Command[] {
  const wanted = name.toLowerCase();
  return [...commandList, ...routines.flatMap(({ commands }): readonly Command[] => commands)].filter(
    (command) =>
      (command.target === target && command.name.toLowerCase() === wanted) ||
      ((command.formerly?.target ?? command.target) === target &&
        command.formerly?.name.toLowerCase() === wanted),
  );
}
