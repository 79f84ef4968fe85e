import { spawn } from 'node:child_process';
import path from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { READY } from '../safety/switch-off-guard/lines.ts';
import type { Child } from '../safety/switch-off-guard/guard-process.ts';

/** The entry of the guard process, beside the rest of the built program. */
const ENTRY = fileURLToPath(new URL('./switch-off-guard.js', import.meta.url));

/** Starts its arguments in the background, with the pipe as standard input, and ends. */
const IN_BACKGROUND = '"$0" "$@" <&3 3<&- &';

/**
 * Starts a guard process in a group of its own, without a window, that holds nothing of this one but two pipes: a host that
 * waits for the end of this one's output does not wait for that process, and no folder is kept in use. Where there is a
 * shell, that process is nobody's child: hosts also end servers together with all their children.
 */
export function startGuard(): Child {
  // A list of processes shows whose it is.
  const command = [nodeProgram(), ENTRY, String(process.pid)] as const;
  const options = { detached: true, windowsHide: true, cwd: path.parse(process.execPath).root } as const;
  const hasShell = process.platform !== 'win32';
  // Node closes the standard input of a child that has ended, which the shell does at once, and no other pipe to it.
  const child = hasShell
    ? spawn('/bin/sh', ['-c', IN_BACKGROUND, ...command], {
        ...options,
        stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
      })
    : spawn(command[0], command.slice(1), { ...options, stdio: ['pipe', 'pipe', 'ignore'] });
  const { stdout } = child;
  const pipe = hasShell ? child.stdio[3] : child.stdin;
  if (!(pipe instanceof Writable) || stdout === null) throw new Error('there is no pipe to a guard process');
  child.unref();
  // A guard process that is gone is noticed by the end of its output.
  pipe.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    stdout.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const ready = new Promise<void>((resolve, reject) => {
    let printed = '';
    stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.startsWith(READY)) resolve();
    });
    stdout.on('error', reject);
    child.once('error', reject);
    stdout.once('close', () => reject(new Error('the guard process ended as it started')));
  });
  // The failure is learned by those that wait for `ready`.
  ready.catch(() => undefined);
  return { ready, ended, tell: (line) => void pipe.write(line), close: () => void pipe.end() };
}

/** A program of a host that brings its own runtime, as Electron does, is Node only where it was started as such. */
function nodeProgram(): string {
  const isApplication = 'electron' in process.versions && process.env['ELECTRON_RUN_AS_NODE'] === undefined;
  return isApplication ? 'node' : process.execPath;
}
