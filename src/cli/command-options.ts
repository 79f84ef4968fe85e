import { Command, InvalidArgumentError, Option } from 'commander';
import { configSchema, describeOptions, type OptionDescription } from '../config.ts';

/** Adds options to a command. @param variables whether its help names them */
export function withOptions(
  command: Command,
  options: readonly OptionDescription[],
  variables: boolean,
): Command {
  for (const { flag, value, variable, description, standard } of options) {
    const help = [
      description,
      ...(standard === undefined ? [] : [`Default ${standard}.`]),
      ...(variables ? [`[${variable}]`] : []),
    ].join(' ');
    const option = new Option(value === undefined ? flag : `${flag} <${value}>`, help);
    // Given twice, the last one would win unnoticed.
    if (value !== undefined)
      option.argParser((given: string, previous: unknown) => {
        if (previous !== undefined) throw new InvalidArgumentError('It is given twice.');
        return given;
      });
    command.addOption(option);
  }
  return command;
}

/** The flags of the server in a list of arguments, as a host passes them. Throws what commander throws. */
export function serverFlags(args: readonly string[]): Record<string, unknown> {
  const command = withOptions(new Command(), describeOptions(configSchema), false)
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  return command.parse(args, { from: 'user' }).opts();
}
