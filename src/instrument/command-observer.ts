import type { Outcome } from '../errors.ts';
import type { Kind } from './command.ts';

/** A command as it stands on the wire. */
export interface WrittenCommand {
  target: string;
  command: string;
  parameter: Readonly<Record<string, unknown>>;
  /** What it does to the world, where whoever tells of it knows. */
  kind?: Kind;
}

/** Called at the moment a command is written; what it returns is called once, with what became of it. */
export type CommandObserver = (command: WrittenCommand) => (outcome: 'ok' | Outcome, data?: unknown) => void;

/** One observer out of several. */
export function watchedBy(...observers: readonly CommandObserver[]): CommandObserver {
  return (command) => {
    const settles = observers.map((observe) => observe(command));
    return (outcome, data) => {
      for (const settle of settles) settle(outcome, data);
    };
  };
}
