/**
 * Refuses to publish an unfinished release; npm runs this before `npm publish`. Remedies: docs/releasing.md.
 */
import { missingInChangelog } from './package/changelog.ts';
import { missingForRelease, version } from './package/facts.ts';

const missing = [...missingForRelease(), ...missingInChangelog(version)];
for (const sentence of missing) console.error(`not ready: ${sentence}`);
if (missing.length > 0) {
  console.error('docs/releasing.md says how a release is made.');
  process.exitCode = 1;
}
