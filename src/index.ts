import { Command, InvalidArgumentError, Option } from 'commander';
import {
  configSchema,
  describeOptions,
  type OptionDescription,
  readOptions,
  simulateSchema,
} from './config.ts';
import { ArkeoError } from './errors.ts';
import { VERSION } from './version.ts';

const serverOptions = describeOptions(configSchema);
const program = new Command('arkeo-mcp')
  .description(
    'MCP server for the ARKEO photovoltaic measurement system. Without a subcommand it serves MCP on standard input and output.',
  )
  .version(VERSION)
  .enablePositionalOptions()
  .showHelpAfterError('(arkeo-mcp --help lists the options)')
  .allowExcessArguments(true);

withOptions(program, serverOptions, true).action(async (flags: Record<string, unknown>) => {
  if (program.args.length > 0) program.error(`error: unknown command '${program.args.join(' ')}'`);
  const config = readOptions(configSchema, flags, process.env);
  const { serve } = await import('./cli/serve.ts');
  serve(config);
});

withOptions(
  program
    .command('simulate')
    .description('Run a simulated ARKEO that speaks the wire protocol, for other programs to connect to.'),
  describeOptions(simulateSchema),
  false,
).action(async (flags: Record<string, unknown>, command: Command) => {
  const misplaced = Object.keys(command.parent?.opts() ?? {});
  if (misplaced.length > 0)
    program.error('error: the options of simulate go behind it: arkeo-mcp simulate --port 7001');
  const config = readOptions(simulateSchema, flags, {});
  const { simulate } = await import('./cli/simulate.ts');
  await simulate(config);
});

withOptions(
  program
    .command('doctor')
    .allowExcessArguments(false)
    .description('Check the way to the ARKEO step by step and say what is wrong.'),
  serverOptions,
  true,
).action(async (flags: Record<string, unknown>, command: Command) => {
  const config = readOptions(configSchema, { ...command.parent?.opts(), ...flags }, process.env);
  const { doctor } = await import('./cli/doctor.ts');
  process.exitCode = await doctor(config, (line) => process.stdout.write(`${line}\n`));
});

try {
  await program.parseAsync();
} catch (error) {
  const lines =
    error instanceof ArkeoError
      ? [error.message, error.hint]
      : [error instanceof Error ? error.message : String(error)];
  process.stderr.write(`arkeo-mcp: ${lines.join('\n')}\n`);
  process.exitCode = 1;
}

function withOptions(command: Command, options: readonly OptionDescription[], variables: boolean): Command {
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
