import { Command, InvalidArgumentError, Option } from 'commander';
import { configSchema, describeOptions, type OptionDescription } from '../config.ts';

/**
 * Adds options to a command.
 *
 * @param variables true if its help names the environment variables
 */
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
    // If an option is given twice, the last one would win unnoticed.
    if (value !== undefined)
      option.argParser((given: string, previous: unknown) => {
        if (previous !== undefined) throw new InvalidArgumentError('It is given twice.');
        return given;
      });
    command.addOption(option);
  }
  return command;
}

/**
 * Reads the flags of the server from a list of arguments, as a host passes them. Throws the errors of
 * commander.
 */
export function serverFlags(args: readonly string[]): Record<string, unknown> {
  const command = withOptions(new Command(), describeOptions(configSchema), false)
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  return command.parse(args, { from: 'user' }).opts();
}
