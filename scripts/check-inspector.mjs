/**
 * Checks the server with the MCP Inspector's command line: the strict check of all schemas, every list, every
 * resource and prompt that needs no arguments, and a measurement with its resources. Needs npm's registry the
 * first time, so it is no part of `npm run check`.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inspector, target } from './inspector.mjs';
import { npx } from './npx.mjs';

const INSIDE = 'INSIDE_NPX';
const ERAS = ['legacy', 'modern'];
const MEASURE = [
  '--method',
  'tools/call',
  '--tool-name',
  'measure_jv',
  '--tool-arg',
  'device_name=inspected',
  'area_cm2=0.1',
  'light_source=12_led',
  'wait_s=50',
];
const exec = promisify(execFile);

if (process.env[INSIDE] === undefined) {
  process.exitCode = npx(inspector, ['node', 'scripts/check-inspector.mjs'], { [INSIDE]: 'yes' });
} else {
  const folder = mkdtempSync(path.join(tmpdir(), 'arkeo-mcp-inspector-'));
  try {
    for (const era of ERAS) await check(era, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function check(era, folder) {
  const ask = (...call) => run(era, folder, call);
  const list = async (method, member) => (await ask('--method', method))[member];

  const portability = await strict(era, folder);
  const tools = await list('tools/list', 'tools');
  const templates = await list('resources/templates/list', 'resourceTemplates');
  const prompts = await list('prompts/list', 'prompts');
  const measured = await ask(...MEASURE);
  if (measured.structuredContent?.state !== 'complete')
    throw new Error(`measure_jv: ${JSON.stringify(measured)}`);

  // Listed after the measurement, so that its resources are read too.
  const resources = await list('resources/list', 'resources');
  for (const { uri } of resources) {
    const { contents } = await ask('--method', 'resources/read', '--uri', uri);
    if (!contents?.some(({ text, blob }) => (text ?? blob ?? '') !== '')) throw new Error(`${uri} is empty`);
  }
  const simple = prompts.filter(({ arguments: wanted = [] }) =>
    wanted.every(({ required }) => required !== true),
  );
  for (const { name } of simple) {
    const { messages } = await ask('--method', 'prompts/get', '--prompt-name', name);
    if (!(messages?.length > 0)) throw new Error(`the prompt ${name} is empty`);
  }
  say(
    `${era}: ${tools.length} tools (${portability}), ${resources.length} resources read, ${templates.length} templates, ` +
      `${simple.length} of ${prompts.length} prompts got, one measurement`,
  );
}

/** Fails on errors of the strict check, and on warnings about arguments that models fill in. */
async function strict(era, folder) {
  const { stderr } = await start(era, folder, ['--method', 'tools/list', '--strict']);
  const inputs = stderr.match(/^ {2}Path: inputSchema.*$/gm) ?? [];
  if (inputs.length > 0)
    throw new Error(`the strict check has doubts about arguments:\n${inputs.join('\n')}`);
  return /\d+ errors?, \d+ warnings?(?= across)/.exec(stderr)?.[0] ?? 'no findings';
}

/** Returns the result of one call. Throws if the Inspector or the server reports an error. */
async function run(era, folder, call) {
  const { stdout } = await start(era, folder, [...call, '--format', 'json', '--quiet']);
  return JSON.parse(stdout).result;
}

function start(era, folder, call) {
  const args = ['--cli', ...target([...call, '--protocol-era', era], folder)];
  return exec(process.execPath, [program(), ...args], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    maxBuffer: 64 * 2 ** 20,
  }).catch((error) => {
    throw new Error(`${call.join(' ')}\n${error.stdout ?? ''}${error.stderr ?? error.message}`);
  });
}

/** Path of the Inspector's script that npx put on the PATH: its launcher is not executable on every system. */
function program() {
  const found = (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, '../@modelcontextprotocol/inspector/clients/launcher/build/index.js'))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error('npx did not bring the MCP Inspector');
  return found;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
