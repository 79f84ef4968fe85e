import { pathsOf, type Place } from '../setup/host-apps.ts';

/**
 * Path of a command: the command itself if it is a path, or its place in the PATH; undefined if there is none.
 */
export function findCommand(
  command: string,
  { platform, env }: Pick<Place, 'platform' | 'env'>,
  exists: (file: string) => boolean,
): string | undefined {
  const paths = pathsOf(platform);
  const endings = platform === 'win32' ? ['', ...(env['PATHEXT'] ?? '.EXE;.CMD').split(';')] : [''];
  const isPath = command.includes('/') || (platform === 'win32' && command.includes('\\'));
  if (isPath) return endings.some((ending) => exists(command + ending)) ? command : undefined;
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(paths.delimiter).filter((folder) => folder !== '');
  return folders
    .flatMap((folder) => endings.map((ending) => paths.join(folder, command + ending)))
    .find(exists);
}
