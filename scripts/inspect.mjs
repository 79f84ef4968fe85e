/**
 * The MCP Inspector with the built server on the simulator: `npm run inspect`. What is measured goes to a temporary
 * folder. It is 110 MB and needs a newer Node than we do, so npx fetches it with one.
 */
import { inspector, target } from './inspector.mjs';
import { npx } from './npx.mjs';

process.exitCode = npx(inspector, ['mcp-inspector', '--web', ...target()]);
