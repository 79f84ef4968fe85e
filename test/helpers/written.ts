import type { Outcome } from '../../src/errors.ts';
import type { CommandObserver, WrittenCommand } from '../../src/instrument/command-observer.ts';
import { allInOne } from '../../src/instrument/all-in-one.ts';
import type { Target } from '../../src/instrument/command.ts';

/** A command as the client tells observers and gates of it. */
export function written(target: Target, command: string, parameter = {}): WrittenCommand {
  const [definition] = allInOne.commandsNamed(target, command);
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
    const [definition] = allInOne.commandsNamed(command.target, command.command);
    const parsed = definition?.result.safeParse(data);
    settle('ok', parsed?.success === true ? (definition?.shows?.(parsed.data, data) ?? []) : []);
  };
}
