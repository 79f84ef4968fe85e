import * as z from 'zod';
import { pathsOf } from './host-apps.ts';

/** Command with which a host starts a server. Members that we do not know are kept. */
export const entrySchema = z.looseObject({
  command: z.string(),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
});
export type Entry = z.output<typeof entrySchema>;

/** Command with which this program was started. */
export interface Started {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  /** Absolute paths of the running Node and of its dist/index.js. */
  node: string;
  script: string;
  /** Name and version of the package. */
  spec: string;
  exists: (file: string) => boolean;
}

/**
 * Command that a host needs to start this program, with absolute paths only: hosts that are started from the
 * desktop do not know the PATH of a shell.
 */
export function launchOf(started: Started): { command: string; args: string[]; env: Record<string, string> } {
  const { platform, env, script, spec, exists } = started;
  const paths = pathsOf(platform);
  const node = lastingNode(started);
  // npm may delete the files that npx has unpacked at any time, so npx has to be run again.
  if (!/[\\/]_npx[\\/]/.test(script)) return { command: node, args: [script], env: {} };
  const args = ['-y', spec];
  const npx = paths.join(paths.dirname(env['npm_execpath'] ?? ''), 'npx-cli.js');
  if (!paths.isAbsolute(npx) || !exists(npx)) {
    // On Windows npx is a batch file, which only cmd can start.
    return platform === 'win32'
      ? { command: 'cmd', args: ['/c', 'npx', ...args], env: {} }
      : { command: 'npx', args, env: {} };
  }
  // The program that npx starts looks for node in the PATH, whoever started npx.
  const search = [...new Set([paths.dirname(node), '/usr/local/bin', '/usr/bin', '/bin'])];
  return {
    command: node,
    args: [npx, ...args],
    env: platform === 'win32' ? {} : { PATH: search.join(paths.delimiter) },
  };
}

/**
 * Path of Node that survives an update: Homebrew deletes the folder of a version with the next one, and keeps a
 * link beside it.
 */
function lastingNode({ node, exists }: Started): string {
  const lasting = node.replace(/\/Cellar\/(node(?:@\d+)?)\/[^/]+\/bin\/node$/, '/opt/$1/bin/node');
  return exists(lasting) ? lasting : node;
}

/** Replaces an old entry with a new one; members that do not concern the start command stay. */
export function mergeEntry(old: unknown, entry: Entry): Entry {
  const before = z.looseObject({ env: z.record(z.string(), z.unknown()).catch({}) }).safeParse(old);
  if (!before.success) return entry;
  const { env, ...members } = before.data;
  const foreign = Object.entries(env).filter(
    (pair): pair is [string, string] =>
      typeof pair[1] === 'string' && !pair[0].startsWith('ARKEO_') && pair[0] !== 'PATH',
  );
  return { ...members, ...entry, env: { ...Object.fromEntries(foreign), ...entry.env } };
}
