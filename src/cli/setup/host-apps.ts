import path from 'node:path';
import type { HostApp } from '../../vocabulary.ts';

/** The name of our entry in every host. */
export const ENTRY_NAME = 'arkeo';

export interface Place {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  /** Home folder of the user who runs the program. */
  home: string;
  /**
   * Names of the folders in %LOCALAPPDATA%\Packages that begin with "Claude_"; empty on all systems but
   * Windows.
   */
  claudePackages: readonly string[];
}

export interface HostAppDescription {
  title: string;
  /** Name of the member that holds the servers in the app's configuration. */
  container: 'mcpServers' | 'servers';
  /** Absolute paths at which the app's configuration may be, the likeliest first. */
  files: (place: Place) => string[];
}

export const hostApps: Record<HostApp, HostAppDescription> = {
  'claude-desktop': { title: 'Claude Desktop', container: 'mcpServers', files: claudeDesktopFiles },
  'claude-code': {
    title: 'Claude Code',
    container: 'mcpServers',
    files: ({ platform, home }) => [join(platform, home, '.claude.json')],
  },
  vscode: {
    title: 'VS Code',
    container: 'servers',
    files: (place) => [join(place.platform, applicationData(place), 'Code', 'User', 'mcp.json')],
  },
  cursor: {
    title: 'Cursor',
    container: 'mcpServers',
    files: ({ platform, home }) => [join(platform, home, '.cursor', 'mcp.json')],
  },
};

/**
 * On Windows the installer and the Store deliver an MSIX package, which reads a folder of its own in place of
 * %APPDATA%; older installations read from %APPDATA% itself.
 */
function claudeDesktopFiles(place: Place): string[] {
  const { platform, env, home, claudePackages } = place;
  const file = ['Claude', 'claude_desktop_config.json'];
  const local = set(env['LOCALAPPDATA']) ?? join(platform, home, 'AppData', 'Local');
  return [
    ...(platform === 'win32'
      ? claudePackages.map((name) =>
          join(platform, local, 'Packages', name, 'LocalCache', 'Roaming', ...file),
        )
      : []),
    join(platform, applicationData(place), ...file),
  ];
}

/** Settings folder of Electron programs. */
function applicationData({ platform, env, home }: Place): string {
  if (platform === 'win32') return set(env['APPDATA']) ?? join(platform, home, 'AppData', 'Roaming');
  if (platform === 'darwin') return join(platform, home, 'Library', 'Application Support');
  const xdg = set(env['XDG_CONFIG_HOME']);
  return xdg !== undefined && path.posix.isAbsolute(xdg) ? xdg : join(platform, home, '.config');
}

function set(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

/** Path functions of the given platform, which need not be the one this runs on. */
export function pathsOf(platform: NodeJS.Platform): path.PlatformPath {
  return platform === 'win32' ? path.win32 : path.posix;
}

function join(platform: NodeJS.Platform, ...parts: string[]): string {
  return pathsOf(platform).join(...parts);
}
