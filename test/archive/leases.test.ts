import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Archive } from '../../src/archive/archive.ts';
import { dataFolders, dataset, draft, measure, open, REPLY, START } from './fixture.ts';

const dataFolder = dataFolders();
afterEach(() => void vi.useRealTimers());

/** A server on another computer, with the same name and a clock of its own, that knows only what it sees. */
class Onlooker {
  readonly archive: Archive;
  #elapsedMs = 0;

  constructor(folder: string, minutesOff = 0) {
    this.archive = open(folder, {
      machine: 'another',
      pid: 99,
      now: () => new Date(START.getTime() + minutesOff * 60_000),
      elapsedMs: () => this.#elapsedMs,
    });
  }

  readonly pass = async (ms: number): Promise<void> => {
    this.#elapsedMs += ms;
  };

  async stateOf(id: string): Promise<string> {
    const { state } = await this.archive.read(id);
    const listed = (await this.archive.list()).entries.find((entry) => entry.id === id);
    return listed?.state === state ? state : `${state}, and in the list ${listed?.state}`;
  }
}

/** Lets the process that measures show itself once. */
async function beat(folder: string): Promise<void> {
  const file = path.join(folder, 'heartbeat.json');
  const before = read(file);
  vi.advanceTimersByTime(5000);
  await vi.waitFor(() => expect(read(file)).not.toBe(before), { timeout: 20_000 });
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const fakeBeats = (): unknown => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });

describe('whether somebody else measures', () => {
  it.each([-10, -2, 0, 2, 10])('is told by no clock (%i minutes off)', async (minutesOff) => {
    fakeBeats();
    const folder = dataFolder();
    const entry = await open(folder).begin(draft());
    const onlooker = new Onlooker(folder, minutesOff);
    expect(await onlooker.stateOf(entry.id)).toBe('perhaps_running');
    for (let minutes = 0; minutes < 3; minutes += 1) {
      await onlooker.pass(59_000);
      await beat(entry.folder);
      expect(await onlooker.stateOf(entry.id)).toBe('running');
    }
    await onlooker.pass(59_000);
    expect(await onlooker.stateOf(entry.id)).toBe('running');
    await onlooker.pass(1000);
    expect(await onlooker.stateOf(entry.id)).toBe('interrupted');
    // It was only slow.
    await beat(entry.folder);
    expect(await onlooker.stateOf(entry.id)).toBe('running');
    await entry.end('complete', {});
    expect(await onlooker.stateOf(entry.id)).toBe('complete');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not known at the first look, and known once its sign of life stood still', async () => {
    fakeBeats();
    const folder = dataFolder();
    const { id } = await open(folder).begin(draft());
    const onlooker = new Onlooker(folder);
    expect(await onlooker.stateOf(id)).toBe('perhaps_running');
    await expect(onlooker.archive.resume(id)).rejects.toMatchObject({ code: 'measurement_running' });
    await onlooker.pass(59_999);
    expect(await onlooker.stateOf(id)).toBe('perhaps_running');
    await onlooker.pass(1);
    expect(await onlooker.stateOf(id)).toBe('interrupted');
  });

  it('is known at once on the same computer where its process is gone', async () => {
    const folder = dataFolder();
    const { id } = await open(folder, { pid: 77 }).begin(draft());
    const after = open(folder, { isAlive: (pid) => pid !== 77 });
    expect((await after.list({ state: 'interrupted' })).entries[0]?.id).toBe(id);
    expect(await after.read(id)).toMatchObject({ state: 'interrupted', record: { state: 'running' } });
    expect((await open(folder).read(id)).state).toBe('perhaps_running');
  });

  it.each([undefined, 'another'])(
    'is not told by the number of a process of another computer (%s)',
    async (machine) => {
      const folder = dataFolder();
      const { id } = await open(folder, { pid: 77 }).begin(draft());
      const after = open(folder, { machine, isAlive: () => false });
      expect((await after.read(id)).state).toBe('perhaps_running');
    },
  );

  it('is waited for where it has to be known, and the waiting can be given up', async () => {
    fakeBeats();
    const folder = dataFolder();
    const entry = await open(folder).begin(draft());
    const gone = new Onlooker(folder);
    expect((await gone.archive.untilKnown(entry.id, gone.pass)).state).toBe('interrupted');
    const there = new Onlooker(folder);
    const looks = vi.fn<(ms: number) => Promise<void>>(async (ms) => {
      await there.pass(ms);
      if (looks.mock.calls.length === 3) await beat(entry.folder);
    });
    expect((await there.archive.untilKnown(entry.id, looks)).state).toBe('running');
    const stopped = new Error('stopped');
    const stop = (): Promise<never> => Promise.reject(stopped);
    await expect(new Onlooker(folder).archive.untilKnown(entry.id, stop)).rejects.toBe(stopped);
  });

  it('is looked at anew by a computer that was asleep', async () => {
    fakeBeats();
    const folder = dataFolder();
    const entry = await open(folder).begin(draft());
    const onlooker = new Onlooker(folder);
    await onlooker.stateOf(entry.id);
    await onlooker.pass(3_600_000);
    const looks = vi.fn<(ms: number) => Promise<void>>(async (ms) => {
      await onlooker.pass(ms);
      if (looks.mock.calls.length === 4) await beat(entry.folder);
    });
    expect((await onlooker.archive.untilKnown(entry.id, looks)).state).toBe('running');
  });
});

describe('an entry that is taken over', () => {
  /** B takes over what A measures on, as after a network that was away for a minute. */
  async function takenOver() {
    const folder = dataFolder();
    const a = open(folder);
    const entry = await a.begin(draft({ note: 'of A' }));
    const b = new Onlooker(folder, 5);
    await b.stateOf(entry.id);
    await b.pass(60_000);
    const first = entry.id;
    const taken = await b.archive.resume(first);
    return { folder, a, b, entry, first, taken };
  }

  it.each(['a reply', 'the end', 'a heartbeat'])(
    'is noticed with %s by whoever had it, and nothing of either is lost',
    async (how) => {
      fakeBeats();
      const { a, b, entry, first, taken } = await takenOver();
      if (how === 'a heartbeat') {
        vi.advanceTimersByTime(5000);
        await vi.waitFor(() => expect(entry.id).not.toBe(first), { timeout: 20_000 });
      }
      if (how !== 'the end') await entry.keepReply('GetTestData', REPLY);
      else {
        entry.keepReply('GetTestData', REPLY).catch(() => undefined);
        entry.keepDataset(dataset(1)).catch(() => undefined);
      }
      await taken.keepReply('GetTestData', Buffer.from('[]'));
      await taken.keepDataset(dataset(2));
      await taken.end('complete', { note: 'of B' });
      if (how !== 'the end') await entry.keepDataset(dataset(1));
      await entry.end('complete', {});

      expect(entry.id).not.toBe(first);
      expect(entry.notes).toEqual([expect.stringContaining(first)]);
      for (const archive of [a, b.archive]) {
        expect(await archive.read(first)).toMatchObject({
          state: 'complete',
          problems: [],
          record: { note: 'of B' },
        });
        expect((await archive.replies(first)).map(({ bytes }) => bytes)).toEqual([Buffer.from('[]')]);
        expect(await archive.dataset(first)).toEqual(dataset(2));
        expect(await archive.read(entry.id)).toMatchObject({
          state: 'complete',
          problems: [],
          record: { note: 'of A', warnings: [expect.stringContaining(first)] },
        });
        expect((await archive.replies(entry.id)).map(({ bytes }) => bytes)).toEqual([REPLY]);
        expect(await archive.dataset(entry.id)).toEqual(dataset(1));
        expect((await archive.list()).total).toBe(2);
      }
    },
  );

  it('is kept by the last of two who take it', async () => {
    const { folder, first, taken } = await takenOver();
    const c = new Onlooker(folder);
    await c.stateOf(first);
    await c.pass(60_000);
    const last = await c.archive.resume(first);
    await expect(taken.keepReply('GetTestData', REPLY)).rejects.toMatchObject({ code: 'taken_over' });
    await expect(taken.end('complete', {})).rejects.toMatchObject({ code: 'taken_over' });
    await last.end('failed', { note: 'of C' });
    const { record, state } = await c.archive.read(first);
    expect({ state, note: record.note, files: record.files }).toEqual({
      state: 'failed',
      note: 'of C',
      files: [],
    });
  });

  it('says that nobody measures once it is given back', async () => {
    const { folder, first, taken } = await takenOver();
    await taken.keepPartial(dataset(1), REPLY);
    await taken.release();
    const { record, state, problems } = await new Onlooker(folder).archive.read(first);
    expect({ state, problems, partial: record.partial, note: record.note }).toEqual({
      state: 'interrupted',
      problems: [],
      partial: true,
      note: 'of A',
    });
  });

  it('is not one that has ended whole', async () => {
    const folder = dataFolder();
    const { id } = await measure(open(folder));
    await expect(open(folder).resume(id)).rejects.toMatchObject({ code: 'already_complete' });
  });

  it('keeps what somebody else added to the record', async () => {
    const { first, taken, b } = await takenOver();
    const file = path.join(taken.folder, 'measurement.json');
    const written: object = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...written, comment: 'by hand' }));
    await taken.end('complete', {});
    expect((await b.archive.read(first)).record).toMatchObject({ comment: 'by hand', state: 'complete' });
  });
});
