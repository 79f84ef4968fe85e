import type { CommandObserver } from '../instrument/command-observer.ts';
import type { Command } from '../instrument/command.ts';
import { commandList } from '../instrument/commands/index.ts';
import { routines } from '../instrument/routines/index.ts';

/** Names of commands that only look, in newer and older software. */
const READS: ReadonlySet<string> = new Set(
  [...commandList, ...routines.flatMap(({ commands }): readonly Command[] => commands)]
    .filter(({ kind }) => kind === 'read')
    .flatMap(({ target, name, formerly }) => [
      `${target}.${name}`,
      ...(formerly === undefined ? [] : [`${formerly.target ?? target}.${formerly.name}`]),
    ]),
);

/** Counts the commands that may have changed what a measurement would yield: all but those that only look. */
export class Changes {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  readonly observe: CommandObserver = ({ target, command }) => {
    if (!READS.has(`${target}.${command}`)) this.#count++;
    return () => undefined;
  };
}
