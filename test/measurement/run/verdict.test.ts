import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Extent } from '../../../src/measurement/run/extent.ts';
import type { Phase } from '../../../src/measurement/run/phase.ts';
import {
  BY_REQUEST,
  BY_SHUTDOWN,
  type Ending,
  type Evidence,
  isWorthFetching,
  judge,
  NO_STOPS,
} from '../../../src/measurement/run/verdict.ts';

const whole: Extent = { rows: 132, points: 132, explained: false, lookedEarly: false, time: undefined };
const half: Extent = { ...whole, rows: 66 };
const unknown: Extent = { ...whole, points: undefined };
const lasting = (lasted: number, asked: number, own?: number): Extent => ({
  ...unknown,
  time: { lasted, asked, own },
});
const failed: Ending = { how: 'failed', step: 'measuring', message: 'smu', gone: false };
const gone: Ending = { ...failed, gone: true };
const carriedOut: Evidence = {
  lifecycle: 'finite',
  ending: { how: 'carried_out' },
  stops: NO_STOPS,
  extent: whole,
  fetchedAfterAll: false,
  isThatOfBefore: false,
  needsData: false,
};
const tracked: Evidence = { ...carriedOut, lifecycle: 'until_stopped', extent: unknown };
const followed: Evidence = { ...carriedOut, ending: { how: 'followed' }, needsData: true };
const found: Evidence = { ...followed, ending: { how: 'found_ended', whole: true } };
const broken: Evidence = { ...carriedOut, ending: failed };
const accepted = { ...NO_STOPS, accepted: true, possible: true };
const shutDown = { ...accepted, shutDown: true, shutDownAtEnd: true };
const idleShutDown = { ...NO_STOPS, shutDown: true, shutDownAtEnd: true };
const told = { ...NO_STOPS, told: true };
const SCREEN = /66 of 132 points: it was stopped at the screen/;

const table: [string, Evidence, string, RegExp | undefined][] = [
  ['it ended by itself, with all of its points', carriedOut, 'complete', undefined],
  ['nobody knows how many points there should be', { ...carriedOut, extent: unknown }, 'complete', undefined],
  ['its data is that of before the start', { ...carriedOut, isThatOfBefore: true }, 'failed', undefined],
  ['its data cannot be read', { ...carriedOut, extent: undefined }, 'complete', undefined],
  ['it has half of its points', { ...carriedOut, extent: half }, 'stopped', SCREEN],
  ['Auto Voc explains it', { ...carriedOut, extent: { ...half, explained: true } }, 'complete', undefined],
  [
    'Auto Voc explains it, and it looked early',
    { ...carriedOut, extent: { ...half, explained: true, lookedEarly: true } },
    'complete',
    /or by a condition of its own/,
  ],
  ['a few points are missing', { ...carriedOut, extent: { ...whole, rows: 120 } }, 'complete', undefined],
  ['we stopped it', { ...carriedOut, stops: accepted, extent: half }, 'stopped', new RegExp(BY_REQUEST)],
  ['a shutdown stopped it', { ...carriedOut, stops: shutDown }, 'stopped', new RegExp(BY_SHUTDOWN)],
  ['a shutdown found nothing to stop', { ...carriedOut, stops: idleShutDown }, 'complete', undefined],
  [
    'a stop was sent whose answer is missing, before its end was seen',
    { ...carriedOut, stops: { ...idleShutDown, possible: true } },
    'stopped',
    new RegExp(BY_SHUTDOWN),
  ],
  ['it is always stopped at its end', { ...tracked, stops: accepted }, 'complete', undefined],
  ['a shutdown during tracking', { ...tracked, stops: shutDown }, 'stopped', new RegExp(BY_SHUTDOWN)],
  ['tracking ended after half of the time', { ...tracked, extent: lasting(30, 60) }, 'stopped', /after 30 s/],
  [
    'tracking ended by its own settings',
    { ...tracked, extent: lasting(30, 60, 30) },
    'complete',
    /60 s were/,
  ],
  ['tracking ended as it was due', { ...tracked, extent: lasting(59, 60) }, 'complete', undefined],
  ['luminescence', { ...carriedOut, lifecycle: 'acquire', stops: accepted }, 'complete', undefined],

  ['an error', broken, 'failed', undefined],
  ['an error after we told it to stop', { ...broken, stops: told }, 'stopped', new RegExp(BY_REQUEST)],
  ['an error after a shutdown', { ...broken, stops: idleShutDown }, 'stopped', new RegExp(BY_SHUTDOWN)],
  ['its window was closed', { ...broken, ending: gone }, 'failed', undefined],
  [
    'its window was closed, and a shutdown stopped nothing',
    { ...broken, ending: gone, stops: idleShutDown },
    'failed',
    undefined,
  ],
  [
    'its window was closed after a shutdown',
    { ...broken, ending: gone, stops: shutDown },
    'stopped',
    new RegExp(BY_SHUTDOWN),
  ],
  ['fetched at the second try', { ...broken, fetchedAfterAll: true }, 'complete', /second one brought all/],
  [
    'fetched after it was told to stop, too late',
    { ...broken, fetchedAfterAll: true, stops: told },
    'complete',
    undefined,
  ],
  [
    'fetched, but we had stopped it',
    { ...broken, fetchedAfterAll: true, stops: { ...accepted, told: true } },
    'stopped',
    new RegExp(BY_REQUEST),
  ],
  ['fetched, but half', { ...broken, fetchedAfterAll: true, extent: half }, 'stopped', SCREEN],

  ['followed to its end', followed, 'complete', undefined],
  ['followed, unreadable', { ...followed, extent: undefined }, 'failed', undefined],
  ['followed, stopped here', { ...followed, stops: accepted }, 'stopped', new RegExp(BY_REQUEST)],
  [
    'tracking was followed, and stopped here',
    { ...followed, lifecycle: 'until_stopped', stops: accepted },
    'stopped',
    new RegExp(BY_REQUEST),
  ],
  ['followed, stopped at the screen', { ...followed, extent: half }, 'stopped', SCREEN],
  ['left running', { ...followed, ending: { how: 'left_running' } }, 'complete', undefined],
  ['found ended', found, 'complete', undefined],
  ['found ended, with half of its points', { ...found, extent: half }, 'stopped', SCREEN],
  [
    'found ended, a part is lost',
    { ...found, ending: { how: 'found_ended', whole: false } },
    'stopped',
    undefined,
  ],
  ['found ended, after a stop of ours', { ...found, stops: accepted }, 'stopped', new RegExp(BY_REQUEST)],
];

describe('the verdict where', () => {
  it.each(table)('%s', (_, evidence, state, sentence) => {
    const verdict = judge(evidence);
    expect(verdict.state).toBe(state);
    if (sentence === undefined) expect(verdict.sentences).toEqual([]);
    else expect(verdict.sentences.join('; ')).toMatch(sentence);
  });

  it('anything is missing that was asked is never complete without a word', () => {
    const evidence = fc.record({
      lifecycle: fc.constantFrom('finite', 'until_stopped', 'acquire' as const),
      ending: fc.constantFrom<Ending>(
        { how: 'carried_out' },
        { how: 'followed' },
        { how: 'found_ended', whole: true },
        { how: 'found_ended', whole: false },
        failed,
        gone,
      ),
      stops: fc.record({
        told: fc.boolean(),
        accepted: fc.boolean(),
        possible: fc.boolean(),
        shutDown: fc.boolean(),
        shutDownAtEnd: fc.boolean(),
      }),
      extent: fc.record({
        rows: fc.integer({ min: 0, max: 118 }),
        points: fc.constant(132),
        explained: fc.constant(false),
        lookedEarly: fc.boolean(),
        time: fc.constant(undefined),
      }),
      fetchedAfterAll: fc.boolean(),
      isThatOfBefore: fc.boolean(),
      needsData: fc.boolean(),
    });
    fc.assert(
      fc.property(evidence, (one) => {
        expect(judge(one).state).not.toBe('complete');
      }),
    );
  });
});

describe('after an error the instrument is asked for', () => {
  const measuring: Phase = { name: 'ended', start: 'accepted' };
  const one = {
    lifecycle: 'finite',
    phase: measuring,
    gone: false,
    notStopped: false,
    onlyLookedAt: false,
  } as const;
  it.each([
    ['what ends by itself', one, true],
    ['nothing once the window is gone', { ...one, gone: true }, false],
    ['nothing while it still measures', { ...one, notStopped: true }, false],
    [
      'nothing that was never started',
      { ...one, phase: { name: 'not_started', start: 'refused' } as const },
      false,
    ],
    ['no live reading, of which the last is here', { ...one, lifecycle: 'until_stopped' } as const, false],
    [
      'live data that is in no reply',
      { ...one, lifecycle: 'until_stopped', onlyLookedAt: true } as const,
      true,
    ],
    [
      'a spectrum that was acquired',
      { ...one, lifecycle: 'acquire', phase: { name: 'finished', start: null } } as const,
      true,
    ],
  ])('%s', (_, ending, wanted) => {
    expect(isWorthFetching(ending)).toBe(wanted);
  });
});
