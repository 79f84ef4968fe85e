import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a command in the project's folder with packages from npm that are no part of the project; npx keeps them.
 * @param {readonly string[]} packages such as `node@22`
 * @param {readonly string[]} command without characters that a shell reads: on Windows npx is started by one
 * @param {Record<string, string>} variables in addition
 * @returns {number} its exit code
 */
export function npx(packages, command, variables = {}) {
  const { status, error } = spawnSync(
    'npx',
    ['--yes', ...packages.map((name) => `--package=${name}`), '--', ...command],
    {
      cwd: root,
      stdio: 'inherit',
      shell: process.platform === 'win32',
      env: { ...process.env, ...variables },
    },
  );
  if (error !== undefined) process.stderr.write(`npx could not be started: ${error.message}\n`);
  return status ?? 1;
}
