import { expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { ConnectionError, InstrumentError } from '../../../src/errors.ts';
import { Cleanups } from '../../../src/measurement/run/cleanups.ts';
import { Switches } from '../../../src/measurement/run/switches.ts';

const away = new ConnectionError('no route', { code: 'unreachable', outcome: 'not_sent', hint: '' });
const stuck = new InstrumentError('relay stuck', { code: 5, outcome: 'refused', hint: '' });

/** Switches on, and what is tried when it is to be switched off. */
async function on(...answers: (Error | undefined)[]) {
  const cleanups = new Cleanups(new Switches(() => new Date()), systemClock);
  let tries = 0;
  const off = async (): Promise<void> => {
    const answer = answers[Math.min(tries++, answers.length - 1)];
    if (answer !== undefined) throw answer;
  };
  await cleanups.withUndo({ act: () => Promise.resolve(), what: 'switching off', undo: off });
  return { cleanups, tries: () => tries };
}

it('switches off again while the network is away', async () => {
  const { cleanups, tries } = await on(away, away, undefined);
  await cleanups.undoAtEnd();
  expect(tries()).toBe(3);
  expect(cleanups.failures).toEqual([]);
});

it('remembers what failed, and takes that back once it has worked', async () => {
  const { cleanups, tries } = await on(stuck, undefined);
  await cleanups.undoAtEnd();
  expect(cleanups.failures).toEqual(['switching off FAILED: relay stuck']);
  await cleanups.undoAtEnd();
  expect(cleanups.failures).toEqual([]);
  await cleanups.undoAtEnd();
  expect(tries()).toBe(2);
});

it('switches off once more what was being switched on at the time', async () => {
  const cleanups = new Cleanups(new Switches(() => new Date()), systemClock);
  let finish: () => void = () => undefined;
  let offs = 0;
  const switching = cleanups.withUndo({
    act: () => new Promise<void>((resolve) => (finish = resolve)),
    what: 'switching off',
    undo: async () => void offs++,
  });
  await cleanups.undoAtEnd();
  finish();
  await switching;
  await cleanups.undoAtEnd();
  expect(offs).toBe(2);
});

it('keeps what was on, with how its off is known', async () => {
  const switches = new Switches(() => new Date());
  const cleanups = new Cleanups(switches, systemClock);
  const laser = (act: () => Promise<unknown>, undo: () => Promise<unknown>) =>
    cleanups.withUndo({ act, what: 'laser off', undo, switching: { what: 'laser', detail: 'channel 1' } });
  await expect(
    laser(
      () => Promise.reject(stuck),
      () => Promise.resolve(),
    ),
  ).rejects.toBe(stuck);
  expect(switches.entries).toEqual([]);
  let answer: Promise<unknown> = Promise.reject(stuck);
  await laser(
    () => Promise.resolve(),
    () => answer,
  );
  expect(switches.entries).toMatchObject([{ what: 'laser', off_at: null, off: null }]);
  await cleanups.undoAtEnd();
  expect(switches.entries).toMatchObject([{ off_at: null, off: 'failed' }]);
  answer = Promise.resolve();
  await cleanups.undoAtEnd();
  expect(switches.entries).toMatchObject([{ off_at: expect.any(String), off: 'acknowledged' }]);
});
