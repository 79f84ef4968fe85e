import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Archive, OpenEntry } from '../../src/archive/archive.ts';
import { ArkeoError } from '../../src/errors.ts';
import type { Disk } from '../../src/files/disk.ts';
import { limitedDisk } from '../../src/files/limited-disk.ts';
import { faultyDisk, type Operation } from '../helpers/faulty-disk.ts';
import { dataset, draft, open } from './fixture.ts';

/** What is done to an entry between its beginning and its end. */
type Call = { keep: 'reply' | 'partial' | 'dataset' | 'start' } | { pause: true };

/** What goes wrong with the n-th operations of a kind. */
interface Fault {
  operation: Operation;
  from: number;
  times: number;
  how: 'ENOSPC' | 'EBUSY' | 'EPERM' | 'EACCES' | 'EIO' | 'ETIMEDOUT' | 'hangs';
}

const OPERATIONS: readonly Operation[] = [
  'create',
  'append',
  'rename',
  'link',
  'makeFolder',
  'look',
  'names',
  'read',
  'flush',
];

const calls: fc.Arbitrary<Call[]> = fc.array(
  fc.oneof(
    fc.record({ keep: fc.constantFrom('reply', 'partial', 'dataset', 'start') }),
    fc.constant({ pause: true } as const),
  ),
  { maxLength: 8 },
);

const faults: fc.Arbitrary<Fault[]> = fc.array(
  fc.record({
    operation: fc.constantFrom(...OPERATIONS),
    from: fc.nat(12),
    times: fc.integer({ min: 1, max: 12 }),
    how: fc.constantFrom('ENOSPC', 'EBUSY', 'EPERM', 'EACCES', 'EIO', 'ETIMEDOUT', 'hangs'),
  }),
  { minLength: 1, maxLength: 5 },
);

/** A disk that goes wrong as planned, until it is mended. */
function plannedDisk(plan: readonly Fault[]): { disk: Disk; mend: () => void } {
  const seen = new Map<Operation, number>();
  let isMended = false;
  let letGo = (): void => undefined;
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  const disk = faultyDisk((operation) => {
    const n = seen.get(operation) ?? 0;
    seen.set(operation, n + 1);
    if (isMended) return undefined;
    const fault = plan.find(
      (one) => one.operation === operation && n >= one.from && n < one.from + one.times,
    );
    return fault?.how === 'hangs' ? gone : fault?.how;
  });
  const mend = (): void => {
    isMended = true;
    letGo();
  };
  return { disk: limitedDisk(disk, { limitMs: 15, impatientMs: 5 }), mend };
}

/** A refusal of the disk is no fault of ours; anything else is. */
async function attempt(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof ArkeoError) || error.code === 'internal_error') throw error;
  });
}

interface Kept {
  replies: Buffer[];
  data: number | undefined;
}

async function carryOut(entry: OpenEntry, script: readonly Call[]): Promise<Kept> {
  const replies: Buffer[] = [];
  let data: number | undefined;
  for (const [i, call] of script.entries()) {
    if ('pause' in call) await attempt(entry.retry());
    else if (call.keep === 'reply') {
      replies.push(Buffer.from(`{"reply":${i}}`));
      await attempt(entry.keepReply('GetTestData', replies.at(-1) ?? Buffer.alloc(0)));
    } else if (call.keep === 'start') await attempt(entry.noteStart('accepted'));
    else {
      data = i + 1;
      const now = dataset(data);
      await attempt(
        call.keep === 'dataset' ? entry.keepDataset(now) : entry.keepPartial(now, Buffer.from('{}')),
      );
    }
  }
  await attempt(entry.end('complete', { note: 'ended' }));
  return { replies, data };
}

async function whatIsThere(archive: Archive, { id, folder }: OpenEntry) {
  const { state, problems, record } = await archive.read(id);
  const data = await archive.dataset(id).catch(() => undefined);
  return {
    state,
    problems,
    note: record.note,
    replies: (await archive.replies(id)).map(({ bytes }) => String(bytes)),
    data,
    total: (await archive.list()).total,
    left: readdirSync(path.dirname(folder), { recursive: true })
      .map(String)
      .filter((name) => name.includes('.tmp-') || name.includes('heartbeat')),
  };
}

/** The folder is in its place, the disk says that it failed, and cannot be read when it is tried again. */
const PLACED_BUT_UNREADABLE: [Call[], Fault[]] = [
  [{ pause: true }, { pause: true }, { keep: 'reply' }],
  [
    { operation: 'read', from: 0, times: 7, how: 'EPERM' },
    { operation: 'flush', from: 1, times: 12, how: 'EIO' },
  ],
];
/** The same with a reply. */
const WRITTEN_BUT_UNREADABLE: [Call[], Fault[]] = [
  [{ keep: 'reply' }, { keep: 'start' }, { keep: 'reply' }],
  [
    { operation: 'read', from: 8, times: 12, how: 'ENOSPC' },
    { operation: 'read', from: 2, times: 2, how: 'EIO' },
    { operation: 'flush', from: 1, times: 10, how: 'EBUSY' },
  ],
];

it('whatever the disk does meanwhile, all of it is there once, and nothing else', {
  timeout: 240_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(calls, faults, async (script, plan) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'arkeo-faults-'));
      try {
        const { disk, mend } = plannedDisk(plan);
        const entry = open(folder, { disk, retryMs: 2 }).open(draft());
        const { replies, data } = await carryOut(entry, script);
        mend();
        // Another server, which sees the disk and nothing else.
        const onlooker = open(folder);
        await expect
          .poll(
            async () => (entry.id === '' ? undefined : whatIsThere(onlooker, entry).catch(() => undefined)),
            {
              timeout: 20_000,
              interval: 5,
            },
          )
          .toEqual({
            state: 'complete',
            problems: [],
            note: 'ended',
            replies: replies.map(String),
            data: data === undefined ? undefined : dataset(data),
            total: 1,
            left: [],
          });
        await expect
          .poll(() => ({ problem: entry.problem, notes: entry.notes }), { timeout: 20_000, interval: 5 })
          .toEqual({ problem: undefined, notes: [] });
      } finally {
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      }
    }),
    // A case that fails takes as long as the poll waits: it is not made smaller.
    { numRuns: 60, examples: [PLACED_BUT_UNREADABLE, WRITTEN_BUT_UNREADABLE], endOnFailure: true },
  );
});
