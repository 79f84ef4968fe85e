import { describe, expect, it } from 'vitest';
import { launchOf, mergeEntry, type Started } from '../../../src/cli/setup/entry.ts';

const installed: Started = {
  platform: 'linux',
  env: { npm_execpath: '/usr/lib/node_modules/npm/bin/npm-cli.js' },
  node: '/home/ada/.nvm/versions/node/v22.1.0/bin/node',
  script: '/home/ada/arkeo-mcp/dist/index.js',
  spec: 'arkeo-mcp@1.2.3',
  exists: (file) => file === '/usr/lib/node_modules/npm/bin/npx-cli.js',
};
const byNpx: Started = {
  ...installed,
  script: '/home/ada/.npm/_npx/1234/node_modules/arkeo-mcp/dist/index.js',
};
const byNpxOnWindows: Started = {
  ...byNpx,
  platform: 'win32',
  env: { npm_execpath: 'C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-cli.js' },
  node: 'C:\\Program Files\\nodejs\\node.exe',
  script: 'C:\\Users\\ada\\AppData\\Local\\npm-cache\\_npx\\1234\\node_modules\\arkeo-mcp\\dist\\index.js',
  exists: () => true,
};

describe('what a host starts', () => {
  it('an installed or cloned program: Node and it, by absolute path', () => {
    expect(launchOf(installed)).toEqual({
      command: installed.node,
      args: [installed.script],
      env: {},
    });
  });

  it('unpacked by npx: npx again, by absolute path, and a PATH in which its shell finds Node', () => {
    expect(launchOf(byNpx)).toEqual({
      command: byNpx.node,
      args: ['/usr/lib/node_modules/npm/bin/npx-cli.js', '-y', 'arkeo-mcp@1.2.3'],
      env: { PATH: '/home/ada/.nvm/versions/node/v22.1.0/bin:/usr/local/bin:/usr/bin:/bin' },
    });
    expect(launchOf(byNpxOnWindows)).toEqual({
      command: byNpxOnWindows.node,
      args: ['C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npx-cli.js', '-y', 'arkeo-mcp@1.2.3'],
      env: {},
    });
  });

  it('where npm does not say where it is, npx by name, which on Windows only cmd starts', () => {
    expect(launchOf({ ...byNpx, env: {} })).toMatchObject({
      command: 'npx',
      args: ['-y', 'arkeo-mcp@1.2.3'],
    });
    expect(launchOf({ ...byNpxOnWindows, env: {} })).toMatchObject({
      command: 'cmd',
      args: ['/c', 'npx', '-y', 'arkeo-mcp@1.2.3'],
    });
  });

  it('Homebrew’s Node by the link that outlasts an upgrade', () => {
    const node = '/opt/homebrew/Cellar/node@22/22.1.0/bin/node';
    const lasting = '/opt/homebrew/opt/node@22/bin/node';
    const brewed = { ...installed, node, exists: (file: string) => file === lasting };
    expect(launchOf(brewed).command).toBe(lasting);
    expect(launchOf({ ...brewed, exists: () => false }).command).toBe(node);
  });
});

describe('an entry in the place of another', () => {
  const entry = { command: 'node', args: ['index.js'], env: { ARKEO_SIMULATOR: 'true' } };

  it('keeps what is not about how we are started', () => {
    const old = {
      command: 'old',
      disabled: true,
      env: { ARKEO_HOST: 'lab', PATH: '/old', NODE_EXTRA_CA_CERTS: '/ca.pem', odd: 1 },
    };
    expect(mergeEntry(old, entry)).toEqual({
      ...entry,
      disabled: true,
      env: { NODE_EXTRA_CA_CERTS: '/ca.pem', ARKEO_SIMULATOR: 'true' },
    });
  });

  it.each([undefined, null, 'text', { env: 'text' }])('in the place of %j', (old) => {
    expect(mergeEntry(old, entry)).toEqual(entry);
  });
});
