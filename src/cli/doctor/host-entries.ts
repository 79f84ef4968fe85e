import { existsSync } from 'node:fs';
import { configSchema, describeOptions, givenOptions, readOptions } from '../../config.ts';
import { ConfigurationError } from '../../errors.ts';
import { HOST_APPS, type HostApp } from '../../vocabulary.ts';
import { serverFlags } from '../command-options.ts';
import { readConfigFile } from '../setup/config-file.ts';
import { memberOf } from '../setup/edit-json.ts';
import { type Entry, entrySchema } from '../setup/entry.ts';
import { ENTRY_NAME, hostApps, type Place } from '../setup/host-apps.ts';
import { requireUsable } from '../usable-config.ts';
import type { Finding } from './finding.ts';
import { findCommand } from './find-command.ts';

/** Findings about one host's configuration. */
export interface ExaminedEntry {
  title: string;
  findings: Finding[];
  /** Options of the entry by key; undefined if the entry cannot be used. */
  options: Readonly<Record<string, unknown>> | undefined;
}

const ADVICE = 'arkeo-mcp setup makes a new entry.';

/** Examines every host's configuration on this computer that has an entry of ours, or cannot be read. */
export function examineEntries(place: Place): ExaminedEntry[] {
  return HOST_APPS.flatMap((app) =>
    hostApps[app].files(place).flatMap((file) => examineFile(app, file, place) ?? []),
  );
}

function examineFile(app: HostApp, file: string, place: Place): ExaminedEntry | undefined {
  const { title, container } = hostApps[app];
  const finding = (result: Finding['result'], detail: string, advice?: string): Finding => ({
    check: title,
    result,
    detail,
    ...(advice === undefined ? {} : { advice }),
  });
  let written: unknown;
  try {
    const { text } = readConfigFile(file);
    written = text === undefined ? undefined : memberOf(text, container, ENTRY_NAME);
  } catch (error) {
    // VS Code takes comments in its file, and Cursor is made of VS Code.
    const unread = finding(
      app === 'vscode' || app === 'cursor' ? 'note' : 'FAILED',
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
    return { title, findings: [unread], options: undefined };
  }
  if (written === undefined) return undefined;
  const entry = entrySchema.safeParse(written);
  if (!entry.success) {
    const wrong = finding('FAILED', `the entry in ${file} has no command, args and env as it should`, ADVICE);
    return { title, findings: [wrong], options: undefined };
  }
  const start = startProblem(entry.data, place);
  const options = readEntryOptions(entry.data);
  const findings = [
    typeof start === 'string'
      ? finding('FAILED', `${start}, in ${file}`, ADVICE)
      : (start ?? finding('ok', file)),
    typeof options === 'string'
      ? finding('FAILED', options, `Correct it in ${file}, or let arkeo-mcp setup make a new entry.`)
      : finding('ok', `operates ${instrumentOf(options)}`),
  ].map((found) => ({ ...found, check: title }));
  return { title, findings, options: typeof options === 'string' ? undefined : options };
}

/**
 * Reason why a host cannot start the command, or a note if that cannot be determined; undefined if the host can
 * start it.
 */
function startProblem({ command, args }: Entry, place: Place): string | Finding | undefined {
  const found = findCommand(command, place, existsSync);
  if (found === undefined) return `its command ${command} does not exist`;
  const script = args.find((argument) => /\.[cm]?js$/.test(argument));
  if (script !== undefined && !existsSync(script)) return `its program ${script} does not exist`;
  if (found === command) return undefined;
  return {
    check: '',
    result: 'note',
    detail: `${command} is ${found} here; a host that is started from the desktop may not find it`,
    advice: 'arkeo-mcp setup makes an entry with the whole path.',
  };
}

/** Reads the options of an entry by key, or returns the error in them. */
function readEntryOptions({ command, args, env }: Entry): Record<string, unknown> | string {
  const known = describeOptions(configSchema).map(({ variable }) => variable);
  const unknown = Object.keys(env).filter((name) => name.startsWith('ARKEO_') && !known.includes(name));
  if (unknown.length > 0) return `${unknown.join(', ')}: there is no such option, and it does nothing`;
  // The options follow the program, whichever way that is started.
  const direct = PROGRAM.test(command);
  const program = direct ? -1 : args.findIndex((argument) => PROGRAM.test(argument));
  if (program === -1 && !direct) return `it does not start arkeo-mcp: ${args.join(' ')}`;
  try {
    const flags = serverFlags(args.slice(program + 1));
    requireUsable(readOptions(configSchema, flags, env));
    return Object.fromEntries(givenOptions(configSchema, flags, env));
  } catch (error) {
    if (error instanceof ConfigurationError) return `${error.message}. ${error.hint}`;
    return error instanceof Error
      ? error.message.replace(/^error: /, '').replaceAll('\n', ' ')
      : String(error);
  }
}

/** dist/index.js, the package as npx takes it, or the command that npm installs. */
const PROGRAM = /(?:[\\/]index\.js|(?:^|[\\/])arkeo-mcp(?:@[^\\/]+)?(?:\.cmd)?)$/;

function instrumentOf(options: Readonly<Record<string, unknown>>): string {
  const { simulator, host, port, readOnly } = readOptions(configSchema, options, {});
  return `${simulator ? 'the built-in simulator' : `the ARKEO at ${host}:${port}`}${readOnly ? ', read-only' : ''}`;
}
