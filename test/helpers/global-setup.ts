import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The tests run the built program: what is built must be what is written. */
export default function setup(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url))], {
    stdio: 'inherit',
  });
}
