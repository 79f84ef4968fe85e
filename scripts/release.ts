/**
 * Makes the parts of a release other than the npm package, in release/: the bundle, the entry of the MCP
 * registry with the bundle's checksum, and the notes. Publishes nothing. Needs the network: the entry is
 * checked with the registry's own schema.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { changelog } from './package/changelog.ts';
import { name, repository, version } from './package/facts.ts';
import { checkServerJson, OFFICIAL_SCHEMA, serverJson } from './package/server-json.ts';
import { ROOT, writeJson } from './package/stage.ts';

const release = path.join(ROOT, 'release');
const bundle = path.join(release, `${name}.mcpb`);
const run = (...args: string[]): Buffer =>
  execFileSync(process.execPath, ['--import', 'tsx', ...args], { cwd: ROOT, stdio: 'inherit' });

run('scripts/release-check.ts');
run('scripts/pack-mcpb.ts', bundle);
const entry = serverJson({
  url: `${repository}/releases/download/v${version}/${path.basename(bundle)}`,
  sha256: sha256(readFileSync(bundle)),
});
const problems = [...checkServerJson(entry), ...checkServerJson(entry, await officialSchema())];
if (problems.length > 0) throw new Error(problems.join('\n'));
writeJson(path.join(release, 'server.json'), entry);
const notes = changelog().find(({ title }) => title === version)?.notes ?? '';
writeFileSync(path.join(release, 'notes.md'), `${notes}\n`);
console.log(`\n${release}: ${path.basename(bundle)}, server.json, notes.md`);

async function officialSchema(): Promise<object> {
  const response = await fetch(OFFICIAL_SCHEMA.url);
  if (!response.ok) throw new Error(`${OFFICIAL_SCHEMA.url}: HTTP status ${response.status}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  if (sha256(bytes) !== OFFICIAL_SCHEMA.sha256)
    throw new Error(
      `${OFFICIAL_SCHEMA.url} is not the file that scripts/package/server-json.ts knows: look why`,
    );
  return z.looseObject({}).parse(JSON.parse(bytes.toString('utf8')));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
