/**
 * Packs the npm package as it would be published, in a temporary folder, and checks it: publint, the list of
 * files, the size, one version everywhere, the entry of the MCP registry.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import * as z from 'zod';
import manifest from '../package.json' with { type: 'json' };
import { changelog } from './package/changelog.ts';
import { missingForRelease, version } from './package/facts.ts';
import { checkServerJson } from './package/server-json.ts';
import { builtFiles, ROOT } from './package/stage.ts';

/** Largest size of the packed file: a person on a slow line waits for it. */
const MAX_PACKED_BYTES = 3_000_000;

const problems: string[] = [];
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'));

// The list is read before packing, which makes dist/ anew.
const wanted = [
  ...builtFiles().map((file) => `dist/${file}`),
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'mcp.json.example',
  'package.json',
];
const packed = z.tuple([
  z.looseObject({
    filename: z.string(),
    size: z.number(),
    unpackedSize: z.number(),
    files: z.array(z.looseObject({ path: z.string() })),
  }),
]);
const folder = mkdtempSync(path.join(tmpdir(), 'arkeo-mcp-check-'));
try {
  const said = execFileSync('npm', ['pack', '--json', '--pack-destination', JSON.stringify(folder)], {
    cwd: ROOT,
    encoding: 'utf8',
    // On Windows npm is npm.cmd, which only a shell can start.
    shell: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [{ filename, size, unpackedSize, files }] = packed.parse(JSON.parse(said.slice(said.indexOf('['))));
  const present = files.map((file) => file.path);
  problems.push(
    ...present
      .filter((file) => !wanted.includes(file))
      .map((file) => `${file} is packed, and nothing uses it`),
    ...wanted.filter((file) => !present.includes(file)).map((file) => `${file} is not packed`),
    ...(size > MAX_PACKED_BYTES ? [`the package has ${size} bytes, more than ${MAX_PACKED_BYTES}`] : []),
  );
  const tarball = new Uint8Array(readFileSync(path.join(folder, filename))).buffer;
  const { messages } = await publint({ pack: { tarball }, strict: true });
  problems.push(...messages.map((message) => `publint: ${formatMessage(message, manifest) ?? message.code}`));
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
  console.log(
    `${filename}: ${present.length} files, ${megabytes(size)}, unpacked ${megabytes(unpackedSize)}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const versioned = z.looseObject({ version: z.string() });
for (const file of ['package-lock.json', 'server.json'])
  if (versioned.parse(read(file)).version !== version) problems.push(`${file} is not of version ${version}`);
const newest = changelog()[0]?.title;
if (newest !== 'Unreleased' && newest !== version)
  problems.push(`CHANGELOG.md begins with ${newest}, and package.json says ${version}`);
problems.push(...checkServerJson(read('server.json')));

for (const sentence of problems) console.error(`wrong: ${sentence}`);
for (const sentence of missingForRelease()) console.log(`before a release: ${sentence}`);
if (problems.length > 0) process.exitCode = 1;
