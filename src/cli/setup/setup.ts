import path from 'node:path';
import { asVariables, configSchema, readOptions, type SetupConfig } from '../../config.ts';
import { ConfigurationError } from '../../errors.ts';
import { HOST_APPS, type HostApp } from '../../vocabulary.ts';
import { requireUsable } from '../usable-config.ts';
import { type ConfigFile, readConfigFile, writeConfigFile } from './config-file.ts';
import { diffLines } from './diff.ts';
import { JsonShapeError, memberOf, withMember, withoutMember } from './edit-json.ts';
import { type Entry, launchOf, mergeEntry, type Started } from './entry.ts';
import { ENTRY_NAME, hostApps, type Place } from './host-apps.ts';
import { JsonTextError } from './json-text.ts';
import { pasteLines, removalLines } from './paste.ts';
import { agree, type Ask, askForInstrument, namesInstrument } from './questions.ts';

/** Access of `setup` to files, terminal and processes. */
export interface SetupEdge {
  place: Place;
  started: Started;
  isFolder: (path: string) => boolean;
  print: (line: string) => void;
  /** Undefined without a terminal. */
  ask: Ask | undefined;
  now: () => Date;
}

type Flags = Readonly<Record<string, unknown>>;

const DESKTOP: HostApp = 'claude-desktop';

/** Puts this server into MCP hosts, or takes it out. Returns the exit code: 0 done or nothing to do, 1 not done. */
export async function setup(flags: Flags, options: SetupConfig, edge: SetupEdge): Promise<number> {
  const apps = options.for === undefined ? HOST_APPS : [options.for];
  const entry = options.remove ? undefined : await makeEntry(flags, options, edge);
  if (entry === 'nobody') return notDone(edge, 'No answer: nothing was changed.');
  const { print, place } = edge;
  let code = 0;
  if (apps.includes(DESKTOP)) {
    const files = hostApps[DESKTOP].files(place).filter((file) => edge.isFolder(path.dirname(file)));
    if (files.length === 0) {
      print('Claude Desktop was not found: start it once, then run setup again. It was looked for in');
      for (const file of hostApps[DESKTOP].files(place)) print(`  ${path.dirname(file)}`);
      code = options.for === undefined ? 0 : 1;
    }
    for (const file of files) code = Math.max(code, await changeFile(file, entry, options, edge));
  }
  for (const app of apps.filter((name) => name !== DESKTOP)) {
    print(`\n${hostApps[app].title}`);
    const lines = entry === undefined ? removalLines(app, place) : pasteLines(app, entry, place);
    for (const line of lines) print(line === '' ? '' : `  ${line}`);
  }
  return code;
}

async function makeEntry(flags: Flags, options: SetupConfig, edge: SetupEdge): Promise<Entry | 'nobody'> {
  const ask = options.yes ? undefined : edge.ask;
  if (ask === undefined && !namesInstrument(flags))
    throw new ConfigurationError(
      'setup has to know which instrument is meant',
      'Add --simulator, or --host with the name or address of the PC that runs the ARKEO application.',
    );
  const answered = ask === undefined ? flags : await askForInstrument(flags, ask);
  if (answered === undefined) return 'nobody';
  const variables = asVariables(configSchema, answered, (file) => path.resolve(file));
  requireUsable(readOptions(configSchema, {}, variables));
  const { command, args, env } = launchOf(edge.started);
  return { command, args, env: { ...env, ...variables } };
}

/** Shows the changes to a file, asks, and makes them. Without an entry, ours is removed. */
async function changeFile(
  file: string,
  entry: Entry | undefined,
  options: SetupConfig,
  edge: SetupEdge,
): Promise<number> {
  const { print } = edge;
  const before = readConfigFile(file);
  const { text, lines } = plan(before, entry);
  print(`${hostApps[DESKTOP].title}: ${before.path}`);
  if (text === before.text || text === undefined) {
    print(entry === undefined ? '  There is no entry of ours.' : '  It has this entry already.');
    return 0;
  }
  for (const line of lines) print(`  ${line}`);
  if (!options.yes) {
    if (edge.ask === undefined)
      return notDone(edge, 'Nothing was written: nobody can be asked here. Add --yes to write it.');
    const agreed = await agree(edge.ask, 'Write this?', false);
    if (agreed !== true) return notDone(edge, 'Nothing was written.');
  }
  const backup = await writeConfigFile(before, text, edge.now());
  print(`Written.${backup === undefined ? '' : ` The former file is kept as ${backup}`}`);
  print('Quit Claude Desktop altogether and start it again: only then it reads this.');
  return 0;
}

/** The text to write, or undefined if nothing changes, and the changes for a person to read. */
function plan(before: ConfigFile, entry: Entry | undefined): { text: string | undefined; lines: string[] } {
  const { container } = hostApps[DESKTOP];
  try {
    if (before.text === undefined && entry === undefined) return { text: undefined, lines: [] };
    // An app may leave an empty file behind.
    const text = before.text === undefined || before.text.trim() === '' ? '{}\n' : before.text;
    const old = memberOf(text, container, ENTRY_NAME);
    const now = entry === undefined ? undefined : mergeEntry(old, entry);
    return {
      text:
        now === undefined
          ? withoutMember(text, container, ENTRY_NAME)
          : isSame(old, now)
            ? text
            : withMember(text, container, ENTRY_NAME, now),
      lines: diffLines(show(old), show(now)),
    };
  } catch (error) {
    if (!(error instanceof JsonTextError || error instanceof JsonShapeError)) throw error;
    throw new ConfigurationError(
      error instanceof JsonTextError
        ? `${before.path} is not valid JSON. ${error.message}`
        : `${before.path} cannot be used: ${error.message}`,
      'Nothing was changed. Repair the file, or move it away, and run setup again.',
    );
  }
}

function isSame(old: unknown, now: unknown): boolean {
  return JSON.stringify(old) === JSON.stringify(now);
}

function show(value: unknown): string {
  return value === undefined ? '' : `"${ENTRY_NAME}": ${JSON.stringify(value, null, 2)}`;
}

function notDone({ print }: SetupEdge, line: string): number {
  print(line);
  return 1;
}
