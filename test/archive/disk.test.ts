import {
  chmodSync,
  mkdirSync,
  promises,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fileHandles, replace } from './file-operations.ts';
import { dataFolders, dataset, draft, measure, open, REPLY, START } from './fixture.ts';

const dataFolder = dataFolders();
const restore: (() => void)[] = [];
afterEach(() => {
  for (const undo of restore.splice(0)) undo();
  vi.useRealTimers();
});

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: from the system`), { code });
}

/** Lets the system refuse what is written to any file, after half of it, as a full disk does. */
async function fillDisk(code: string): Promise<void> {
  const full = replace(await fileHandles(), 'writeFile', async (original) => {
    await original('{"half":');
    throw systemError(code);
  });
  restore.push(full);
}

/** Lets the system refuse so many renames. */
function refuseRenames(times: number, code: string): { refused: () => number } {
  let refused = 0;
  const refusing = replace(promises, 'rename', async (original, ...args) => {
    if (refused === times) return original(...args);
    refused += 1;
    throw systemError(code);
  });
  restore.push(refusing);
  return { refused: () => refused };
}

describe('a disk that refuses', () => {
  it.each(['ENOSPC', 'EDQUOT'])(
    'because it is full (%s) is told, and leaves what there was',
    async (code) => {
      const folder = dataFolder();
      const archive = open(folder);
      const entry = await archive.begin(draft());
      await entry.keepDataset(dataset(1));
      await fillDisk(code);
      const error = {
        name: 'ArchiveError',
        code: 'disk_full',
        outcome: 'local',
        message: expect.stringContaining(folder),
        hint: expect.stringMatching(/--data-dir \(ARKEO_DATA_DIR\)/),
      };
      for (const call of [
        async () => entry.keepReply('GetTestData', REPLY),
        async () => entry.end('complete', { note: 'not kept' }),
        async () => archive.begin(draft()),
        async () => archive.addFile(entry.id, 'plot.png', 'x'),
      ])
        await expect(call()).rejects.toMatchObject(error);
      expect((await archive.list()).total).toBe(1);
      expect(await archive.read(entry.id)).toMatchObject({ state: 'running', problems: [] });
      expect(await archive.dataset(entry.id)).toEqual(dataset(1));
      const left = readdirSync(folder, { recursive: true }).map(String);
      expect(left.filter((name) => path.basename(name).startsWith('.'))).toEqual([]);

      // Room again: the measurement goes on where it was.
      for (const undo of restore.splice(0)) undo();
      await entry.keepReply('GetTestData', REPLY);
      await entry.end('complete', {});
      expect(await archive.read(entry.id)).toMatchObject({
        state: 'complete',
        problems: [],
      });
      expect((await archive.list({ state: 'complete' })).total).toBe(1);
    },
  );

  it('while data is replaced leaves no sums that do not match', async () => {
    const folder = dataFolder();
    const archive = open(folder);
    const entry = await archive.begin(draft());
    await entry.keepDataset(dataset(1));
    refuseRenames(1000, 'EIO');
    await expect(entry.keepDataset(dataset(2))).rejects.toMatchObject({ code: 'file_error' });
    for (const undo of restore.splice(0)) undo();
    expect(await archive.read(entry.id)).toMatchObject({ problems: [] });
    await entry.keepDataset(dataset(3));
    expect(await archive.dataset(entry.id)).toEqual(dataset(3));
  });

  it('because a file is where the folder should be is told', async () => {
    const file = path.join(dataFolder(), 'file');
    writeFileSync(file, '');
    const error = { name: 'ArchiveError', code: 'not_a_folder', hint: expect.stringContaining('--data-dir') };
    for (const folder of [file, path.join(file, 'below')]) {
      await expect(open(folder).begin(draft())).rejects.toMatchObject(error);
    }
    // To Windows what is below a file is merely not there.
    if (process.platform !== 'win32') await expect(open(file).list()).rejects.toMatchObject(error);
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'because it is read-only is told, and it can be read all the same (skipped on Windows, where folders have no such bit, and for the superuser, whom it does not hold)',
    async () => {
      const folder = dataFolder();
      const { id, folder: place } = await measure(open(folder));
      rmSync(path.join(folder, 'index.jsonl'));
      const protect = [folder, path.dirname(place), place];
      for (const each of protect) chmodSync(each, 0o555);
      restore.push(() => {
        for (const each of protect) chmodSync(each, 0o755);
      });
      const archive = open(folder);
      const error = { code: 'not_writable', hint: expect.stringContaining('--data-dir') };
      await expect(archive.begin(draft())).rejects.toMatchObject(error);
      await expect(archive.addFile(id, 'x.txt', 'x')).rejects.toMatchObject(error);
      expect((await archive.list()).entries.map((entry) => entry.id)).toEqual([id]);
    },
  );
});

describe('a file that another program has open', () => {
  it.each(['EPERM', 'EACCES', 'EBUSY'])('is renamed when it is free again (%s)', async (code) => {
    const { refused } = refuseRenames(3, code);
    const archive = open(dataFolder());
    const { id } = await measure(archive);
    expect(refused()).toBe(3);
    expect(await archive.read(id)).toMatchObject({ state: 'complete', problems: [] });
  });

  it('is given up on after a while', async () => {
    const { refused } = refuseRenames(1000, 'EPERM');
    await expect(open(dataFolder()).begin(draft())).rejects.toMatchObject({ code: 'not_writable' });
    expect(refused()).toBe(8);
  });
});

describe('names', () => {
  it('are drawn again when they are taken', async () => {
    const drawn = ['0000', '0000', '0001', '0000', '0001', '0002'];
    const archive = open(dataFolder(), { suffix: () => drawn.shift() ?? 'ffff' });
    const entries = [
      await archive.begin(draft()),
      await archive.begin(draft()),
      await archive.begin(draft()),
    ];
    expect(entries.map(({ id }) => id.slice(-4))).toEqual(['0000', '0001', '0002']);
    expect((await archive.list()).total).toBe(3);
  });

  it('are not fought over by two servers that draw the same', async () => {
    const folder = dataFolder();
    const drawing = (): (() => string) => {
      let n = 0;
      return () => (n++).toString(16).padStart(4, '0');
    };
    const servers = [open(folder, { suffix: drawing() }), open(folder, { suffix: drawing() })];
    const entries = await Promise.all(
      [0, 1, 2, 3, 4, 5].map(async (i) => servers[i % 2]?.begin(draft({ note: `${i}` }))),
    );
    const listed = (await open(folder).list()).entries;
    expect(new Set(entries.map((entry) => entry?.id)).size).toBe(6);
    expect(new Set(listed.map(({ note }) => note))).toEqual(new Set(['0', '1', '2', '3', '4', '5']));
  });
});

describe('the heartbeat', () => {
  it('is the time of change of the record, while the measurement is open', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let now = START;
    const archive = open(dataFolder(), { now: () => now });
    const entry = await archive.begin(draft());
    const changed = (): number => statSync(path.join(entry.folder, 'measurement.json')).mtime.getTime();
    expect(changed()).toBe(START.getTime());
    now = new Date(START.getTime() + 55_000);
    vi.advanceTimersByTime(5_000);
    await expect.poll(changed).toBe(now.getTime());
    await entry.end('complete', {});
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('what is no measurement', () => {
  it('is left alone and not listed', async () => {
    const folder = dataFolder();
    const archive = open(folder);
    const { id } = await measure(archive);
    const day = path.join(folder, 'measurements', '2026-11-22');
    mkdirSync(path.join(day, '.tmp-0badcafe'));
    writeFileSync(path.join(day, '.tmp-0badcafe', 'measurement.json'), '{');
    writeFileSync(path.join(day, id, '.tmp-0badcafe'), '{');
    mkdirSync(path.join(day, `${id} - Copy`));
    writeFileSync(path.join(folder, 'measurements', 'notes.txt'), 'mine');
    writeFileSync(path.join(folder, 'measurements', '2026-11-24'), 'mine');
    expect(await archive.list()).toMatchObject({
      total: 1,
      damaged: [{ reason: expect.stringContaining('ENOTDIR') }],
    });
    expect((await archive.read(id)).problems).toEqual([]);
    expect(readFileSync(path.join(day, id, '.tmp-0badcafe'), 'utf8')).toBe('{');
  });
});
