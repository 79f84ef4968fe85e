import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type Config, configSchema, givenOptions, readOptions } from '../config.ts';
import { ArkeoError, ConnectionError, InstrumentError } from '../errors.ts';
import { type Command, wireName } from '../instrument/command.ts';
import { commands } from '../instrument/commands/index.ts';
import type { Product } from '../instrument/product.ts';
import { createLogger } from '../logger.ts';
import { VERSION } from '../version.ts';
import { type Context, createContext } from './context.ts';
import type { Finding } from './doctor/finding.ts';
import { examineEntries } from './doctor/host-entries.ts';
import { examineOptions } from './doctor/own-options.ts';
import { thisPlace } from './setup/edge.ts';
import { namesInstrument } from './setup/questions.ts';

/**
 * Checks the entries in MCP hosts, then the options, and then the connection to the instrument step by step,
 * with reads only. Nothing is left on the disk. If the options name no instrument, the instrument of the first
 * sound entry is checked. Returns the exit code: 0 well, 1 not.
 */
export async function doctor(
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
  print: (line: string) => void,
): Promise<number> {
  const own = readOptions(configSchema, flags, environment);
  const entries = examineEntries(thisPlace());
  const sound = entries.find(({ options }) => options !== undefined);
  const followed = namesInstrument(flags, environment) ? undefined : sound;
  const config =
    followed?.options === undefined
      ? own
      : readOptions(
          configSchema,
          { ...followed.options, ...Object.fromEntries(givenOptions(configSchema, flags, environment)) },
          {},
        );
  const context = createContext(config, createLogger({ level: 'silent' }), false);
  const { address } = context.connection.status();
  const source = followed === undefined ? '' : `, which ${followed.title} is set up for`;
  print(
    `arkeo-mcp ${VERSION} on Node ${process.versions.node}, ${process.platform}. Checking ${address}${source}; reads only.\n`,
  );
  let failed = false;
  const report = ({ check, result, detail, advice }: Finding): void => {
    failed ||= result === 'FAILED';
    print(`${result.padEnd(6)}  ${check.padEnd(18)}  ${detail}`);
    const further = advice?.replace(SENDS_HERE, '').trim();
    if (further !== undefined && further !== '') print(`${' '.repeat(28)}→ ${further}`);
  };
  for (const found of entries.flatMap(({ findings }) => findings)) report(found);
  if (entries.length === 0) report(NO_ENTRY);
  const entriesFailed = failed;
  failed = false;
  for await (const found of examineOptions(config)) report(found);
  const optionsFailed = failed;
  failed = false;
  try {
    for await (const found of examine(config, context)) report(found);
  } finally {
    await context.close();
  }
  if (failed) print('\nThe ARKEO cannot be operated like this.');
  else if (optionsFailed)
    print('\nThe ARKEO answers, and a server with these options would refuse to work: see FAILED above.');
  else if (entriesFailed) print('\nThe ARKEO answers, and an MCP host cannot start the server like this.');
  else print('\nAll well: an MCP host can operate it.');
  return failed || optionsFailed || entriesFailed ? 1 : 0;
}

/** A sentence of a hint that sends its reader to the very command that prints the hint. */
const SENDS_HERE = /`arkeo-mcp doctor` [^.]*\./;

const NO_ENTRY: Finding = {
  check: 'MCP hosts',
  result: 'note',
  detail: 'none of those we know has an entry for this server, on this computer and for this user',
  advice: 'arkeo-mcp setup makes one.',
};

async function* examine(config: Config, context: Context): AsyncGenerator<Finding> {
  if (!config.simulator) {
    const name = await lookUp(config.host);
    yield name;
    if (name.result === 'FAILED') return;
  }
  const first = await firstRequest(context);
  yield* first;
  if (first.some(({ result }) => result === 'FAILED')) return;
  yield* software(config, context);
  yield* targets(context);
}

async function lookUp(host: string): Promise<Finding> {
  const check = 'name lookup';
  if (isIP(host) !== 0) return { check, result: 'ok', detail: `${host} is an address` };
  try {
    const addresses = await lookup(host, { all: true });
    return {
      check,
      result: 'ok',
      detail: `${host} is ${addresses.map(({ address }) => address).join(', ')}`,
    };
  } catch {
    return {
      check,
      result: 'FAILED',
      detail: `the name ${host} is not known on this network`,
      advice: 'Check the spelling, or use the IP address of the measurement PC (ipconfig shows it there).',
    };
  }
}

async function firstRequest({ client, connection, product }: Context): Promise<Finding[]> {
  const { address } = connection.status();
  const started = performance.now();
  try {
    const reply = await client.call(commands.MAIN.GetActiveRoutine, {});
    const read = commands.MAIN.GetActiveRoutine.result.safeParse(reply.data);
    if (!read.success) {
      return [
        { check: 'connection', result: 'ok', detail: `connected to ${address}` },
        {
          check: 'first request',
          result: 'FAILED',
          detail: 'MAIN.GetActiveRoutine is answered, but not with a routine',
          advice: 'Something speaks the protocol without being an ARKEO All-in-One. Is the port right?',
        },
      ];
    }
    const total = performance.now() - started;
    return [
      {
        check: 'connection',
        result: 'ok',
        detail: `connected to ${address} in ${ms(total - reply.elapsedMs)}`,
      },
      {
        check: 'first request',
        result: 'ok',
        detail: `answered in ${ms(reply.elapsedMs)} by ${reply.simulator === undefined ? 'an instrument' : `a SIMULATOR (${reply.simulator})`}`,
      },
    ];
  } catch (error) {
    if (error instanceof InstrumentError) {
      return [
        { check: 'connection', result: 'ok', detail: `connected to ${address}` },
        {
          check: 'first request',
          result: 'FAILED',
          detail: error.message,
          advice: `It speaks the protocol but refuses even MAIN.GetActiveRoutine: perhaps the Multichannel software (port 6340), which this server does not operate, and not the All-in-One (port ${product.port}).`,
        },
      ];
    }
    if (!(error instanceof ConnectionError)) throw error;
    const connected = error.outcome === 'unknown';
    return [
      ...(connected
        ? [{ check: 'connection', result: 'ok', detail: `connected to ${address}` } as const]
        : []),
      {
        check: connected ? 'first request' : 'connection',
        result: 'FAILED',
        detail: error.message,
        advice: connected ? adviceForSilence(error, product) : error.hint,
      },
    ];
  }
}

function adviceForSilence({ code, message }: ConnectionError, { port }: Product): string {
  if (code === 'not_an_arkeo') {
    return message.includes('TLS')
      ? 'The port speaks TLS: add --tls (and --tls-ca with the certificate of its authority).'
      : `Another program has this port. ARKEO listens on ${port} unless changed.`;
  }
  if (code === 'reply_timeout') {
    return 'Something accepts the connection but does not answer like an ARKEO: the API server in the ARKEO application may be off or busy, or this is another program’s port.';
  }
  if (code === 'connection_lost') {
    return 'The other side hangs up on the first request: not an ARKEO, an ARKEO that serves another client, or a port that wants TLS (--tls).';
  }
  return 'Something answers, but not in the ARKEO protocol (4-byte length, then JSON). Is the port right?';
}

async function* software(config: Config, context: Context): AsyncGenerator<Finding> {
  const { client } = context;
  const available = await look(context, commands.MAIN.GetAvailableRoutines);
  yield finding('routines', available, ({ routines }) => `${routines.length}: ${routines.join(', ')}`);

  const signs: string[] = [];
  const led = await replyOf(context, commands.LED.GetStatus);
  if (led !== undefined)
    signs.push(hasKey(led, 'boards') ? 'LED boards' : 'LED values without boards (older)');
  const mux = await replyOf(context, commands.MUX.GetStatus);
  if (mux !== undefined) signs.push(hasKey(mux, 'channels') ? 'MUX channels (older)' : 'MUX status');
  yield {
    check: 'software age',
    result: 'note',
    detail: `${signs.length > 0 ? signs.join(', ') : 'reads do not show it'}; parameters are sent as "${client.parameterKey}"${config.parameterKey === 'auto' ? ', found out when a routine is opened' : ''}`,
  };
}

async function* targets(context: Context): AsyncGenerator<Finding> {
  const { MAIN, ROUTINE, LED, MUX, TMPCTL } = commands;
  const active = await look(context, MAIN.GetActiveRoutine);
  yield finding('MAIN', active, (read) => MAIN.GetActiveRoutine.summary(read, {}));
  const status = await look(context, ROUTINE.GetTestStatus);
  yield status instanceof ArkeoError && status.code === 4006
    ? { check: 'ROUTINE', result: 'ok', detail: 'no routine is open' }
    : finding('ROUTINE', status, (read) => ROUTINE.GetTestStatus.summary(read, {}));
  yield finding('LED', await look(context, LED.GetStatus), (read) => LED.GetStatus.summary(read, {}));
  yield finding('MUX', await look(context, MUX.GetStatus), (read) => MUX.GetStatus.summary(read, {}));
  const temperature = await look(context, TMPCTL.GetStatus);
  yield finding('TMPCTL', temperature, (read) => TMPCTL.GetStatus.summary(read, {}).replace(/\n/g, ' '));
}

/**
 * Describes the reply of a target. A missing target is a note: the rest can be operated. A lost connection is a
 * failure.
 */
function finding<R>(check: string, looked: R | ArkeoError, describe: (read: R) => string): Finding {
  if (!(looked instanceof ArkeoError)) return { check, result: 'ok', detail: describe(looked) };
  const result = looked instanceof InstrumentError ? 'note' : 'FAILED';
  return { check, result, detail: looked.message, advice: looked.hint };
}

async function look<R>(
  { client }: Context,
  command: Command<Command['parameter'], R>,
): Promise<R | ArkeoError> {
  try {
    return await client.send(command, {});
  } catch (error) {
    if (error instanceof ArkeoError) return error;
    throw error;
  }
}

async function replyOf({ client }: Context, command: Command): Promise<unknown> {
  try {
    return (await client.call(command, {})).data;
  } catch (error) {
    if (error instanceof ArkeoError) return undefined;
    throw new Error(`${wireName(command)} failed`, { cause: error });
  }
}

function hasKey(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && key in value;
}

function ms(duration: number): string {
  return `${duration.toFixed(duration < 10 ? 1 : 0)} ms`;
}
