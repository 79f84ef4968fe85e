import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { VERSION } from '../../version.ts';
import type { Place } from './host-apps.ts';
import type { Ask } from './questions.ts';
import type { SetupEdge } from './setup.ts';

/** This computer, described for the search of host configurations. */
export function thisPlace(): Place {
  const { platform, env } = process;
  const packages = path.join(env['LOCALAPPDATA'] ?? path.join(homedir(), 'AppData', 'Local'), 'Packages');
  return {
    platform,
    env,
    home: homedir(),
    claudePackages:
      platform === 'win32' ? namesIn(packages).filter((name) => name.startsWith('Claude_')) : [],
  };
}

/** @param script the absolute path of dist/index.js */
export function thisEdge(script: string): SetupEdge & { close: () => void } {
  const { platform, env, execPath: node } = process;
  const terminal = process.stdin.isTTY && process.stdout.isTTY ? openTerminal() : undefined;
  return {
    place: thisPlace(),
    started: {
      platform,
      env,
      node,
      script,
      spec: `arkeo-mcp@${VERSION}`,
      exists: existsSync,
    },
    isFolder: (folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false,
    print: (line) => process.stdout.write(`${line}\n`),
    ask: terminal?.ask,
    now: () => new Date(),
    close: () => terminal?.close(),
  };
}

function openTerminal(): { ask: Ask; close: () => void } {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const gone = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
  return {
    // Ctrl+C and Ctrl+D close the interface, and the question would never resolve.
    ask: (question) => Promise.race([lines.question(question).catch(() => undefined), gone]),
    close: () => lines.close(),
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
