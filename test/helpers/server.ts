import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

/** The built program, as users run it. */
export const BIN = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

/** Where the servers of the tests keep measurements: made and removed with the test run. */
const DATA_DIR = process.env['TEST_DATA_DIR'] ?? tmpdir();

/** The environment without options of ours that happen to be set on this machine. */
export function cleanEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([key, value]) =>
    value === undefined || key.startsWith('ARKEO_') ? [] : [[key, value] as const],
  );
  return { ...Object.fromEntries(inherited), ARKEO_DATA_DIR: DATA_DIR, ...extra };
}

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  /** Resolves with standard output so far, once it matches. */
  printed: (pattern: RegExp) => Promise<string>;
  finished: Promise<Finished>;
}

/** Starts the built program. */
export function run(args: readonly string[], environment: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [BIN, ...args], { env: cleanEnvironment(environment) });
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    for (const look of waiting) look();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const finished = new Promise<Finished>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  );
  return {
    child,
    finished,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(stdout)) return;
          waiting.delete(look);
          resolve(stdout);
        };
        waiting.add(look);
        look();
        void finished.then(() => reject(new Error(`ended before ${String(pattern)}: ${stdout}${stderr}`)));
      }),
  };
}
