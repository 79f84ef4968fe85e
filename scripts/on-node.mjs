/**
 * Runs the tests on another version of Node, which npx fetches from npm. Servers that tests start run on it
 * too:
 *
 *   npm run test:node -- 22                  all
 *   npm run test:node -- 24 test/protocol    a part
 */
import { npx } from './npx.mjs';

const [version, ...tests] = process.argv.slice(2);
if (!/^\d+(\.\d+){0,2}$/.test(version ?? '')) {
  process.stderr.write('Which Node? npm run test:node -- 22\n');
  process.exit(1);
}
const node = [`node@${version}`];
// This check makes sure that the results of one version are not taken for those of another.
process.exitCode =
  npx(node, ['node', 'scripts/require-node.mjs', version]) ||
  npx(node, ['node', 'node_modules/vitest/vitest.mjs', 'run', ...tests]);
