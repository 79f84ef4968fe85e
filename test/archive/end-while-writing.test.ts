import path from 'node:path';
import { expect, it } from 'vitest';
import type { Operation } from '../helpers/faulty-disk.ts';
import { faultyDisk } from '../helpers/faulty-disk.ts';
import { dataFolders, dataset, draft, open, REPLY } from './fixture.ts';

const dataFolder = dataFolders();

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** A disk that holds the first operation of that kind on that file, once it is asked to. */
function holdingDisk(operation: Operation, file: string) {
  const reached = withResolvers();
  const release = withResolvers();
  let isHolding = false;
  const disk = faultyDisk((what, at) => {
    if (!isHolding || what !== operation || path.basename(at) !== file) return undefined;
    isHolding = false;
    reached.resolve();
    return release.promise;
  });
  return { disk, hold: () => void (isHolding = true), reached: reached.promise, release: release.resolve };
}

const WRITES = [
  ['rename', 'measurement.json'],
  ['look', 'measurement.json'],
  ['read', 'measurement.json'],
] as const;
const KEPT = ['nothing', 'a reply', 'a reply and its data'] as const;

it.each(WRITES.flatMap(([operation, file]) => KEPT.map((kept) => [operation, file, kept] as const)))(
  'an entry that ends while its record is being written (%s of %s), with %s since, has its end and all of that',
  async (operation, file, kept) => {
    const { disk, hold, reached, release } = holdingDisk(operation, file);
    const folder = dataFolder();
    const entry = await open(folder, { disk }).begin(draft({ start: 'unknown' }));
    hold();
    const noted = entry.noteStart('unknown');
    await Promise.race([reached, noted]);
    const rest = [
      ...(kept === 'nothing' ? [] : [entry.keepReply('GetTestData', REPLY)]),
      ...(kept === 'a reply and its data' ? [entry.keepDataset(dataset(1))] : []),
      entry.end('complete', { start: 'accepted', note: 'ended' }),
    ];
    release();
    await Promise.all([noted, ...rest]);
    const { record, state, problems } = await open(folder, { isAlive: () => false }).read(entry.id);
    expect({ state, problems, start: record.start, note: record.note }).toEqual({
      state: 'complete',
      problems: [],
      start: 'accepted',
      note: 'ended',
    });
    expect(record.files.map(({ name }) => name).sort()).toEqual([
      ...(kept === 'a reply and its data' ? ['data.csv', 'data.json'] : []),
      ...(kept === 'nothing' ? [] : ['replies/01_GetTestData.json']),
    ]);
  },
);
