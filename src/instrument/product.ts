import type { Toolset } from '../vocabulary.ts';
import type { Command, Target } from './command.ts';
import { sameRoutine } from './routine-name.ts';
import { hasName, type RoutineDefinition } from './routines/routine.ts';

/** Facts and parts of one kind of instrument, as data. */
interface ProductParts {
  /** "ARKEO All-in-One" */
  readonly title: string;
  /** The TCP port of its API, unless somebody changed it. */
  readonly port: number;
  /** Its targets, and the group in which the tools of their commands are. */
  readonly targets: Readonly<Record<Target, Toolset>>;
  /** Every documented command of a target, in the fixed order of the documentation and of `tools/list`. */
  readonly commands: readonly Command[];
  /** Every routine we know, in the order of the documentation. */
  readonly routines: readonly RoutineDefinition[];
  /** A read that every version answers: a connection that was silent for long is tried with it. */
  readonly probe: Command;
}

/** A product: passed to whatever has to know which commands and routines there are. */
export interface Product extends ProductParts {
  /** The routine of that name, however the name is written, or undefined. */
  readonly findRoutine: (name: string) => RoutineDefinition | undefined;
  /** Whether two names mean the same routine: also `EQE` and `IPCE`, and routines that are not known here. */
  readonly isSameRoutine: (a: string, b: string) => boolean;
  /**
   * The definitions of a command by any of its names, in capitals or not: an instrument may not care. Several routines
   * may have a command of one name; there is none where nothing is known of the command.
   */
  readonly commandsNamed: (target: string, name: string) => readonly Command[];
  /** The commands of the targets, then those of the routines. */
  readonly allCommands: readonly Command[];
}

export function defineProduct(parts: ProductParts): Product {
  const { commands, routines } = parts;
  const allCommands = [...commands, ...routines.flatMap((routine): readonly Command[] => routine.commands)];
  const findRoutine = (name: string): RoutineDefinition | undefined =>
    routines.find((routine) => hasName(routine, name));
  return {
    ...parts,
    allCommands,
    findRoutine,
    isSameRoutine: (a, b) => sameRoutine(findRoutine(a)?.name ?? a, findRoutine(b)?.name ?? b),
    commandsNamed: (target, name) => allCommands.filter((command) => isNamed(command, target, name)),
  };
}

function isNamed({ target, name, formerly }: Command, at: string, wanted: string): boolean {
  const is = (one: string | undefined): boolean => one?.toLowerCase() === wanted.toLowerCase();
  return (target === at && is(name)) || ((formerly?.target ?? target) === at && is(formerly?.name));
}
