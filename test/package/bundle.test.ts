import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { getMcpConfigForManifest, type McpbManifestAny, unpackExtension } from '@anthropic-ai/mcpb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { measureAndPlot, ROOT, script, startInstalled } from './installed.ts';
import { tools } from '../helpers/all-in-one.ts';

type Settings = Record<string, string | number | boolean>;

// Outside the project, so that nothing comes from its node_modules.
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'arkeo mcp bundle-')));
const unpacked = path.join(folder, 'unpacked');
const archive = path.join(folder, 'arkeo-mcp.mcpb');
let manifest: McpbManifestAny;

beforeAll(async () => {
  script('pack-mcpb.ts', [archive]);
  const done = await unpackExtension({ mcpbPath: archive, outputDir: unpacked, silent: true });
  if (!done) throw new Error('the bundle could not be unpacked');
  manifest = JSON.parse(readFileSync(path.join(unpacked, 'manifest.json'), 'utf8'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The server as a host starts it that has these settings from its user. */
async function start(settings: Settings, leavesPlaceholders = false) {
  const config = leavesPlaceholders
    ? manifest.server.mcp_config
    : await getMcpConfigForManifest({
        manifest,
        extensionPath: unpacked,
        systemDirs: { HOME: homedir() },
        userConfig: settings,
        pathSeparator: path.sep,
      });
  const args = (config?.args ?? []).map((arg) => arg.replace('${__dirname}', unpacked));
  const env = config?.env ?? {};
  const client = await startInstalled({
    command: config?.command === 'node' ? process.execPath : '',
    args,
    env: { ...env, ARKEO_SIMULATOR_SPEED: '20' },
    cwd: folder,
  });
  return { client, env };
}

const named = z.array(z.looseObject({ name: z.string() }));

// Packing takes a while where much else runs.
describe('the bundle', { timeout: 120_000 }, () => {
  test('holds what it runs with, and nothing else', () => {
    expect(readdirSync(unpacked).sort()).toEqual([
      'LICENSE',
      'dist',
      'icon.png',
      'manifest.json',
      'package.json',
    ]);
    const programs = readdirSync(path.join(unpacked, 'dist')).filter((name) => name.endsWith('.js'));
    const text = programs.map((name) => readFileSync(path.join(unpacked, 'dist', name), 'utf8')).join('\n');
    for (const name of readdirSync(path.join(unpacked, 'dist')))
      expect(name === 'index.js' || name === 'THIRD-PARTY-LICENSES.txt' || text.includes(name), name).toBe(
        true,
      );
    const icon = readFileSync(path.join(unpacked, 'icon.png'));
    expect([icon.readUInt32BE(16), icon.readUInt32BE(20)]).toEqual([512, 512]);
  });

  test('is the same, byte for byte, when it is packed again', () => {
    const again = path.join(folder, 'again.mcpb');
    script('pack-mcpb.ts', [again]);
    expect(readFileSync(again).equals(readFileSync(archive))).toBe(true);
  });

  test('offers every tool with the settings as they come', async () => {
    const { client, env } = await start({});
    expect(env).toMatchObject({ ARKEO_HOST: '127.0.0.1', ARKEO_PORT: '6360', ARKEO_SIMULATOR: 'false' });
    expect(Object.values(env).join('')).not.toContain('${');
    const names = named.parse((await client.listTools()).tools).map(({ name }) => name);
    expect(names).toEqual(tools.map(({ name }) => name));
    expect(manifest.tools?.map(({ name }) => name)).toEqual(names);
    expect(client.getInstructions()).not.toContain('SIMULATED');
    await client.close();
  });

  test('measures and draws with what is inside', async () => {
    const dataDir = path.join(folder, 'my measurements');
    mkdirSync(dataDir);
    const { client } = await start({
      simulator: true,
      dataDir,
      port: 6361,
      limits: path.join(ROOT, 'limits.example.json'),
      allow: 'laser, uv',
    });
    expect(client.getInstructions()).toContain('SIMULATED');
    expect(await measureAndPlot(client)).toBe('PNG');
    await client.close();
    expect(readdirSync(dataDir)).not.toEqual([]);
  });

  test('offers only tools that look and switch off when it is set to read only', async () => {
    const { client } = await start({ readOnly: true, simulator: true });
    const names = named.parse((await client.listTools()).tools).map(({ name }) => name);
    expect(names).toContain('safe_shutdown');
    expect(names).not.toContain('measure_jv');
    await client.close();
  });

  test('takes settings that the host left as placeholders for unset', async () => {
    const { client, env } = await start({}, true);
    expect(env['ARKEO_PORT']).toBe('${user_config.port}');
    expect((await client.listTools()).tools).toHaveLength(tools.length);
    await client.close();
  });
});
