import { tmpdir } from 'node:os';
import path from 'node:path';

/** The Inspector, with the Node that it needs. */
export const inspector = ['node@22', '@modelcontextprotocol/inspector@2.12.0'];

const VARIABLES = {
  ARKEO_SIMULATOR: 'true',
  ARKEO_SIMULATOR_SPEED: '10',
  ARKEO_LOG_LEVEL: 'warn',
};

/**
 * The server that the Inspector starts, as arguments of the Inspector; arguments for one call go in between.
 */
export function target(call = [], dataFolder = path.join(tmpdir(), 'arkeo-mcp-inspector')) {
  const variables = { ...VARIABLES, ARKEO_DATA_DIR: dataFolder };
  const given = Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  return [...given, ...call, 'node', path.join('dist', 'index.js')];
}
