import { expect, it } from 'vitest';
import { defaultDataFolder, type DataFolderSource } from '../../src/cli/data-folder.ts';

it.each<[NodeJS.Platform, DataFolderSource['env'], string, string]>([
  ['win32', { USERPROFILE: 'D:\\Users\\ada' }, 'C:\\Users\\ada', 'D:\\Users\\ada\\Documents\\arkeo-mcp'],
  ['win32', {}, 'C:\\Users\\ada', 'C:\\Users\\ada\\Documents\\arkeo-mcp'],
  [
    'win32',
    { USERPROFILE: '', XDG_DATA_HOME: '/x' },
    'C:\\Users\\ada',
    'C:\\Users\\ada\\Documents\\arkeo-mcp',
  ],
  ['darwin', { XDG_DATA_HOME: '/x' }, '/Users/ada', '/Users/ada/Library/Application Support/arkeo-mcp'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/home/ada', '/data/arkeo-mcp'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ada', '/home/ada/.local/share/arkeo-mcp'],
  ['linux', { XDG_DATA_HOME: '' }, '/home/ada', '/home/ada/.local/share/arkeo-mcp'],
  ['freebsd', {}, '/home/ada', '/home/ada/.local/share/arkeo-mcp'],
])('on %s with %j of %s is %s', (platform, env, home, expected) => {
  expect(defaultDataFolder({ platform, env, home })).toBe(expected);
});
