import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The tests run the built program: what is built must be what is written. What they measure goes when they end. */
export default function setup(): () => void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url))], {
    stdio: 'inherit',
  });
  const data = mkdtempSync(path.join(tmpdir(), 'arkeo-mcp-tests-'));
  process.env['TEST_DATA_DIR'] = data;
  return () => rmSync(data, { recursive: true, force: true });
}
