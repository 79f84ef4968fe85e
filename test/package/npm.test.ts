import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { copyFile, copyProgram } from '../../scripts/package/stage.ts';
import { measureAndPlot, npm, startInstalled } from './installed.ts';

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'arkeo-mcp-package-')));
const packed = path.join(folder, 'packed');
const user = path.join(folder, 'user');
const program = path.join(user, 'node_modules', 'arkeo-mcp', 'dist', 'index.js');
const tarball = `arkeo-mcp-${manifest.version}.tgz`;

beforeAll(() => {
  // Packed elsewhere: the tests beside this one run from dist/, which packing builds anew.
  for (const own of [packed, user]) mkdirSync(own);
  copyProgram(packed);
  for (const file of ['package.json', 'README.md', 'LICENSE', ...manifest.files])
    if (file !== 'dist') copyFile(file, packed);
  npm(['pack', '--ignore-scripts', '--pack-destination=../user'], packed);
  npm(['install', '--ignore-scripts', `./${tarball}`], user);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// npm takes a while where much else runs.
describe('the npm package', { timeout: 120_000 }, () => {
  test('brings nothing else with it', () => {
    expect(readdirSync(path.join(user, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'arkeo-mcp',
    ]);
  });

  test('runs by its name', () => {
    expect(npm(['exec', '--', 'arkeo-mcp', '--version'], user).trim()).toBe(manifest.version);
    expect(npm(['exec', '--', 'arkeo-mcp', '--help'], user)).toContain('--simulator');
  });

  test('runs by npx where it is not installed', () => {
    const away = path.join(folder, 'away');
    mkdirSync(away);
    const said = npm(['exec', '--yes', `--package=../user/${tarball}`, '--', 'arkeo-mcp', '--version'], away);
    expect(said.trim()).toBe(manifest.version);
  });

  test('measures and draws', async () => {
    const client = await startInstalled({
      command: process.execPath,
      args: [program, '--simulator', '--simulator-speed', '20', '--data-dir', path.join(folder, 'data')],
      env: {},
      cwd: user,
    });
    expect(await measureAndPlot(client)).toBe('PNG');
    await client.close();
  });
});
