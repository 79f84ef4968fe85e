import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCommand } from '../../src/cli/doctor/find-command.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { BIN, type Finished, run } from '../helpers/server.ts';
import { type Home, homes } from './setup/home.ts';

const opened = closesAfterEach();
const newHome = homes();

const doctor = (home: Home, ...args: string[]): Promise<Finished> =>
  run(['doctor', ...args], home.environment).finished;
const sound = { command: process.execPath, args: [BIN], env: { ARKEO_SIMULATOR: 'true' } };
const withEntry = (entry: unknown): Home => {
  const home = newHome();
  home.write(JSON.stringify({ mcpServers: { arkeo: entry } }));
  return home;
};

describe('doctor looks at the entries of MCP hosts', () => {
  it('that setup has written, and checks the instrument they name', async () => {
    const home = newHome();
    const args = ['setup', '--simulator', '--read-only', '--for', 'claude-desktop', '--yes'];
    expect((await run(args, home.environment).finished).code).toBe(0);
    const { code, stdout } = await doctor(home);
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/Checking the built-in simulator, which Claude Desktop is set up for/);
    expect(stdout).toMatch(/^ok +Claude Desktop +operates the built-in simulator, read-only$/m);
    expect(stdout).toMatch(/All well/);
  });

  it('but checks the instrument that options name', async () => {
    const simulator = opened(await startSimulator());
    const { stdout } = await doctor(withEntry(sound), '--port', String(simulator.port));
    expect(stdout).toMatch(/operates the built-in simulator/);
    expect(stdout).toContain(`Checking 127.0.0.1:${simulator.port};`);
  });

  it('with options as arguments, by npx, or of VS Code', async () => {
    const home = withEntry({ command: 'npx', args: ['-y', 'arkeo-mcp@0.1.0', '--simulator', '--read-only'] });
    const user = path.join(path.dirname(home.config), '..', 'Code', 'User');
    mkdirSync(user, { recursive: true });
    const servers = { arkeo: { ...sound, args: [BIN, '--host', 'lab-pc'], env: {} } };
    writeFileSync(path.join(user, 'mcp.json'), JSON.stringify({ servers }));
    const { code, stdout } = await doctor(home);
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/^note +Claude Desktop +npx is .*\n.*whole path/m);
    expect(stdout).toMatch(/^ok +Claude Desktop +operates the built-in simulator, read-only$/m);
    expect(stdout).toMatch(/^ok +VS Code +operates the ARKEO at lab-pc:6360$/m);
  });

  it.each([
    [{ ...sound, command: '/no/such/node' }, /its command \/no\/such\/node does not exist/],
    [{ ...sound, command: 'no-such-command' }, /its command no-such-command does not exist/],
    [{ ...sound, args: ['/gone/dist/index.js'] }, /its program \/gone\/dist\/index\.js does not exist/],
    [{ ...sound, args: [BIN, '--prot', '1'] }, /unknown option '--prot'/],
    [{ ...sound, args: [BIN, 'doctor'] }, /too many arguments/],
    [{ ...sound, env: { ARKEO_READONLY: 'true' } }, /ARKEO_READONLY: there is no such option/],
    [{ ...sound, env: { ARKEO_PORT: '70000' } }, /--port \(ARKEO_PORT\) cannot be "70000"/],
    [{ ...sound, env: { ARKEO_LIMITS: '/no/limits.json' } }, /limits file \/no\/limits\.json cannot be read/],
    [{ ...sound, args: ['--version'] }, /does not start arkeo-mcp/],
    [{ args: [BIN] }, /has no command, args and env as it should/],
  ])('and says what is wrong with %j', async (entry, message) => {
    const { code, stdout } = await doctor(withEntry(entry), '--simulator');
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`^FAILED +Claude Desktop +.*${message.source}.*\\n +→ `, 'm'));
    expect(stdout).toMatch(/The ARKEO answers, and an MCP host cannot start the server like this/);
  });

  it('and at which place a configuration is not JSON', async () => {
    const home = newHome();
    home.write('{\n  "mcpServers": {},\n}');
    const { code, stdout } = await doctor(home, '--simulator');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAILED +Claude Desktop .*line 3, column 1/m);
    expect(home.read()).toBe('{\n  "mcpServers": {},\n}');
  });

  it('and proposes setup where there is none', async () => {
    const { code, stdout } = await doctor(newHome(), '--simulator');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^note +MCP hosts .*\n.*arkeo-mcp setup/m);
  });
});

describe('the command of an entry', () => {
  it('is looked for as Windows does', () => {
    const place = { platform: 'win32', env: { Path: 'C:\\a;C:\\b', PATHEXT: '.EXE;.CMD' } } as const;
    const exists = (file: string): boolean => ['C:\\b\\npx.CMD', 'C:\\node\\node.EXE'].includes(file);
    expect(findCommand('npx', place, exists)).toBe('C:\\b\\npx.CMD');
    expect(findCommand('C:\\node\\node', place, exists)).toBe('C:\\node\\node');
    expect(findCommand('C:\\a\\npx', place, exists)).toBeUndefined();
  });
});
