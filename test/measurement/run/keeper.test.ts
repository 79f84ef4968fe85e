import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { Keeper } from '../../../src/measurement/run/keeper.ts';
import { dataFolders, open } from '../../archive/fixture.ts';
import { dataset, draft, REPLY } from '../../archive/measurement.ts';

const dataFolder = dataFolders();

it('writes later what the disk refused, in its order', async () => {
  const folder = dataFolder();
  const archive = open(folder);
  writeFileSync(path.join(folder, 'measurements'), 'in the way');
  const keeper = new Keeper({ archive, clock: systemClock });
  await keeper.begin(draft());
  keeper.reply('GetTestData', REPLY);
  expect(keeper.id).toBeUndefined();
  expect(keeper.problem).toContain('a file is where a folder should be');
  rmSync(path.join(folder, 'measurements'));
  keeper.dataset(dataset(1));
  await keeper.settled();
  expect(keeper.problem).toBeUndefined();
  await keeper.end('complete', {});
  const { state, problems, record } = await archive.read(String(keeper.id));
  expect({ state, problems }).toEqual({ state: 'complete', problems: [] });
  expect(record.files).toHaveLength(3);
});

it('tries an end once more that was refused', async () => {
  const archive = open(dataFolder());
  const keeper = new Keeper({ archive, clock: systemClock });
  await keeper.begin(draft());
  const id = String(keeper.id);
  const file = path.join((await archive.read(id)).folder, 'measurement.json');
  const aside = `${file}.aside`;
  renameSync(file, aside);
  mkdirSync(file);
  const ending = keeper.end('complete', { note: 'ended' });
  // As soon as it was refused the first time.
  const waiting = setInterval(() => {
    if (keeper.problem === undefined) return;
    clearInterval(waiting);
    rmSync(file, { recursive: true });
    renameSync(aside, file);
  }, 1);
  await ending;
  expect(keeper.problem).toBeUndefined();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ state: 'complete', note: 'ended' });
});
