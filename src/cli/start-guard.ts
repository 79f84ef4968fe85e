import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { READY } from '../safety/switch-off-guard/lines.ts';
import type { Child } from '../safety/switch-off-guard/guard-process.ts';

/** The entry of the guard process, beside the rest of the built program. */
const ENTRY = fileURLToPath(new URL('./switch-off-guard.js', import.meta.url));

/**
 * Starts a guard process in a group of its own, without a window, that holds nothing of this one but the pipe: a host that
 * waits for the end of this one's output does not wait for that process, and no folder is kept in use.
 */
export function startGuard(): Child {
  const child = spawn(process.execPath, [ENTRY], {
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    cwd: path.parse(process.execPath).root,
    // Hosts that bring their own runtime, such as Electron, are Node only when told so.
    env: { ...process.env, ...('electron' in process.versions ? { ELECTRON_RUN_AS_NODE: '1' } : {}) },
  });
  const { stdin, stdout } = child;
  child.unref();
  // A guard process that is gone is noticed by its end.
  stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const ready = new Promise<void>((resolve, reject) => {
    let printed = '';
    stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (!printed.startsWith(READY)) return;
      resolve();
      // It prints nothing more, and keeps this process from nothing.
      stdout.destroy();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error('the guard process ended as it started')));
  });
  // Whoever waits for it learns it.
  ready.catch(() => undefined);
  return { ready, ended, tell: (line) => void stdin.write(line), close: () => void stdin.end() };
}
