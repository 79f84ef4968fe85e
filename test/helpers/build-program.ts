import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds the program that the tests run, so that it matches the sources. */
export default function setup(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url))], {
    stdio: 'inherit',
  });
}
