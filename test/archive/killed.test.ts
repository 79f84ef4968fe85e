import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Archive } from '../../src/archive/archive.ts';
import { dataFolders, dataset, open, REPLY } from './fixture.ts';

const dataFolder = dataFolders();
const source = fileURLToPath(new URL('writer.ts', import.meta.url));
let program = '';

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [source],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    write: false,
  });
  program = outputFiles[0]?.text ?? '';
});

interface Writer {
  child: ChildProcess;
  /** What it has printed, as it comes. */
  lines: AsyncIterable<string>;
  ended: Promise<{ signal: NodeJS.Signals | null; code: number | null }>;
}

function start(folder: string, ...args: string[]): Writer {
  const child = spawn(process.execPath, ['--input-type=module', '-', folder, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(program);
  const ended = new Promise<{ signal: NodeJS.Signals | null; code: number | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  return { child, lines: createInterface({ input: child.stdout }), ended };
}

/** The archive as another server sees it afterwards. */
function look(folder: string): Archive {
  return open(folder, { now: () => new Date(), isAlive: (pid) => pid === process.pid });
}

/** Nothing is damaged, the ended ones are whole, the others interrupted. Returns the states, newest first. */
async function check(folder: string): Promise<string[]> {
  const archive = look(folder);
  const { entries, damaged } = await archive.list();
  expect(damaged).toEqual([]);
  for (const { id, state } of entries) {
    const { record, problems, ...read } = await archive.read(id);
    expect({ state: read.state, problems }).toEqual({ state, problems: [] });
    for (const { bytes } of await archive.replies(id)) expect(bytes).toEqual(REPLY);
    const data = await archive.dataset(id).catch((error: unknown) => error);
    if (record.state === 'complete') expect(data).toEqual(dataset(2));
    else if (data instanceof Error) expect(data).toMatchObject({ code: 'no_data' });
    else expect([dataset(1), dataset(2)]).toContainEqual(data);
    if (record.state === 'complete') {
      expect(record).toMatchObject({ note: 'whole', warnings: ['something'] });
      expect(record.files).toHaveLength(3);
      expect(await archive.replies(id)).toHaveLength(1);
    }
  }
  return entries.map(({ state }) => state);
}

/** As `check`, with the index as it was left, as the first reader left it, and without one. */
async function checkWithAndWithoutIndex(folder: string): Promise<string[]> {
  const states = await check(folder);
  expect(await check(folder)).toEqual(states);
  rmSync(path.join(folder, 'index.jsonl'));
  expect(await check(folder)).toEqual(states);
  return states;
}

describe('a process that is killed', () => {
  it('at any file operation leaves an archive that reads cleanly', { timeout: 300_000 }, async () => {
    const whole = start(dataFolder(), 'killed', '0');
    let operations = 0;
    for await (const line of whole.lines) operations = Number(line);
    expect(operations).toBeGreaterThan(40);

    const seen: string[][] = Array.from({ length: operations }, () => []);
    let next = 0;
    const killOneAfterTheOther = async (): Promise<void> => {
      while (next < operations) {
        const at = next;
        next += 1;
        const folder = dataFolder();
        const { signal } = await start(folder, 'killed', String(at + 1)).ended;
        if (process.platform !== 'win32') expect(signal).toBe('SIGKILL');
        seen[at] = await checkWithAndWithoutIndex(folder);
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, killOneAfterTheOther));

    // First the new one is not there, then it is interrupted, then complete; never back.
    const order = seen.map((states) => states.join(' '));
    const stages = ['complete', 'interrupted complete', 'complete complete'];
    expect(order.filter((states, i) => states !== order[i - 1])).toEqual(stages);
  });

  it('at any time loses nothing that had ended', { timeout: 60_000 }, async () => {
    for (const count of [1, 2, 4, 7]) {
      const folder = dataFolder();
      const { child, lines, ended } = start(folder, 'many', '1000');
      const ids: string[] = [];
      for await (const id of lines) {
        ids.push(id);
        if (ids.length === count) child.kill('SIGKILL');
      }
      await ended;
      const states = await checkWithAndWithoutIndex(folder);
      expect(states.filter((state) => state === 'interrupted').length).toBeLessThanOrEqual(1);
      expect(states.length).toBeGreaterThanOrEqual(ids.length);
      for (const id of ids) expect((await look(folder).read(id)).state).toBe('complete');
    }
  });
});

describe('two servers at once', () => {
  it('lose nothing, and neither do those who look on', { timeout: 60_000 }, async () => {
    const folder = dataFolder();
    const writers = [start(folder, 'many', '12'), start(folder, 'many', '12')];
    const stop = new AbortController();
    const looking = (async () => {
      while (!stop.signal.aborted) {
        const archive = open(folder, { now: () => new Date() });
        const { entries, damaged } = await archive.list();
        expect(damaged).toEqual([]);
        for (const { id } of entries.slice(0, 2)) expect((await archive.read(id)).problems).toEqual([]);
      }
    })();
    const ids: string[] = [];
    const listening = writers.map(async ({ lines }) => {
      for await (const id of lines) ids.push(id);
    });
    const ends = await Promise.all(writers.map(({ ended }) => ended));
    await Promise.all(listening);
    stop.abort();
    await looking;
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    expect(new Set(ids).size).toBe(24);
    const listed = (await look(folder).list()).entries.map(({ id }) => id);
    expect(listed.sort()).toEqual(ids.sort());
    expect(await checkWithAndWithoutIndex(folder)).toEqual(ids.map(() => 'complete'));
    expect(existsSync(path.join(folder, 'index.jsonl'))).toBe(true);
  });
});
