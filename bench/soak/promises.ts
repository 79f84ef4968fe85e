import type { Mark } from './memory-watch.ts';
import type { Promised } from './judge.ts';
import { CALL_LIMIT_MS, type SoakResult } from './run-soak.ts';

export interface Kept {
  promise: string;
  found: string;
  kept: boolean;
}

/** Largest ratio of resident memory to that after 1,000 calls. */
const MEMORY_LIMIT = 1.1;
/** Descriptors in addition to the one socket: one for switching off, one for a file that is being written. */
const DESCRIPTORS_LIMIT = 4;
/** A main socket, one per caller that switches off, and those that were just replaced. */
const SOCKETS_LIMIT = 20;

/** Judges each promise: its text, the finding, and whether it was kept. */
export function judgeResult(result: SoakResult): Kept[] {
  const { durationsMs, endingMs, instrument, options, brokenCounts } = result;
  const of = (promised: Promised): number => brokenCounts.get(promised) ?? 0;
  const none = (promise: string, promised: Promised): Kept => ({
    promise,
    found: `${of(promised)} broken`,
    kept: of(promised) === 0,
  });
  const longest = Math.max(...durationsMs);
  return [
    {
      promise: 'every call comes back',
      found: `${durationsMs.length} of ${options.requests}`,
      kept: durationsMs.length === options.requests && of('ends') === 0,
    },
    {
      promise: `no call lasts longer than ${CALL_LIMIT_MS / 1000} s`,
      found: `longest ${(longest / 1000).toFixed(2)} s`,
      kept: longest <= CALL_LIMIT_MS,
    },
    none('every answer belongs to its request, by content', 'belongs'),
    none('nothing but reads is sent twice', 'once'),
    none('every failure has code and outcome', 'code and outcome'),
    none('every outcome is true', 'true outcome'),
    {
      promise: 'the server ends by itself, everything switched off',
      found: `after ${(endingMs / 1000).toFixed(2)} s`,
      kept: of('ends') === 0,
    },
    ...resources(result.marks),
    {
      promise: `never more than ${SOCKETS_LIMIT} connections at the instrument`,
      found: `at most ${instrument.sockets.most}`,
      kept: instrument.sockets.most <= SOCKETS_LIMIT,
    },
  ];
}

function resources(marks: readonly Mark[]): Kept[] {
  const first = marks.find(({ at }) => at === 1000);
  if (first === undefined)
    return [
      { promise: 'memory and descriptors stay flat', found: 'not looked at: no /proc here', kept: true },
    ];
  const tenth = marks.find(({ at }) => at === 10_000);
  const last = marks.at(-1) ?? first;
  const later = tenth === undefined || last === tenth ? [last] : [tenth, last];
  return later
    .filter(({ at }) => at >= 10_000)
    .flatMap((mark) => [
      {
        promise: `memory after ${mark.at} calls ≤ ${MEMORY_LIMIT} × that after 1000`,
        found: `${mark.residentMib.toFixed(1)} MiB over ${first.residentMib.toFixed(1)} MiB: ${(mark.residentMib / first.residentMib).toFixed(3)}`,
        kept: mark.residentMib <= MEMORY_LIMIT * first.residentMib,
      },
      {
        promise: `descriptors after ${mark.at} calls as after 1000`,
        found: `${mark.descriptors} after ${first.descriptors}`,
        kept: mark.descriptors <= first.descriptors + DESCRIPTORS_LIMIT,
      },
    ]);
}
