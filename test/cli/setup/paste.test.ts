import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Place } from '../../../src/cli/setup/host-apps.ts';
import { pasteLines } from '../../../src/cli/setup/paste.ts';

const awkward = {
  command: '/opt/my node/node',
  args: ['/home/o’neil/it\'s "here"/index.js', '$HOME', 'a&b', '*', ''],
  env: { ARKEO_USER_NAME: "O'Neil `ls`" },
};
const posix: Place = { platform: process.platform, env: {}, home: '/home/ada', claudePackages: [] };
const windows: Place = { ...posix, platform: 'win32', home: 'C:\\Users\\ada' };

/** What a program is given when a shell reads the line, its name left out. */
function wordsOf(line: string): string[] {
  const [program, ...rest] = line.split(' ');
  expect(['claude', 'code']).toContain(program);
  const echo = 'console.log(JSON.stringify(process.argv.slice(1)))';
  const shell = ['-c', `"$0" -e '${echo}' -- ${rest.join(' ')}`, process.execPath];
  return JSON.parse(execFileSync('sh', shell, { encoding: 'utf8' })) as string[];
}

describe('what is shown to paste', () => {
  it.skipIf(process.platform === 'win32')(
    'goes through a shell as it is meant (skipped on Windows, which has another)',
    () => {
      const added = wordsOf(pasteLines('claude-code', awkward, posix).at(-1) ?? '');
      expect(added).toEqual([
        'mcp',
        'add',
        '--scope',
        'user',
        'arkeo',
        '--env',
        "ARKEO_USER_NAME=O'Neil `ls`",
        '--',
        awkward.command,
        ...awkward.args,
      ]);
      const [option, json] = wordsOf(pasteLines('vscode', awkward, posix)[2] ?? '');
      expect([option, JSON.parse(json ?? '')]).toEqual(['--add-mcp', { name: 'arkeo', ...awkward }]);
    },
  );

  it('is quoted for Windows as its programs read a command line', () => {
    const entry = {
      command: 'C:\\Program Files\\nodejs\\node.exe',
      args: ['C:\\arkeo-mcp\\dist\\index.js'],
      env: { ARKEO_DATA_DIR: 'D:\\my data\\' },
    };
    expect(pasteLines('claude-code', entry, windows).at(-1)).toBe(
      'claude mcp add --scope user arkeo --env "ARKEO_DATA_DIR=D:\\my data\\\\" -- "C:\\Program Files\\nodejs\\node.exe" C:\\arkeo-mcp\\dist\\index.js',
    );
    expect(pasteLines('vscode', { ...entry, args: [] }, windows)[2]).toBe(
      'code --add-mcp "{\\"name\\":\\"arkeo\\",\\"command\\":\\"C:\\\\Program Files\\\\nodejs\\\\node.exe\\",\\"args\\":[],\\"env\\":{\\"ARKEO_DATA_DIR\\":\\"D:\\\\my data\\\\\\\\\\"}}"',
    );
  });

  it.each([
    ['vscode', 'servers', { type: 'stdio', ...awkward }],
    ['cursor', 'mcpServers', awkward],
  ] as const)('is, for %s, the JSON that it reads', (app, container, entry) => {
    const lines = pasteLines(app, awkward, posix);
    expect(JSON.parse(lines.slice(lines.indexOf('{')).join('\n'))).toEqual({ [container]: { arkeo: entry } });
  });
});
