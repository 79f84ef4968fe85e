import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { withOptions } from './cli/command-options.ts';
import { configSchema, describeOptions, readOptions, setupSchema, simulateSchema } from './config.ts';
import { ArkeoError } from './errors.ts';
import { VERSION } from './version.ts';

// The reader of standard output may go away, as `| head` does: that is no reason to end with a stack trace.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

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
    .command('setup')
    .allowExcessArguments(false)
    .description(
      'Put this server into Claude Desktop, and show what to paste for other MCP hosts. Options of the server go into the entry.',
    ),
  [...describeOptions(setupSchema), ...serverOptions],
  false,
).action(async (flags: Record<string, unknown>, command: Command) => {
  const given = { ...command.parent?.opts(), ...flags };
  const options = readOptions(setupSchema, given, {});
  const { setup } = await import('./cli/setup/setup.ts');
  const { thisEdge } = await import('./cli/setup/edge.ts');
  const edge = thisEdge(fileURLToPath(import.meta.url));
  try {
    process.exitCode = await setup(given, options, edge);
  } finally {
    edge.close();
  }
});

withOptions(
  program
    .command('doctor')
    .allowExcessArguments(false)
    .description(
      'Check the entries in MCP hosts and the way to the ARKEO step by step, and say what is wrong.',
    ),
  serverOptions,
  true,
).action(async (flags: Record<string, unknown>, command: Command) => {
  const given = { ...command.parent?.opts(), ...flags };
  const { doctor } = await import('./cli/doctor.ts');
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  process.exitCode = await doctor(given, process.env, print);
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
