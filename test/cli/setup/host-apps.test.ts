import { describe, expect, it } from 'vitest';
import { hostApps, type Place } from '../../../src/cli/setup/host-apps.ts';

const windows: Place = {
  platform: 'win32',
  env: { APPDATA: 'C:\\Users\\ada\\AppData\\Roaming', LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' },
  home: 'C:\\Users\\ada',
  claudePackages: [],
};
const mac: Place = { platform: 'darwin', env: {}, home: '/Users/ada', claudePackages: [] };
const linux: Place = { platform: 'linux', env: {}, home: '/home/ada', claudePackages: [] };

describe('configurations of MCP hosts', () => {
  it.each([
    ['claude-desktop', windows, ['C:\\Users\\ada\\AppData\\Roaming\\Claude\\claude_desktop_config.json']],
    ['claude-desktop', mac, ['/Users/ada/Library/Application Support/Claude/claude_desktop_config.json']],
    ['claude-desktop', linux, ['/home/ada/.config/Claude/claude_desktop_config.json']],
    ['claude-code', windows, ['C:\\Users\\ada\\.claude.json']],
    ['claude-code', linux, ['/home/ada/.claude.json']],
    ['vscode', windows, ['C:\\Users\\ada\\AppData\\Roaming\\Code\\User\\mcp.json']],
    ['vscode', mac, ['/Users/ada/Library/Application Support/Code/User/mcp.json']],
    ['vscode', linux, ['/home/ada/.config/Code/User/mcp.json']],
    ['cursor', windows, ['C:\\Users\\ada\\.cursor\\mcp.json']],
    ['cursor', mac, ['/Users/ada/.cursor/mcp.json']],
  ] as const)('%s on %o', (app, place, files) => {
    expect(hostApps[app].files(place)).toEqual(files);
  });

  it('has the packaged Claude Desktop of Windows first', () => {
    const packaged = { ...windows, claudePackages: ['Claude_pzs8sxrjxfjjc'] };
    expect(hostApps['claude-desktop'].files(packaged)).toEqual([
      'C:\\Users\\ada\\AppData\\Local\\Packages\\Claude_pzs8sxrjxfjjc\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json',
      'C:\\Users\\ada\\AppData\\Roaming\\Claude\\claude_desktop_config.json',
    ]);
  });

  it('does without variables, and takes the one of Linux', () => {
    const bare = { ...windows, env: {} };
    expect(hostApps['claude-desktop'].files(bare)).toEqual(hostApps['claude-desktop'].files(windows));
    const moved = { ...linux, env: { XDG_CONFIG_HOME: '/data/config' } };
    expect(hostApps['claude-desktop'].files(moved)).toEqual([
      '/data/config/Claude/claude_desktop_config.json',
    ]);
    const relative = { ...linux, env: { XDG_CONFIG_HOME: 'config' } };
    expect(hostApps['claude-desktop'].files(relative)).toEqual(hostApps['claude-desktop'].files(linux));
  });
});
