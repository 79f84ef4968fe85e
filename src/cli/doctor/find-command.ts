import { pathsOf, type Place } from '../setup/host-apps.ts';

/** Where a command is: itself if it is a path, or found in the PATH; undefined where there is none. */
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
