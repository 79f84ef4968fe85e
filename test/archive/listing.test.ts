import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Archive, ListFilter } from '../../src/archive/archive.ts';
import { dataFolders, draft, measure, open, START } from './fixture.ts';

const dataFolder = dataFolders();

async function ids(archive: Archive, filter?: ListFilter): Promise<string[]> {
  return (await archive.list(filter)).entries.map(({ id }) => id);
}

describe('the list', () => {
  it('is empty before there is an archive, and makes none', async () => {
    const folder = path.join(dataFolder(), 'none');
    expect(await open(folder).list()).toEqual({ entries: [], total: 0, damaged: [] });
    expect(() => readFileSync(folder)).toThrow('ENOENT');
  });

  it('is newest first, filtered and in pages', async () => {
    let now = START;
    const archive = open(dataFolder(), { now: () => now });
    const first = await measure(archive, { device_name: 'Zelle Ä1', note: 'after light soaking' });
    now = new Date('2026-11-22T23:59:59.999Z');
    const second = await measure(archive, { routine: 'Impedance', user_name: 'Grace' }, 'failed');
    now = new Date('2026-11-23T00:00:00.000Z');
    const third = await archive.begin(draft({ device_name: null }));
    const [a, b, c] = [first.id, second.id, third.id];
    expect(c).toMatch(/^2026-11-23_00\.00\.00Z_JV_[0-9a-f]{4}$/);

    const cases: [ListFilter, string[]][] = [
      [{}, [c, b, a]],
      [{ device: 'zelle ä' }, [a]],
      [{ device: 'zelle a\u03081'.toUpperCase() }, [a]],
      [{ routine: 'imp' }, [b]],
      [{ text: 'SOAKING' }, [a]],
      [{ text: 'grace' }, [b]],
      [{ text: c.slice(-4) }, [c]],
      [{ state: 'running' }, [c]],
      [{ state: 'failed' }, [b]],
      [{ from: '2026-11-23' }, [c]],
      [{ to: '2026-11-22' }, [b, a]],
      [{ from: '2026-11-22T21:14:06' }, [c, b]],
      [{ to: '2026-11-22T21:14' }, [a]],
      [{ to: '2026-11-22T21:14:05Z' }, [a]],
      [{ to: '2026-11-22T21:14:05.119Z' }, []],
      [{ from: '2026-11-23T01:00:00+01:00' }, [c]],
      [{ device: 'cell', text: 'grace', state: 'running' }, []],
      [{ limit: 1, offset: 1 }, [b]],
      [{ limit: 0 }, []],
    ];
    for (const [filter, expected] of cases)
      expect(await ids(archive, filter), JSON.stringify(filter)).toEqual(expected);
    expect(await archive.list({ limit: 1 })).toMatchObject({ total: 3, damaged: [] });
  });

  it.each(['yesterday', '2026-02-30', '22.11.2026', '2026-11-22T25:00Z', ''])(
    'refuses the date %j',
    async (date) => {
      const error = {
        name: 'InputError',
        message: expect.stringContaining(`"${date}"`),
        hint: expect.stringContaining('2026-11-22'),
      };
      await expect(open(dataFolder()).list({ from: date })).rejects.toMatchObject(error);
      await expect(open(dataFolder()).list({ to: date })).rejects.toMatchObject(error);
    },
  );
});

describe('the index', () => {
  it('spares reading the records', async () => {
    const folder = dataFolder();
    const archive = open(folder);
    const { id } = await measure(archive);
    const line: object = JSON.parse(
      readFileSync(path.join(folder, 'index.jsonl'), 'utf8').trim().split('\n').at(-1) ?? '',
    );
    const others = Array.from(
      { length: 2000 },
      (_, i) => `${id.slice(0, -4)}${(0x1_0000 + i).toString(16).slice(1)}`,
    );
    // Folders without a record: whoever reads one of them reports it.
    const day = path.join(folder, 'measurements', '2026-11-22');
    for (const other of others) mkdirSync(path.join(day, other), { recursive: true });
    const lines = others.map((other) => `${JSON.stringify({ ...line, id: other })}\n`);
    appendFileSync(path.join(folder, 'index.jsonl'), lines.join(''));
    const { total, damaged } = await archive.list();
    expect({ total, damaged }).toEqual({ total: new Set([id, ...others]).size, damaged: [] });
  });

  it.each<[string, (file: string) => void]>([
    ['missing', (file) => rmSync(file)],
    ['no index', (file) => writeFileSync(file, Buffer.from([0, 255, 10, 13, 200]))],
    ['torn', (file) => writeFileSync(file, readFileSync(file).subarray(0, -9))],
    ['torn at the start', (file) => writeFileSync(file, readFileSync(file).subarray(40))],
    ['a folder', (file) => (rmSync(file), mkdirSync(file))],
    [
      'of measurements that are gone',
      (file) => appendFileSync(file, readFileSync(file, 'utf8').replaceAll('Cell-A', 'Cell-B')),
    ],
  ])('may be %s', async (_, damage) => {
    const folder = dataFolder();
    const archive = open(folder);
    await measure(archive);
    await measure(archive, {}, 'failed');
    await archive.begin(draft());
    const before = await archive.list();
    expect(before.total).toBe(3);
    damage(path.join(folder, 'index.jsonl'));
    expect(await archive.list()).toEqual(before);
    await measure(archive);
    expect((await archive.list()).total).toBe(4);
    expect((await open(folder).list()).entries.filter(({ state }) => state === 'complete')).toHaveLength(2);
  });

  it('learns of measurements that were copied in, and how running ones ended', async () => {
    const folder = dataFolder();
    const file = path.join(folder, 'index.jsonl');
    const archive = open(folder);
    const entry = await archive.begin(draft());
    const begun = readFileSync(file);
    await entry.end('complete', {});
    writeFileSync(file, begun);
    await measure(archive);
    writeFileSync(file, begun);
    expect((await archive.list()).entries.map(({ state }) => state)).toEqual(['complete', 'complete']);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.filter((line) => line.includes(entry.id))).toHaveLength(2);
    await archive.list();
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(3);
  });
});

describe('a damaged measurement', () => {
  it.each<[string, (folder: string) => void]>([
    ['is missing', (folder) => rmSync(path.join(folder, 'measurement.json'))],
    ['is not JSON', (folder) => writeFileSync(path.join(folder, 'measurement.json'), '{"format"')],
    ['is not the record', (folder) => writeFileSync(path.join(folder, 'measurement.json'), '{"format":"x"}')],
  ])('is reported when its record %s, and its data can still be read', async (reason, damage) => {
    const folder = dataFolder();
    const archive = open(folder);
    const good = await measure(archive);
    const bad = await measure(archive);
    damage(bad.folder);
    rmSync(path.join(folder, 'index.jsonl'));
    for (let times = 0; times < 2; times += 1) {
      expect(await archive.list()).toMatchObject({
        entries: [{ id: good.id }],
        damaged: [{ folder: bad.folder, reason: expect.stringContaining(reason) }],
      });
    }
    await expect(archive.read(bad.id)).rejects.toMatchObject({ name: 'ArchiveError', code: 'damaged' });
    expect((await archive.dataset(bad.id)).routine).toBe('JV');
    expect(await archive.replies(bad.id)).toHaveLength(1);
  });

  it('is read as far as it can be when its files are', async () => {
    const folder = dataFolder();
    const archive = open(folder);
    const { id, folder: place } = await measure(archive);
    rmSync(path.join(place, 'replies'), { recursive: true });
    const csv = path.join(place, 'data.csv');
    writeFileSync(csv, readFileSync(csv, 'utf8').replace('0.5', '0.6'));
    writeFileSync(path.join(place, 'data.json'), '{');
    const { record, problems } = await archive.read(id);
    expect(record.device_name).toBe('Cell A');
    expect(problems).toEqual([
      'replies/01_GetTestData.json is missing',
      expect.stringMatching(/^data\.json has 1 bytes instead of \d+$/),
      'data.csv was changed: its SHA-256 does not match',
    ]);
    await expect(archive.dataset(id)).rejects.toMatchObject({ code: 'damaged' });
    rmSync(path.join(folder, 'index.jsonl'));
    expect(await archive.list()).toMatchObject({ entries: [{ id }], damaged: [{ folder: place }] });
    expect((await archive.list()).damaged[0]?.reason).toContain('01_GetTestData.json is missing');
  });

  it('goes by the name of its folder, and says that it was renamed', async () => {
    const folder = dataFolder();
    const archive = open(folder, { suffix: () => '3f9c' });
    const { id, folder: place } = await measure(archive);
    renameSync(place, place.replace('3f9c', '0000'));
    const renamed = id.replace('3f9c', '0000');
    expect(await ids(archive)).toEqual([renamed]);
    expect(await archive.read(renamed)).toMatchObject({
      record: { id },
      problems: [expect.stringContaining('it was renamed')],
    });
    await expect(archive.read(id)).rejects.toMatchObject({ hint: expect.stringContaining(renamed) });
  });

  it('cannot name files elsewhere', async () => {
    const archive = open(dataFolder());
    const { id, folder } = await measure(archive);
    const file = path.join(folder, 'measurement.json');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('replies/01_GetTestData.json', '../../../index.jsonl'),
    );
    expect((await archive.read(id)).problems).toEqual([expect.stringContaining('is not the name of a file')]);
  });
});
