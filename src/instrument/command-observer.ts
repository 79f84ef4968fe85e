import type * as z from 'zod';
import type { Outcome } from '../errors.ts';
import { type Command, type Kind, kindOf } from './command.ts';
import type { Effect, Observation, WireParameter } from './effects.ts';

/** A command as it stands on the wire. */
export interface WireCommand {
  target: string;
  command: string;
  parameter: WireParameter;
}

/** A command that is written, or about to be, and what it does. */
export interface WrittenCommand extends WireCommand {
  kind: Kind;
  effects: readonly Effect[];
}

/** A command as it will be written with these arguments, under its newest name, where it prepares nothing. */
export function asWritten<P extends z.ZodObject>(
  command: Command<P>,
  parameter: z.output<P>,
): WrittenCommand {
  const { target, name, effects } = command;
  return {
    target,
    command: name,
    parameter,
    kind: kindOf(command, parameter),
    effects: effects?.(parameter) ?? [],
  };
}

/**
 * Called at the moment a command is written; what it returns is called once, with what became of the command and, where
 * it was answered, what its reply shows.
 */
export type CommandObserver = (
  command: WrittenCommand,
) => (outcome: 'ok' | Outcome, shown: readonly Observation[]) => void;

/** One observer out of several. */
export function watchedBy(...observers: readonly CommandObserver[]): CommandObserver {
  return (command) => {
    const settles = observers.map((observe) => observe(command));
    return (outcome, shown) => {
      for (const settle of settles) settle(outcome, shown);
    };
  };
}
