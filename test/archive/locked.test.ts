import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultyDisk, WRITES } from '../helpers/faulty-disk.ts';
import { dataFolders, dataset, draft, open, REPLY } from './fixture.ts';

const dataFolder = dataFolders();
const CODES = ['EBUSY', 'EPERM', 'EACCES'];

/** An archive of which another program has some files open, and which tries at once what was refused. */
function archiveWith(isLocked: (file: string) => boolean, code = 'EBUSY') {
  const disk = faultyDisk((operation, file) =>
    operation === 'rename' && isLocked(path.basename(file)) ? code : undefined,
  );
  const folder = dataFolder();
  return { folder, archive: open(folder, { disk, retryMs: 5 }) };
}

describe.each(CODES)('a file that a spreadsheet has open (%s)', (code) => {
  it.each(['data.csv', 'data.json'])('does not cost the measurement where it is %s', async (file) => {
    let isOpen = true;
    const { archive } = archiveWith((name) => isOpen && name === file, code);
    const entry = await archive.begin(draft());
    await entry.keepReply('GetTestData', REPLY);
    await entry.keepDataset(dataset(1));
    await entry.end('complete', {});
    expect(entry.problem).toBeUndefined();
    expect(entry.notes).toEqual([expect.stringMatching(new RegExp(`^${file}.*another program`))]);
    const { record, state, problems } = await archive.read(entry.id);
    expect({ state, unwritten: record.unwritten }).toEqual({ state: 'complete', unwritten: [file] });
    expect(problems).toEqual([expect.stringContaining(file)]);
    expect(record.files.map(({ name }) => name)).not.toContain(file);
    if (file === 'data.json')
      await expect(archive.dataset(entry.id)).rejects.toMatchObject({ code: 'damaged' });
    else expect(await archive.dataset(entry.id)).toEqual(dataset(1));

    isOpen = false;
    await expect.poll(async () => (await archive.read(entry.id)).problems).toEqual([]);
    expect((await archive.read(entry.id)).record).toMatchObject({ unwritten: [], state: 'complete' });
    expect(await archive.dataset(entry.id)).toEqual(dataset(1));
    expect(entry.notes).toEqual([]);
    expect(readdirSync(entry.folder).sort()).toEqual([
      'data.csv',
      'data.json',
      'measurement.json',
      'replies',
    ]);
  });

  it('does not pass for the data where it is older', async () => {
    let isOpen = false;
    const { archive } = archiveWith((name) => isOpen && name.startsWith('data.'), code);
    const entry = await archive.begin(draft());
    await entry.keepPartial(dataset(1), REPLY);
    isOpen = true;
    await entry.keepReply('GetTestData', REPLY);
    await entry.keepDataset(dataset(2));
    await entry.end('complete', {});
    expect((await archive.read(entry.id)).problems).toHaveLength(2);
    await expect(archive.dataset(entry.id)).rejects.toMatchObject({ code: 'damaged' });
    // A server that lives tries it itself.
    await expect(archive.resume(entry.id)).rejects.toMatchObject({ code: 'already_complete' });
    isOpen = false;
    await expect.poll(async () => (await archive.read(entry.id)).problems).toEqual([]);
    expect(await archive.dataset(entry.id)).toEqual(dataset(2));
  });
});

describe('a record that cannot be replaced', () => {
  it.each(CODES)(
    'costs nothing, and no reply is kept twice, however often it is tried (%s)',
    async (code) => {
      let isOpen = false;
      const { folder, archive } = archiveWith((name) => isOpen && name === 'measurement.json', code);
      const entry = await archive.begin(draft());
      isOpen = true;
      const error = { code: 'file_in_use', hint: expect.stringContaining('spreadsheet') };
      await expect(entry.keepReply('GetTestData', REPLY)).rejects.toMatchObject(error);
      await expect(entry.keepDataset(dataset(1))).rejects.toMatchObject(error);
      await expect(entry.end('complete', { note: 'ended' })).rejects.toMatchObject(error);
      for (let tries = 0; tries < 4; tries += 1) await expect(entry.retry()).rejects.toMatchObject(error);
      expect(readdirSync(path.join(entry.folder, 'replies'))).toEqual(['01_GetTestData.json']);
      // Nobody measures: another server may take it over once this one is gone.
      expect((await archive.read(entry.id)).state).toBe('interrupted');
      await expect(archive.resume(entry.id)).rejects.toMatchObject(error);
      const after = open(folder, { isAlive: () => false });
      expect((await after.read(entry.id)).state).toBe('interrupted');

      isOpen = false;
      await expect.poll(async () => (await archive.read(entry.id)).state).toBe('complete');
      const { record, problems } = await archive.read(entry.id);
      expect({ problems, note: record.note }).toEqual({ problems: [], note: 'ended' });
      expect(await archive.replies(entry.id)).toHaveLength(1);
    },
  );

  it('is taken over with each reply once where its server went away meanwhile', async () => {
    let isOpen = false;
    const { folder, archive } = archiveWith((name) => isOpen && name === 'measurement.json');
    const entry = await archive.begin(draft());
    isOpen = true;
    await entry.keepReply('GetTestData', REPLY).catch(() => undefined);
    await entry.retry().catch(() => undefined);
    // Copies, as retries of an earlier version have left them.
    for (const n of ['02', '03', '04'])
      writeFileSync(path.join(entry.folder, 'replies', `${n}_GetTestData.json`), REPLY);
    const after = open(folder, { isAlive: () => false });
    const taken = await after.resume(entry.id);
    await taken.end('complete', {});
    const { record } = await after.read(entry.id);
    expect(record.files.map(({ name }) => name)).toEqual(['replies/01_GetTestData.json']);
  });
});

describe('a reply that cannot be written', () => {
  it('makes the entry end as failed, until it is there after all', async () => {
    let isFull = false;
    const disk = faultyDisk((operation, file) =>
      isFull && WRITES.includes(operation) && file.includes('replies') ? 'ENOSPC' : undefined,
    );
    const folder = dataFolder();
    const archive = open(folder, { disk, retryMs: 5 });
    const entry = await archive.begin(draft());
    isFull = true;
    await expect(entry.keepReply('GetTestData', REPLY)).rejects.toMatchObject({ code: 'disk_full' });
    await expect(entry.end('complete', {})).rejects.toMatchObject({ code: 'disk_full' });
    expect(await archive.read(entry.id)).toMatchObject({
      state: 'failed',
      record: { failure: { code: 'not_kept' } },
    });
    isFull = false;
    await expect.poll(async () => (await archive.read(entry.id)).state).toBe('complete');
    expect(await archive.read(entry.id)).toMatchObject({ problems: [], record: { failure: null } });
    expect(readFileSync(path.join(entry.folder, 'replies', '01_GetTestData.json'))).toEqual(REPLY);
    expect((await archive.list({ state: 'complete' })).total).toBe(1);
  });
});
