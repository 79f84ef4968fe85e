import path from 'node:path';

export interface DataFolderSource {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  /** Home folder of the user who runs the program. */
  home: string;
}

/** The default data folder: among a person's documents on Windows, in the system's usual place elsewhere. */
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
