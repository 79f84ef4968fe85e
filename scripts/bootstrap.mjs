/**
 * Makes a fresh clone ready, and does nothing if it is: installs if node_modules does not match
 * package-lock.json, builds if dist/ does not match src/. Needs only Node and npm. Writes to standard error
 * only.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const LOCK_POLL_MS = 200;
/** Time to write the owner's id into a new lock. */
const LOCK_GRACE_MS = 5000;
/** Longest duration of an install; after it the owner's id may belong to another program. */
const LOCK_LIFE_MS = 15 * 60 * 1000;

const root = fileURLToPath(new URL('..', import.meta.url));

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  say(
    `needs Node ${OLDEST_NODE} or newer, and this is Node ${process.versions.node}. Get one from nodejs.org.`,
  );
  process.exit(1);
}
const { build, buildReason } = await import('./build.mjs');
/** Reason why dist/ has to be built; with `--no-build` there is none. */
const staleReason = () => (process.argv.includes('--no-build') ? undefined : buildReason());
if (installReason() !== undefined || staleReason() !== undefined) {
  await withLock(async () => {
    // Another bootstrap may have done the work meanwhile.
    const install = installReason();
    if (install !== undefined) runInstall(install);
    const stale = staleReason();
    if (stale !== undefined) await runBuild(stale);
  });
}

/** Reason why npm has to install; undefined if node_modules matches package-lock.json. */
function installReason() {
  const wanted = readPackages('package-lock.json') ?? {};
  // npm writes this list when an install is complete.
  const installed = readPackages('node_modules/.package-lock.json');
  if (installed === undefined) return 'node_modules is missing or incomplete';
  for (const [where, entry] of Object.entries(wanted)) {
    if (where === '') continue;
    const present = installed[where];
    if (present === undefined ? !entry.optional : present.version !== entry.version) {
      return `node_modules and package-lock.json differ in ${where.replace(/^.*node_modules\//, '')}`;
    }
  }
  const foreign = Object.values(installed).find(
    ({ os, cpu }) => !suits(os, process.platform) || !suits(cpu, process.arch),
  );
  return foreign === undefined ? undefined : 'node_modules was installed on another kind of machine';
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Evaluates a list of names as in package.json, or of excluded names ("!win32"). */
function suits(list, name) {
  if (list === undefined) return true;
  return list.some((item) => item.startsWith('!')) ? !list.includes(`!${name}`) : list.includes(name);
}

function runInstall(reason) {
  say(`${reason}: running npm ci`);
  // Everything is a development dependency, and NODE_ENV=production would leave those out. None needs its
  // scripts.
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const { status, error } = /npm-cli\.c?js$/.test(npm ?? '')
    ? spawnSync(process.execPath, [npm, ...args], options)
    : // On Windows npm is npm.cmd, which only a shell can start.
      spawnSync(`npm ${args.join(' ')}`, { ...options, shell: true });
  if (status === 0) return;
  say(
    error === undefined
      ? 'npm ci failed, for the reason given above'
      : `npm could not be started: ${error.message}`,
  );
  process.exit(status ?? 1);
}

async function runBuild(reason) {
  say(`${reason}: building`);
  try {
    say(await build());
  } catch (error) {
    // esbuild has printed its own errors, with the lines they are in.
    say(
      error.errors === undefined
        ? `the build failed: ${error.message}`
        : 'the build failed, for the reason given above',
    );
    process.exit(1);
  }
}

/**
 * Takes a lock: two bootstraps at once would delete each other's node_modules. A lock whose owner is dead is
 * ignored.
 */
async function withLock(work) {
  const lock = path.join(
    tmpdir(),
    `arkeo-mcp-bootstrap-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`,
  );
  let told = false;
  while (!takeLock(lock)) {
    if (isAbandoned(lock)) {
      dropLock(lock);
      continue;
    }
    if (!told) say(`waiting for another bootstrap to finish (${lock})`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
  process.once('exit', () => rmSync(lock, { recursive: true, force: true }));
  await work();
}

function takeLock(lock) {
  try {
    mkdirSync(lock);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
  writeFileSync(path.join(lock, 'pid'), String(process.pid));
  return true;
}

function isAbandoned(lock) {
  try {
    const age = Date.now() - statSync(lock).mtimeMs;
    const pid = Number(readOwner(lock));
    return age > (pid > 0 ? LOCK_LIFE_MS : LOCK_GRACE_MS) || (pid > 0 && !isAlive(pid));
  } catch {
    return false; // gone meanwhile
  }
}

function readOwner(lock) {
  try {
    return readFileSync(path.join(lock, 'pid'), 'utf8');
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Drops an abandoned lock. It is renamed first: of several processes that find it, one gets it. */
function dropLock(lock) {
  const mine = `${lock}.${process.pid}`;
  try {
    renameSync(lock, mine);
    rmSync(mine, { recursive: true, force: true });
  } catch {
    // Another process was quicker.
  }
}

function say(line) {
  process.stderr.write(`arkeo-mcp: ${line}\n`);
}
