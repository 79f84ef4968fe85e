/**
 * Bundles src/ and everything it needs into dist/: index.js, and a chunk for each dynamic import, read when
 * used.
 *
 *   node scripts/build.mjs             for working on the code
 *   node scripts/build.mjs --release   leaves only published files in dist/
 *
 * Not minified and without a source map: the program would start no faster, and a stack trace is readable as it
 * is.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path.join(root, 'dist');
const stampFile = path.join(dist, '.build.json');
const LICENSES = 'THIRD-PARTY-LICENSES.txt';
/** Files that the program reads beside itself, by their names in dist/, as modules. */
const assets = JSON.parse(readFileSync(path.join(root, 'src/plot/assets.json'), 'utf8'));
const KEEP_STALE_MS = 24 * 60 * 60 * 1000;

/** Reason why dist/ has to be built; undefined if it matches the sources. */
export function buildReason() {
  const stamp = readStamp();
  if (stamp === undefined) return 'dist is missing';
  if (stamp.sources !== hashSources()) return 'the sources have changed';
  return stamp.files.every((file) => existsSync(path.join(dist, file))) ? undefined : 'dist is incomplete';
}

/** Builds dist/ and returns one line about the result. */
export async function build({ release = false } = {}) {
  const { build: bundle } = await import('esbuild');
  const started = performance.now();
  const sources = hashSources();
  const { metafile, outputFiles } = await bundle({
    absWorkingDir: root,
    entryPoints: { index: 'src/index.ts', 'switch-off-guard': 'src/cli/switch-off-guard.ts' },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    // All chunks are in one folder, so that import.meta.url means dist/ for all code.
    chunkNames: '[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    legalComments: 'eof',
    metafile: true,
    write: false,
    logLevel: 'warning',
    plugins: [manifestPlugin],
  });

  const files = new Map([[LICENSES, { text: licenses(metafile) }]]);
  for (const output of outputFiles) {
    const name = path.relative(dist, output.path);
    const text = withRequire(output.text);
    files.set(name, name === 'index.js' ? { text: `#!/usr/bin/env node\n${text}`, mode: 0o755 } : { text });
  }
  for (const [name, file] of assetFiles()) files.set(name, { text: readFileSync(path.join(root, file)) });
  const before = readStamp()?.files ?? [];
  mkdirSync(dist, { recursive: true });
  // Chunks carry a hash in their name, so they are added; index.js, which names them, is replaced last.
  for (const [name, file] of files) if (name !== 'index.js') writeWhole(name, file);
  writeWhole('index.js', files.get('index.js'));
  if (!release) writeWhole('.build.json', { text: JSON.stringify({ sources, files: [...files.keys()] }) });
  removeStale(new Set([...files.keys(), ...(release ? [] : ['.build.json'])]), new Set(before), release);

  const bytes = [...files.values()].reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const ms = performance.now() - started;
  return `built dist: ${files.size} files, ${(bytes / 1000).toFixed(0)} kB, in ${ms.toFixed(0)} ms`;
}

/** Names in dist/, and the source of each file. */
function assetFiles() {
  return Object.entries(assets).map(([name, file]) => [name, `node_modules/${file}`]);
}

function hashSources() {
  const inputs = [...filesIn('src'), ...filesIn('scripts/licenses')];
  // The lock file counts because the packages it installs are bundled.
  for (const name of ['package.json', 'package-lock.json', 'scripts/build.mjs'])
    inputs.push(path.join(root, name));
  const hash = createHash('sha256');
  for (const file of inputs.sort())
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesIn(folder) {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The bundle needs two fields of package.json, not the list of development tools. */
const manifestPlugin = {
  name: 'manifest',
  setup({ onLoad }) {
    onLoad({ filter: /package\.json$/ }, ({ path: file }) => {
      if (file !== path.join(root, 'package.json')) return undefined;
      const { name, version } = JSON.parse(readFileSync(file, 'utf8'));
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};

/** CommonJS packages (pino, commander) require Node's own modules; a module has no `require` unless it makes one. */
function withRequire(text) {
  if (!text.includes('var __require = ')) return text;
  return `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\n${text}`;
}

function writeWhole(name, { text, mode = 0o644 }) {
  const file = path.join(dist, name);
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, text);
  chmodSync(draft, mode);
  renameSync(draft, file);
}

/**
 * Removes old chunks. A running server may still need a chunk of the build before, so a file that has just gone
 * out of use stays for a day. Its modification time records the moment.
 */
function removeStale(current, before, atOnce) {
  const now = Date.now();
  for (const name of readdirSync(dist)) {
    if (current.has(name)) continue;
    const file = path.join(dist, name);
    if (!atOnce && before.has(name)) utimesSync(file, new Date(now), new Date(now));
    else if (atOnce || now - statSync(file).mtimeMs > KEEP_STALE_MS)
      rmSync(file, { recursive: true, force: true });
  }
}

/** Collects the licences of all bundled packages, whole, as they require. */
function licenses(metafile) {
  const packages = new Map();
  const add = (name, version, folder, inside) => {
    const key = `${name}@${version}`;
    if (packages.has(key)) return;
    const { license, text } = licenseOf(folder, key);
    packages.set(key, { key, inside, license, text: [text, ...partsOf(key)].join('\n\n') });
  };
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  for (const file of new Set([...used, ...assetFiles().map(([, from]) => from)])) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
    if (folder === undefined) continue;
    const { name, version } = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
    add(name, version, folder);
    if (!/\.[cm]?js$/.test(file)) continue;
    // Packages that are themselves bundles mark what they contain.
    const marks = readFileSync(path.join(root, file), 'utf8').matchAll(
      /^\/\/#region .*node_modules\/\.pnpm\/[^/]+\/node_modules\/((?:@[^/]+\/)?[^/]+)\//gm,
    );
    for (const [mark, inner] of marks) {
      const innerVersion = /\.pnpm\/@?[^@/]+@([^/_(]+)/.exec(mark)?.[1] ?? '';
      add(inner, innerVersion, `node_modules/${inner}`, name);
    }
  }
  const list = [...packages.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  const line = '-'.repeat(80);
  return [
    'arkeo-mcp contains the following software under the following licences.\n',
    ...list.map(
      ({ key, inside, license, text }) =>
        `${line}\n${key} (${license})${inside === undefined ? '' : `, as contained in ${inside}`}\n\n${text}\n`,
    ),
  ].join('\n');
}

/** Contents of a package that none of its files names, from scripts/licenses. */
function partsOf(key) {
  const file = path.join(root, 'scripts/licenses', `${key.replace('/', '+')}.txt`);
  if (existsSync(file)) return [readFileSync(file, 'utf8').trim()];
  // The parts of programs compiled from other languages depend on the package's version.
  if (Object.values(assets).some((from) => from.endsWith('.wasm') && key.startsWith(packageOf(from))))
    throw new Error(`${key} is compiled: its parts and their licences belong into ${file}`);
  return [];
}

function packageOf(module) {
  return `${module.split('/', module.startsWith('@') ? 2 : 1).join('/')}@`;
}

function licenseOf(folder, key) {
  const absolute = path.join(root, folder);
  if (!existsSync(absolute)) throw new Error(`${key} is bundled, but its licence is not to be found`);
  const { license, repository } = JSON.parse(readFileSync(path.join(absolute, 'package.json'), 'utf8'));
  const own = [absolute, path.join(absolute, 'licenses')]
    .filter((place) => existsSync(place))
    .flatMap((place) => readdirSync(place, { withFileTypes: true }).map((entry) => ({ place, entry })))
    .filter(({ entry }) => entry.isFile() && /^(licen[cs]e|copying|notice)/i.test(entry.name))
    .map(({ place, entry }) => path.join(place, entry.name));
  const text = (files) => files.map((file) => readFileSync(file, 'utf8').trim()).join('\n\n');
  if (own.length > 0) return { license, text: text(own) };
  // Some packages only name their licence. Its text is kept here, and the package's source is named, as the
  // licence requires.
  const known = path.join(root, 'scripts/licenses', `${license}.txt`);
  if (!existsSync(known)) throw new Error(`${key} is bundled, but comes without a licence text`);
  const source = String(repository?.url ?? repository).replace(/^(git@github\.com:|git\+)/, (start) =>
    start === 'git+' ? '' : 'https://github.com/',
  );
  return { license, text: `Source code: ${source}\n\n${text([known])}` };
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const summary = await build({ release: process.argv.includes('--release') });
  process.stderr.write(`arkeo-mcp: ${summary}\n`);
}
