import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import manifest from '../../../package.json' with { type: 'json' };
import { type Entry, entrySchema } from '../../../src/cli/setup/entry.ts';
import { closesAfterEach } from '../../helpers/open.ts';
import { BIN, cleanEnvironment, run, type Finished } from '../../helpers/server.ts';
import { homes, type Home } from './home.ts';

const newHome = homes();
const opened = closesAfterEach();

const setup = (home: Home, ...args: string[]): Promise<Finished> =>
  run(['setup', ...args], home.environment).finished;
const writing = (home: Home, ...args: string[]): Promise<Finished> =>
  setup(home, '--for', 'claude-desktop', '--yes', ...args);
const configuration = z.looseObject({ mcpServers: z.looseObject({ arkeo: entrySchema }) });
const entryOf = (home: Home): Entry =>
  configuration.parse(JSON.parse(home.read().replace('\uFEFF', ''))).mcpServers.arkeo;

describe('arkeo-mcp setup', () => {
  it('writes an entry with which a host starts the server', async () => {
    const home = newHome();
    const { code, stdout, stderr } = await writing(home, '--simulator', '--data-dir', home.folder);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/Written\.\n.*start it again/);
    expect(home.names()).toEqual([path.basename(home.config)]);
    const { command, args, env } = entryOf(home);
    expect(command).toBe(process.execPath);
    expect(args).toEqual([BIN]);
    // A host that is started from the desktop: hardly a variable, and another folder.
    const transport = new StdioClientTransport({ command, args, env, cwd: home.folder, stderr: 'ignore' });
    const client = opened(new Client({ name: 'host', version: '1.0.0' }));
    await client.connect(transport);
    const { content } = await client.callTool({ name: 'instrument_status' });
    expect(JSON.stringify(content)).toMatch(/simulat/i);
  });

  it('puts the options into the entry, files by absolute path', async () => {
    const home = newHome();
    const args = ['--host', '192.0.2.20', '--port', '6361', '--read-only', '--user-name', 'Ada L'];
    const { code, stderr } = await writing(home, ...args, '--log-file', 'arkeo.log');
    expect(code, stderr).toBe(0);
    expect(entryOf(home).env).toEqual({
      ARKEO_HOST: '192.0.2.20',
      ARKEO_PORT: '6361',
      ARKEO_READ_ONLY: 'true',
      ARKEO_USER_NAME: 'Ada L',
      ARKEO_LOG_FILE: path.resolve('arkeo.log'),
    });
  });

  it('keeps everything else of the file, byte order mark and line endings too, and a copy of it', async () => {
    const home = newHome();
    const before =
      '\uFEFF{\r\n    "theme" : "dark",\r\n    "mcpServers": {\r\n        "other": {"command": "x"}\r\n    },\r\n    "n": 1.50\r\n}\r\n';
    home.write(before);
    expect((await writing(home, '--simulator')).code).toBe(0);
    const after = home.read();
    expect(after).toMatch(/^\uFEFF\{\r\n {4}"theme" : "dark",\r\n/);
    expect(after).toMatch(/\r\n {4}\},\r\n {4}"n": 1\.50\r\n\}\r\n$/);
    expect(after).not.toMatch(/(?<!\r)\n/);
    const [, backup] = home.names();
    expect(backup).toMatch(/^claude_desktop_config\.json\.\d{4}-\d\d-\d\dT[\d-]+Z\.bak$/);
    expect(readFileSync(path.join(path.dirname(home.config), backup ?? ''), 'utf8')).toBe(before);

    expect((await writing(home, '--remove')).code).toBe(0);
    expect(home.read()).toBe(before);
  });

  it('writes nothing where nothing changes', async () => {
    const home = newHome();
    await writing(home, '--simulator');
    const { mtimeMs } = statSync(home.config);
    const { code, stdout } = await writing(home, '--simulator');
    expect(code).toBe(0);
    expect(stdout).toMatch(/has this entry already/);
    expect([home.names().length, statSync(home.config).mtimeMs]).toEqual([1, mtimeMs]);
    const none = newHome();
    expect(await writing(none, '--remove')).toMatchObject({ code: 0 });
    expect(none.names()).toEqual([]);
  });

  it('shows what changes, and without a terminal and --yes leaves it at that', async () => {
    const home = newHome();
    await writing(home, '--host', 'lab-pc');
    const before = home.read();
    const { code, stdout } = await setup(home, '--simulator');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}- +"ARKEO_HOST": "lab-pc"\n {2}\+ +"ARKEO_SIMULATOR": "true"$/m);
    expect(stdout).toMatch(/Nothing was written: .*--yes/);
    expect(stdout).toMatch(/^ {2}claude mcp add --scope user arkeo --env ARKEO_SIMULATOR=true -- /m);
    expect(stdout).toMatch(/^ {2}code --add-mcp /m);
    expect(stdout).toMatch(/\.cursor.mcp\.json:/);
    expect(home.read()).toBe(before);
    expect(home.names()).toHaveLength(1);
  });

  it.each([
    ['{"mcpServers": {},}', /not valid JSON\. line 1, column 19/],
    ['{"mcpServers": []}', /"mcpServers" is \[\], not an object/],
    [new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), /not text in UTF-8/],
  ])('refuses a file with %j, and leaves it as it is', async (content, message) => {
    const home = newHome();
    home.write(content);
    const { code, stderr } = await writing(home, '--simulator');
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(readFileSync(home.config)).toEqual(Buffer.from(content));
    expect(home.names()).toHaveLength(1);
  });

  it('leaves a read-only file alone', async () => {
    const home = newHome();
    home.write('{}');
    chmodSync(home.config, 0o444);
    const { code, stderr } = await writing(home, '--simulator');
    chmodSync(home.config, 0o644);
    expect(code).toBe(1);
    expect(stderr).toMatch(/is read-only\nNothing was changed/);
    expect([home.read(), home.names().length]).toEqual(['{}', 1]);
  });

  it.skipIf(process.platform === 'win32')(
    'keeps a link a link, and the rights of the file (skipped on Windows: links need rights, and rights differ)',
    async () => {
      const home = newHome();
      const real = path.join(home.folder, 'dotfiles.json');
      writeFileSync(real, '{}\n', { mode: 0o640 });
      symlinkSync(real, home.config);
      expect((await writing(home, '--simulator')).code).toBe(0);
      expect(entryOf(home).env).toEqual({ ARKEO_SIMULATOR: 'true' });
      expect(statSync(real).mode & 0o777).toBe(0o640);
      expect(home.names()).toEqual([path.basename(home.config)]);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'writes where a link leads whose file is not there yet (links need rights on Windows)',
    async () => {
      const home = newHome();
      const real = path.join(home.folder, 'dotfiles.json');
      symlinkSync(real, home.config);
      expect((await writing(home, '--simulator')).code).toBe(0);
      expect(entryOf(home).env).toEqual({ ARKEO_SIMULATOR: 'true' });
      expect(JSON.parse(readFileSync(real, 'utf8'))).toHaveProperty('mcpServers.arkeo');
    },
  );

  it('takes an empty file as one without entries, and keeps a copy', async () => {
    const home = newHome();
    writeFileSync(home.config, '');
    expect((await writing(home, '--simulator')).code).toBe(0);
    expect(entryOf(home).env).toEqual({ ARKEO_SIMULATOR: 'true' });
    expect(home.names()).toHaveLength(2);
  });

  it('says where it looked for a Claude Desktop that is not there', async () => {
    const home = newHome();
    const elsewhere = {
      ...home,
      environment: { ...home.environment, APPDATA: '/no', HOME: path.join(home.folder, 'x') },
    };
    const asked = await setup(elsewhere, '--simulator', '--for', 'claude-desktop', '--yes');
    expect(asked.code).toBe(1);
    expect(asked.stdout).toMatch(/not found: start it once/);
    const others = await setup(elsewhere, '--simulator');
    expect(others.code).toBe(0);
    expect(others.stdout).toMatch(/claude mcp add/);
  });

  it.each([
    [[], /which instrument is meant\nAdd --simulator, or --host/],
    [['--simulator', '--for', 'emacs'], /--for/],
    [['--simulator', '--port', 'x'], /--port \(ARKEO_PORT\) cannot be "x"/],
    [['--simulator', '--limits', 'no-such.json'], /limits file .*no-such\.json cannot be read/],
    [['--simulator', '--exclude-tools', 'measure_all'], /there is no tool measure_all/],
    [['--simulator', '--prot', '1'], /unknown option '--prot'/],
  ])('refuses %j before anything else', async (args, message) => {
    const home = newHome();
    const { code, stderr, stdout } = await setup(home, '--yes', ...args);
    expect([code, stdout, home.names()]).toEqual([1, '', []]);
    expect(stderr).toMatch(message);
  });

  it('run by npx, writes an entry that asks npx for the same version', async () => {
    const home = newHome();
    const unpacked = path.join(home.folder, '_npx', '1234', 'node_modules', 'arkeo-mcp', 'dist');
    mkdirSync(path.dirname(unpacked), { recursive: true });
    cpSync(path.dirname(BIN), unpacked, { recursive: true });
    const npm = path.join(home.folder, 'npm-cli.js');
    writeFileSync(path.join(home.folder, 'npx-cli.js'), '');
    const args = [path.join(unpacked, 'index.js'), 'setup', '--simulator', '--yes'];
    const env = cleanEnvironment({ ...home.environment, npm_execpath: npm });
    expect(spawnSync(process.execPath, args, { env }).status).toBe(0);
    expect(entryOf(home)).toMatchObject({
      command: process.execPath,
      args: [path.join(home.folder, 'npx-cli.js'), '-y', `arkeo-mcp@${manifest.version}`],
    });
  });
});

const script = spawnSync('script', ['--version']);
const noTerminal = !String(script.stdout).includes('util-linux');

describe.skipIf(noTerminal)('at a terminal (skipped where there is no script of util-linux)', () => {
  /** Answers each question as it is asked. What is typed before goes to a terminal that is not listening yet. */
  async function talk(home: Home, args: string[], answers: [RegExp, string][]): Promise<Finished> {
    const command = [process.execPath, BIN, 'setup', '--for', 'claude-desktop', ...args].join(' ');
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: cleanEnvironment(home.environment),
    });
    let stdout = '';
    const left = [...answers];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const next = left[0];
      if (next === undefined || !next[0].test(stdout)) return;
      left.shift();
      child.stdin.write(next[1]);
    });
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    expect(left, stdout).toEqual([]);
    return { code, stdout, stderr: '' };
  }

  it('asks for the instrument, proposes to look only, and writes after a yes', async () => {
    const home = newHome();
    const { code, stdout } = await talk(
      home,
      [],
      [
        [/Name or IP address/, '192.0.2.20\r'],
        [/read-only\)\? \[Y\/n\]/, '\r'],
        [/Write this\? \[y\/N\]/, 'y\r'],
      ],
    );
    expect(code, stdout).toBe(0);
    expect(entryOf(home).env).toEqual({ ARKEO_HOST: '192.0.2.20', ARKEO_READ_ONLY: 'true' });
  });

  it('takes Enter for the simulator', async () => {
    const home = newHome();
    await talk(
      home,
      [],
      [
        [/Name or IP address/, '\r'],
        [/Write this/, 'yes\r'],
      ],
    );
    expect(entryOf(home).env).toEqual({ ARKEO_SIMULATOR: 'true' });
  });

  it.each([
    ['no', 'n\r'],
    ['Enter', '\r'],
    ['Ctrl+D', '\u0004'],
    ['Ctrl+C', '\u0003'],
  ])('writes nothing after %s', async (_, answer) => {
    const home = newHome();
    const { code, stdout } = await talk(home, ['--simulator'], [[/Write this/, answer]]);
    expect(code, stdout).toBe(1);
    expect(stdout).toMatch(/Nothing was written/);
    expect(home.names()).toEqual([]);
  });
});
