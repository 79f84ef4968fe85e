import path from 'node:path';

export interface DataFolderSource {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  /** The home folder of whoever runs the program. */
  home: string;
}

/** The data folder where none is given: where people look for documents on Windows, the system's custom elsewhere. */
export function defaultDataFolder({ platform, env, home }: DataFolderSource): string {
  if (platform === 'win32') {
    const profile = env['USERPROFILE'];
    return path.win32.join(
      profile === undefined || profile === '' ? home : profile,
      'Documents',
      'arkeo-mcp',
    );
  }
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Application Support', 'arkeo-mcp');
  const xdg = env['XDG_DATA_HOME'];
  // The XDG specification: a relative path is invalid and to be ignored.
  const base =
    xdg !== undefined && path.posix.isAbsolute(xdg) ? xdg : path.posix.join(home, '.local', 'share');
  return path.posix.join(base, 'arkeo-mcp');
}
