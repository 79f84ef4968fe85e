import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a command in the project's folder with packages from npm that are no part of the project; npx keeps
 * them.
 *
 * @param {readonly string[]} packages such as `node@22`
 * @param {readonly string[]} command without characters that a shell interprets, except spaces
 * @param {Record<string, string>} variables in addition
 * @returns {number} its exit code
 */
export function npx(packages, command, variables = {}) {
  // On Windows npx is npx.cmd, which only a shell can start.
  const shell = process.platform === 'win32';
  const args = ['--yes', ...packages.map((name) => `--package=${name}`), '--', ...command];
  const { status, error } = spawnSync(
    'npx',
    shell ? args.map((arg) => (arg.includes(' ') ? `"${arg}"` : arg)) : args,
    { cwd: root, stdio: 'inherit', shell, env: { ...process.env, ...variables } },
  );
  if (error !== undefined) process.stderr.write(`npx could not be started: ${error.message}\n`);
  return status ?? 1;
}
