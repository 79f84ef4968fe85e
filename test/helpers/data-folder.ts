import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Makes a folder for the measurements of the tests, and removes it when they end. */
export default function setup(): () => void {
  const data = mkdtempSync(path.join(tmpdir(), 'arkeo-mcp-tests-'));
  process.env['TEST_DATA_DIR'] = data;
  return () => rmSync(data, { recursive: true, force: true });
}
