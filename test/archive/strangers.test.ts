import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OpenEntry } from '../../src/archive/archive.ts';
import { dataFolders, dataset, draft, measure, open, REPLY } from './fixture.ts';

const dataFolder = dataFolders();

/** Changes members of a record, as anybody can. */
function change({ folder }: Pick<OpenEntry, 'folder'>, members: object): void {
  const file = path.join(folder, 'measurement.json');
  const written: object = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...written, ...members }));
}

const metric = { name: 'voc', value: 1, unit: 'V', method: 'm', version: 1 };

describe('a record of absurd size', () => {
  it.each<[string, object]>([
    ['100,000 figures', { metrics: Array.from({ length: 100_000 }, () => metric) }],
    ['100,000 figures that are none', { metrics: Array.from({ length: 100_000 }, () => ({})) }],
    ['100,000 warnings', { warnings: Array.from({ length: 100_000 }, () => 'w') }],
    [
      '100,000 files',
      { files: Array.from({ length: 100_000 }, () => ({ name: 'a', bytes: 1, sha256: '' })) },
    ],
    ['a name of a million characters', { routine: 'x'.repeat(1_000_000) }],
    ['ten million characters', { note: 'x'.repeat(10_000_000) }],
  ])('is not read, and hides no other (%s)', { timeout: 20_000 }, async (_, members) => {
    const folder = dataFolder();
    const archive = open(folder);
    const good = await measure(archive);
    const bad = await measure(archive);
    change(bad, members);
    rmSync(path.join(folder, 'index.jsonl'));
    const began = performance.now();
    const { entries, damaged } = await archive.list();
    await expect(archive.read(bad.id)).rejects.toMatchObject({ code: 'damaged' });
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(entries.map(({ id }) => id)).toEqual([good.id]);
    expect(damaged).toEqual([{ folder: bad.folder, reason: expect.stringMatching(/^.{1,1200}$/s) }]);
  });

  it('is not read where it is nested a million deep', async () => {
    const archive = open(dataFolder());
    const bad = await measure(archive);
    const file = path.join(bad.folder, 'measurement.json');
    const deep = `{"a":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`;
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('"settings": {', `"deep": ${deep}, "settings": {`),
    );
    await expect(archive.read(bad.id)).rejects.toMatchObject({ code: 'damaged' });
  });

  it('is not opened where it is a file without an end', async () => {
    const folder = dataFolder();
    const archive = open(folder);
    const bad = await measure(archive);
    truncateSync(path.join(bad.folder, 'measurement.json'), 2 ** 40);
    truncateSync(path.join(bad.folder, 'data.json'), 2 ** 40);
    rmSync(path.join(folder, 'index.jsonl'));
    expect((await archive.list()).damaged).toHaveLength(1);
    await expect(archive.dataset(bad.id)).rejects.toMatchObject({ name: 'ArchiveError' });
  });

  it('is not in the index either', async () => {
    const folder = dataFolder();
    const archive = open(folder);
    const { id } = await measure(archive);
    const index = path.join(folder, 'index.jsonl');
    const [line = ''] = readFileSync(index, 'utf8').trim().split('\n').slice(-1);
    const hostile = { ...JSON.parse(line), metrics: Array.from({ length: 100_000 }, () => metric) };
    writeFileSync(index, `${JSON.stringify(hostile)}\n`);
    expect((await archive.list()).entries).toMatchObject([{ id, metrics: [] }]);
    truncateSync(index, 2 ** 40);
    expect((await archive.list()).entries).toMatchObject([{ id }]);
    expect(readFileSync(index, 'utf8')).toContain(id);
  });

  it('is not written: what an instrument sends too much of is left out, and the record says so', async () => {
    const archive = open(dataFolder());
    const settings = { huge: 'x'.repeat(2_000_000) };
    const entry = await archive.begin(draft({ settings, device_name: 'n'.repeat(2000) }));
    const metrics = Array.from({ length: 20_000 }, () => metric);
    await entry.end('complete', { metrics, warnings: Array.from({ length: 9999 }, () => 'w') });
    const { record, state, problems } = await archive.read(entry.id);
    expect({ state, problems, settings: record.settings }).toEqual({
      state: 'complete',
      problems: [],
      settings: null,
    });
    expect(record.warnings.slice(0, 3)).toEqual([
      expect.stringContaining('the settings'),
      expect.stringContaining('20000 figures'),
      expect.stringContaining('9999 warnings'),
    ]);
    expect((await archive.list()).total).toBe(1);
  });
});

describe('links', () => {
  it.each(['replies/01_GetTestData.json', 'replies', 'data.json', 'measurement.json'])(
    'are not followed out of the folder (%s)',
    async (name) => {
      const folder = dataFolder();
      const archive = open(folder);
      const entry = await measure(archive);
      const elsewhere = path.join(dataFolder(), path.basename(name));
      const place = path.join(entry.folder, name);
      renameSync(place, elsewhere);
      symlinkSync(elsewhere, place);
      rmSync(path.join(folder, 'index.jsonl'));
      if (name === 'measurement.json') {
        await expect(archive.read(entry.id)).rejects.toMatchObject({
          code: 'damaged',
          message: expect.stringContaining('link'),
        });
        return;
      }
      const { problems } = await archive.read(entry.id);
      expect(problems).toEqual([expect.stringContaining('link')]);
      const kept = await archive.replies(entry.id).catch((error: unknown) => error);
      if (name === 'replies') expect(kept).toMatchObject({ code: 'damaged' });
      else expect(kept).toHaveLength(name === 'data.json' ? 1 : 0);
      if (name === 'data.json')
        await expect(archive.dataset(entry.id)).rejects.toMatchObject({ code: 'damaged' });
      expect((await archive.list()).damaged[0]?.reason).toContain('link');
    },
  );

  it('are not written through', async () => {
    const folder = dataFolder();
    const entry = await open(folder, { pid: 77 }).begin(draft());
    const elsewhere = dataFolder();
    symlinkSync(elsewhere, path.join(entry.folder, 'replies'));
    const after = open(folder, { isAlive: (pid) => pid !== 77 });
    await expect(after.resume(entry.id)).rejects.toMatchObject({ code: 'damaged' });
    await expect(entry.keepReply('GetTestData', REPLY)).rejects.toThrow('link');
    await entry.keepPartial(dataset(), REPLY).catch(() => undefined);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it.each(['the measurement', 'its day'])('are no folder of %s', async (what) => {
    const folder = dataFolder();
    const archive = open(folder);
    const { id, folder: place } = await measure(archive);
    const from = what === 'the measurement' ? place : path.dirname(place);
    const to = path.join(dataFolder(), path.basename(from));
    renameSync(from, to);
    symlinkSync(to, from);
    rmSync(path.join(folder, 'index.jsonl'));
    expect(await archive.list()).toMatchObject({
      total: 0,
      damaged: [{ reason: expect.stringContaining('link') }],
    });
    await expect(archive.read(id)).rejects.toMatchObject({ code: 'damaged' });
  });

  it('may be the data folder, and the folder of all measurements', async () => {
    const [link, real] = [path.join(dataFolder(), 'link'), dataFolder()];
    symlinkSync(real, link);
    mkdirSync(path.join(real, 'elsewhere'));
    symlinkSync(path.join(real, 'elsewhere'), path.join(real, 'measurements'));
    const archive = open(link);
    await archive.requireWritable();
    const { id } = await measure(archive);
    expect(await archive.read(id)).toMatchObject({ state: 'complete', problems: [] });
  });
});

describe('names in a record', () => {
  it.each(['../../../../etc/passwd', '/etc/passwd', 'replies/../../x', 'a/b/c/d/e', 'replies\\x', ''])(
    'lead nowhere: %j',
    async (name) => {
      const folder = dataFolder();
      const archive = open(folder);
      const entry = await measure(archive);
      change(entry, { files: [{ name, bytes: 1, sha256: '' }] });
      rmSync(path.join(folder, 'index.jsonl'));
      expect((await archive.read(entry.id)).problems).toEqual([
        expect.stringContaining('is not the name of a file'),
      ]);
      // Not even the size of what is there is told.
      expect((await archive.list()).damaged[0]?.reason).toContain('is not the name of a file');
    },
  );

  it('are looked at once each', async () => {
    const archive = open(dataFolder());
    const entry = await measure(archive);
    const { record } = await archive.read(entry.id);
    change(entry, { files: Array.from({ length: 10_000 }, () => record.files[0]) });
    expect((await archive.read(entry.id)).problems).toEqual(['some files are listed more than once']);
  });
});

// Windows has no such files.
it.runIf(process.platform !== 'win32').each(['measurement.json', 'data.json', 'heartbeat.json'])(
  'a pipe in the place of %s does not hold anything up',
  async (name) => {
    const folder = dataFolder();
    const archive = open(folder);
    const entry = await measure(archive);
    rmSync(path.join(entry.folder, name), { force: true });
    expect(spawnSync('mkfifo', [path.join(entry.folder, name)]).status).toBe(0);
    rmSync(path.join(folder, 'index.jsonl'));
    expect((await archive.list()).damaged).toHaveLength(name === 'heartbeat.json' ? 0 : 1);
    await archive.read(entry.id).catch((error: unknown) => expect(error).toMatchObject({ code: 'damaged' }));
  },
);

describe('a byte order mark', () => {
  it.each(['measurement.json', 'data.json'])('in %s is no damage', async (name) => {
    const folder = dataFolder();
    const archive = open(folder);
    const entry = await archive.begin(draft());
    await entry.keepDataset(dataset());
    const mark = (): void => {
      const file = path.join(entry.folder, name);
      writeFileSync(file, `\uFEFF${readFileSync(file, 'utf8')}`);
    };
    change(entry, { comment: 'by hand' });
    mark();
    expect((await archive.read(entry.id)).record).toMatchObject({ comment: 'by hand' });
    expect(await archive.dataset(entry.id)).toEqual(dataset());
    // What was added by hand is not lost either.
    await entry.end('complete', {});
    expect((await archive.read(entry.id)).record).toMatchObject({ comment: 'by hand', state: 'complete' });
    if (name === 'measurement.json') mark();
    rmSync(path.join(folder, 'index.jsonl'));
    expect((await archive.list()).entries).toHaveLength(1);
  });

  it('of UTF-16 is told', async () => {
    const archive = open(dataFolder());
    const entry = await measure(archive);
    const file = path.join(entry.folder, 'measurement.json');
    writeFileSync(file, `\uFEFF${readFileSync(file, 'utf8')}`, 'utf16le');
    await expect(archive.read(entry.id)).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining('UTF-16'),
    });
  });
});
