import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataFolders, dataset, draft, measure, open, REPLY } from './fixture.ts';

const dataFolder = dataFolders();

describe('a measurement in the archive', () => {
  it('is a folder that people can read', async () => {
    const folder = dataFolder();
    const archive = open(folder, { suffix: () => '3f9c' });
    const entry = await measure(archive, { simulated: true, simulator: 'arkeo-mcp 0.1.0' });
    expect(entry.id).toBe('2026-11-22_21.14.05Z_JV_Cell-A_3f9c_SIMULATED');
    expect(entry.folder).toBe(path.join(folder, 'measurements', '2026-11-22', entry.id));
    expect(readdirSync(folder).sort()).toEqual(['index.jsonl', 'measurements']);
    expect(readdirSync(entry.folder, { recursive: true }).map(String).sort()).toEqual(
      [
        'data.csv',
        'data.json',
        'measurement.json',
        'replies',
        path.join('replies', '01_GetTestData.json'),
      ].sort(),
    );
    expect(readFileSync(path.join(entry.folder, 'data.csv'), 'utf8')).toContain('SIMULATED,Forward,1,0.5,');
  });

  it('keeps replies byte for byte, data and checksums', async () => {
    const archive = open(dataFolder());
    const entry = await archive.begin(draft());
    await Promise.all([
      entry.keepReply('GetTestData', REPLY),
      entry.keepReply('../Get: Rates', Buffer.from('[]')),
      entry.keepDataset(dataset()),
    ]);
    const ended = await entry.end('stopped', { warnings: ['cut short'], conditions_after: null });
    const { record, state, problems } = await archive.read(entry.id);
    expect(record).toEqual(ended);
    expect({ state, problems }).toEqual({ state: 'stopped', problems: [] });
    expect(record).toMatchObject({ warnings: ['cut short'], ended_at: '2026-11-22T21:14:05.120Z' });
    expect(record.files.map(({ name }) => name)).toEqual([
      'replies/01_GetTestData.json',
      'replies/02_-Get-Rates.json',
      'data.json',
      'data.csv',
    ]);
    for (const { name, bytes, sha256 } of record.files) {
      const content = readFileSync(path.join(entry.folder, name));
      expect(content.byteLength).toBe(bytes);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    }
    expect(await archive.dataset(entry.id)).toEqual(dataset());
    expect(await archive.replies(entry.id)).toEqual([
      { name: 'replies/01_GetTestData.json', command: 'GetTestData', bytes: REPLY },
      { name: 'replies/02_-Get-Rates.json', command: '-Get-Rates', bytes: Buffer.from('[]') },
    ]);
  });

  it('gives more than 99 replies back in their order', async () => {
    const archive = open(dataFolder());
    const entry = await archive.begin(draft());
    const sent = Array.from({ length: 101 }, (_, i) => Buffer.from(String(i)));
    for (const bytes of sent) await entry.keepReply('GetTestData', bytes);
    expect((await archive.replies(entry.id)).map(({ bytes }) => bytes)).toEqual(sent);
  });

  it('replaces the data, and what it says of itself is its own', async () => {
    const archive = open(dataFolder());
    const entry = await archive.begin(draft());
    await entry.keepDataset(dataset(1));
    await entry.keepDataset(dataset(2));
    expect((await archive.read(entry.id)).state).toBe('running');
    await entry.end('failed', { id: 'other', state: 'complete', files: [], note: 'second try' });
    const { record, state, problems } = await archive.read(entry.id);
    expect({ id: record.id, state, note: record.note, problems }).toEqual({
      id: entry.id,
      state: 'failed',
      note: 'second try',
      problems: [],
    });
    expect(record.files.map(({ name }) => name)).toEqual(['data.json', 'data.csv']);
    expect(await archive.dataset(entry.id)).toEqual(dataset(2));
    await expect(entry.end('failed', { note: 'late' })).rejects.toThrow('has ended');
  });

  it('keeps members that it does not know, its own and those others added', async () => {
    const archive = open(dataFolder());
    const entry = await archive.begin(draft({ batch: 'B7' }));
    const file = path.join(entry.folder, 'measurement.json');
    const written: object = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...written, comment: 'by hand', format_version: 7 }));
    await entry.end('complete', { note: 'a' });
    expect((await archive.read(entry.id)).record).toMatchObject({
      batch: 'B7',
      comment: 'by hand',
      note: 'a',
    });
  });

  it('reads a record of a newer version, and says so', async () => {
    const archive = open(dataFolder());
    const { id, folder } = await measure(archive);
    const file = path.join(folder, 'measurement.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"format_version": 1', '"format_version": 2'));
    const { record, problems } = await archive.read(id);
    expect(record.device_name).toBe('Cell A');
    expect(problems).toEqual([expect.stringContaining('newer arkeo-mcp (format_version 2')]);
  });

  it('survives figures that JSON has no number for', async () => {
    const archive = open(dataFolder());
    const entry = await archive.begin(draft());
    const metric = { name: 'voc', unit: 'V', method: 'fit', version: 1, uncertainty: Infinity };
    await entry.end('complete', { metrics: [{ ...metric, value: Number.NaN }] });
    expect((await archive.read(entry.id)).record.metrics[0]?.value).toBeNull();
    expect((await archive.list()).entries[0]?.metrics).toEqual([
      { name: 'voc', value: null, unit: 'V', uncertainty: null },
    ]);
  });
});

describe('files beside a measurement', () => {
  it('never overwrite', async () => {
    const archive = open(dataFolder());
    const { id, folder } = await measure(archive);
    const names = await Promise.all(
      ['plot.png', 'plot.png', 'Plot.png', 'data.csv', 'notes'].map(async (name) =>
        archive.addFile(id, name, `a ${name}`),
      ),
    );
    expect(names.every((name) => path.dirname(name) === folder)).toBe(true);
    expect(new Set(names).size).toBe(5);
    expect(path.basename(names[3] ?? '')).toBe('data-2.csv');
    expect(await archive.addFile(id, 'PLOT.PNG', 'x')).toMatch(/PLOT-\d\.PNG$/);
    expect(await archive.addFile(id, 'notes', 'x')).toMatch(/notes-2$/);
    expect(readFileSync(names[4] ?? '', 'utf8')).toBe('a notes');
    expect((await archive.read(id)).problems).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it.each([
    '',
    '..',
    'a/b.png',
    'a\\b.png',
    'C:x',
    'con',
    'NUL.txt',
    'x.',
    'x ',
    '.hidden',
    'a\u0000b',
    'x'.repeat(121),
  ])('are not called %j', async (name) => {
    const archive = open(dataFolder());
    const { id, folder } = await measure(archive);
    const before = readdirSync(folder);
    await expect(archive.addFile(id, name, 'x')).rejects.toMatchObject({ name: 'InputError' });
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('an id that is not there', () => {
  it('is refused with the ids that are like it', async () => {
    const archive = open(dataFolder());
    const { id } = await measure(archive);
    const other = await measure(archive, { device_name: 'Zebra 9000', routine: 'Impedance' });
    for (const wrong of [id.slice(0, -3), id.replace('21.14', '21.15')]) {
      await expect(archive.read(wrong)).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringContaining(wrong),
        hint: expect.stringMatching(
          new RegExp(`list_measurements.*Like it are ${id.replaceAll('.', String.raw`\.`)}`),
        ),
      });
    }
    await expect(archive.read('zebra 9000')).rejects.toMatchObject({
      hint: expect.stringContaining(other.id),
    });
  });

  it.each(['..', '../..', '/etc/passwd', 'C:\\Windows', '2026-11-22_21.14.05Z_../../../x_3f9c', ''])(
    'does not lead out of the folder: %j',
    async (id) => {
      const archive = open(path.join(dataFolder(), 'none', 'yet'));
      for (const call of [
        async () => archive.read(id),
        async () => archive.dataset(id),
        async () => archive.replies(id),
        async () => archive.addFile(id, 'x.txt', 'x'),
      ])
        await expect(call()).rejects.toMatchObject({ name: 'InputError', code: 'no_such_measurement' });
    },
  );

  it('is another error than data that is not there', async () => {
    const archive = open(dataFolder());
    const { id } = await archive.begin(draft());
    await expect(archive.dataset(id)).rejects.toMatchObject({ name: 'InputError', code: 'no_data' });
    expect(await archive.replies(id)).toEqual([]);
  });
});
