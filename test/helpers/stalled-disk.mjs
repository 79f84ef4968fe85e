/**
 * Loaded before the server (`NODE_OPTIONS=--import`): every operation on STALLED_FOLDER hangs in the system, as on a share
 * whose server is gone. Each opens a pipe that nobody writes to, and so holds a thread of Node for ever.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const folder = process.env.STALLED_FOLDER;
const pipe = path.join(mkdtempSync(path.join(tmpdir(), 'stalled-')), 'pipe');
execFileSync('mkfifo', [pipe]);
const { open } = fs;
// From when the test says so.
const isStalled = (file) =>
  typeof file === 'string' && file.startsWith(folder) && existsSync(process.env.STALLED_WHEN ?? '');
for (const [name, operation] of Object.entries(fs)) {
  if (typeof operation !== 'function') continue;
  fs[name] = (file, ...rest) => (isStalled(file) ? open(pipe, 'r') : operation(file, ...rest));
}
syncBuiltinESMExports();
