import type { HostApp } from '../../vocabulary.ts';
import type { Entry } from './entry.ts';
import { ENTRY_NAME, hostApps, type Place } from './host-apps.ts';

/** Lines to paste, or to type, for a host whose configuration `setup` does not write. */
export function pasteLines(app: HostApp, entry: Entry, place: Place): string[] {
  const { container, files } = hostApps[app];
  const { platform } = place;
  const { command, args, env } = entry;
  if (app === 'claude-code') {
    // The name comes first: --env takes everything up to the next option.
    const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
    const words = ['mcp', 'add', '--scope', 'user', ENTRY_NAME, ...variables, '--', command, ...args];
    return [`In ${shellOf(platform)}:`, '', commandLine(platform, 'claude', words)];
  }
  if (app === 'vscode') {
    const server = { name: ENTRY_NAME, command, args, env };
    return [
      `In ${shellOf(platform)}:`,
      '',
      commandLine(platform, 'code', ['--add-mcp', JSON.stringify(server)]),
      '',
      `or in ${files(place)[0]}, or .vscode/mcp.json of a project:`,
      '',
      ...document(container, { type: 'stdio', ...entry }),
    ];
  }
  return [`In ${files(place)[0]}:`, '', ...document(container, entry)];
}

/** Lines that explain how to remove the entry from a host whose configuration `setup` does not write. */
export function removalLines(app: HostApp, place: Place): string[] {
  const { container, files } = hostApps[app];
  if (app === 'claude-code')
    return [`In ${shellOf(place.platform)}:`, '', `claude mcp remove --scope user ${ENTRY_NAME}`];
  return [`Take "${ENTRY_NAME}" out of "${container}" in ${files(place)[0]}.`];
}

function document(container: string, entry: unknown): string[] {
  return JSON.stringify({ [container]: { [ENTRY_NAME]: entry } }, null, 2).split('\n');
}

function shellOf(platform: NodeJS.Platform): string {
  return platform === 'win32' ? 'a Command Prompt (cmd, not PowerShell)' : 'a terminal';
}

function commandLine(platform: NodeJS.Platform, program: string, words: readonly string[]): string {
  const quote = platform === 'win32' ? quoteForWindows : quoteForShell;
  return [program, ...words.map(quote)].join(' ');
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Quotes an argument for programs on Windows: backslashes count only before a quote. */
function quoteForWindows(word: string): string {
  if (/^[\w@+=:,./\\-]+$/.test(word)) return word;
  return `"${word.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&')}"`;
}
