/**
 * Packs the built program as an MCP bundle, which hosts install with one click:
 *
 *   npm run pack:mcpb                 to release/arkeo-mcp.mcpb
 *   npm run pack:mcpb -- <file>
 *
 * The same content gives the same bytes on the same kind of system: zip archives keep Unix permissions, if
 * there are any.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packExtension } from '@anthropic-ai/mcpb';
import { bundleManifest } from './package/bundle-manifest.ts';
import { license, name, version } from './package/facts.ts';
import { drawIcon } from './package/icon.ts';
import { copyFile, copyProgram, ROOT, writeJson } from './package/stage.ts';
import { levelTimes } from './package/zip-times.ts';

// Permissions become part of the archive.
process.umask(0o022);
const output = path.resolve(process.argv[2] ?? path.join(ROOT, 'release', `${name}.mcpb`));
const folder = mkdtempSync(path.join(tmpdir(), 'arkeo-mcp-bundle-'));
try {
  copyProgram(folder);
  copyFile('LICENSE', folder);
  // This file tells Node that the program is a module.
  writeJson(path.join(folder, 'package.json'), { name, version, license, type: 'module' });
  writeJson(path.join(folder, 'manifest.json'), bundleManifest());
  writeFileSync(path.join(folder, 'icon.png'), await drawIcon());
  mkdirSync(path.dirname(output), { recursive: true });
  // The call validates the manifest and the icon first, and prints their errors.
  if (!(await packExtension({ extensionPath: folder, outputPath: output }))) process.exit(1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const archive = readFileSync(output);
levelTimes(archive);
writeFileSync(output, archive);
console.log(`\n${output}: ${(archive.length / 1e6).toFixed(2)} MB`);
console.log(`sha256 ${createHash('sha256').update(archive).digest('hex')}`);
