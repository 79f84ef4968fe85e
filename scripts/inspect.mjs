/**
 * Starts the MCP Inspector with the built server on the simulator: `npm run inspect`. Data goes to a temporary
 * folder. The Inspector takes 110 MB and needs a newer Node than arkeo-mcp does, so npx fetches it together
 * with one.
 */
import { inspector, target } from './inspector.mjs';
import { npx } from './npx.mjs';

process.exitCode = npx(inspector, ['mcp-inspector', '--web', ...target()]);
