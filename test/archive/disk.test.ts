import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { faultyDisk, WRITES } from '../helpers/faulty-disk.ts';
import { dataFolders, dataset, draft, measure, open, REPLY } from './fixture.ts';

const dataFolder = dataFolders();
const restore: (() => void)[] = [];
afterEach(() => {
  for (const undo of restore.splice(0)) undo();
});

/** A disk that refuses so many renames. */
function refuseRenames(times: number, code: string) {
  let refused = 0;
  const disk = faultyDisk((operation) => {
    if (operation !== 'rename' || refused === times) return undefined;
    refused += 1;
    return code;
  });
  return { disk, refused: () => refused };
}

describe('a disk that refuses', () => {
  it.each(['ENOSPC', 'EDQUOT'])(
    'because it is full (%s) is told, leaves what there was, and loses nothing once there is room',
    async (code) => {
      let isFull = false;
      const disk = faultyDisk((operation) => (isFull && WRITES.includes(operation) ? code : undefined));
      const folder = dataFolder();
      const archive = open(folder, { disk });
      const entry = await archive.begin(draft());
      await entry.keepDataset(dataset(1));
      isFull = true;
      const error = {
        name: 'ArchiveError',
        code: 'disk_full',
        outcome: 'local',
        message: expect.stringContaining(folder),
        hint: expect.stringMatching(/--data-dir \(ARKEO_DATA_DIR\)/),
      };
      for (const call of [
        async () => entry.keepReply('GetTestData', REPLY),
        async () => entry.keepDataset(dataset(2)),
        async () => archive.begin(draft()),
        async () => archive.addFile(entry.id, 'plot.png', 'x'),
      ])
        await expect(call()).rejects.toMatchObject(error);
      expect((await archive.list()).total).toBe(1);
      expect(await archive.read(entry.id)).toMatchObject({ state: 'running', problems: [] });
      expect(await archive.dataset(entry.id)).toEqual(dataset(1));

      await expect(entry.end('complete', { note: 'ended' })).rejects.toMatchObject(error);
      // Nobody measures any more, whatever the record says.
      const unwritten = { state: 'interrupted', problems: [expect.stringContaining('tried again')] };
      expect(await archive.read(entry.id)).toMatchObject(unwritten);
      const left = readdirSync(folder, { recursive: true }).map(String);
      expect(left.filter((name) => path.basename(name).startsWith('.'))).toEqual([]);

      isFull = false;
      await entry.retry();
      const { record, state, problems } = await archive.read(entry.id);
      expect({ state, problems, note: record.note }).toEqual({
        state: 'complete',
        problems: [],
        note: 'ended',
      });
      expect(await archive.replies(entry.id)).toHaveLength(1);
      expect(await archive.dataset(entry.id)).toEqual(dataset(2));
      expect((await archive.list({ state: 'complete' })).total).toBe(1);
    },
  );

  it('while data is replaced leaves no sums that do not match', async () => {
    let isBroken = false;
    const disk = faultyDisk((operation) => (isBroken && operation === 'rename' ? 'EIO' : undefined));
    const archive = open(dataFolder(), { disk });
    const entry = await archive.begin(draft());
    await entry.keepDataset(dataset(1));
    isBroken = true;
    await expect(entry.keepDataset(dataset(2))).rejects.toMatchObject({ code: 'file_error' });
    isBroken = false;
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
    const { disk, refused } = refuseRenames(2, code);
    const archive = open(dataFolder(), { disk });
    const { id } = await measure(archive);
    expect(refused()).toBe(2);
    expect(await archive.read(id)).toMatchObject({ state: 'complete', problems: [] });
  });

  it('is given up on after a while', async () => {
    const { disk, refused } = refuseRenames(1000, 'EPERM');
    await expect(open(dataFolder(), { disk }).begin(draft())).rejects.toMatchObject({ code: 'file_in_use' });
    expect(refused()).toBe(3);
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
      damaged: [{ reason: expect.stringContaining('not a folder') }],
    });
    expect((await archive.read(id)).problems).toEqual([]);
    expect(readFileSync(path.join(day, id, '.tmp-0badcafe'), 'utf8')).toBe('{');
  });
});
