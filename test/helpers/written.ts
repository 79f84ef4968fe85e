import type { Outcome } from '../../src/errors.ts';
import type { CommandObserver, WrittenCommand } from '../../src/instrument/command-observer.ts';
import { documentedCommands } from '../../src/instrument/documented-command.ts';
import type { Target } from '../../src/instrument/command.ts';

/** A command as the client tells observers and gates of it. */
export function written(target: Target, command: string, parameter = {}): WrittenCommand {
  const [definition] = documentedCommands(target, command);
  const effects =
    definition === undefined
      ? [{ type: 'not_documented' as const }]
      : (definition.effects?.(parameter) ?? []);
  return { target, command, parameter, kind: definition?.kind ?? 'actuate', effects };
}

/** Lets an observer see a command and what became of it. @param data of the reply */
export function observed(
  observe: CommandObserver,
  command: WrittenCommand,
  outcome: 'ok' | Outcome = 'ok',
  data: unknown = {},
): void {
  if (outcome === 'ok') answerLater(observe, command)(data);
  else observe(command)(outcome, []);
}

/** Lets an observer see a command now. Returns what tells it of the reply. */
export function answerLater(observe: CommandObserver, command: WrittenCommand): (data: unknown) => void {
  const settle = observe(command);
  return (data) => {
    const [definition] = documentedCommands(command.target, command.command);
    const parsed = definition?.result.safeParse(data);
    settle('ok', parsed?.success === true ? (definition?.shows?.(parsed.data, data) ?? []) : []);
  };
}
