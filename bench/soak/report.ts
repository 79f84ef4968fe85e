import { markdownTable } from '../../src/text/markdown-table.ts';
import { FAULTS } from './faults.ts';
import { quantile } from './process-figures.ts';
import { judgeResult } from './promises.ts';
import type { SoakResult } from './run-soak.ts';

/** The figures of a run, as tables. */
export function report(result: SoakResult): string {
  const { instrument, judge, durationsMs, seconds, options, marks, broken } = result;
  const kept = judgeResult(result);
  const faults = [...instrument.faults.values()].reduce((sum, count) => sum + count, 0);
  const ms = (share: number): string => `${quantile(durationsMs, share).toFixed(1)} ms`;
  const unknowns = judge.unknowns();
  return [
    `${durationsMs.length} calls in ${seconds.toFixed(0)} s (${(durationsMs.length / seconds).toFixed(0)} per second), seed ${options.seed}; ${instrument.requests} requests on the wire, ${faults} of the replies with a fault (${((100 * faults) / instrument.requests).toFixed(1)} %); ${instrument.sockets.accepted} connections.`,
    `A call lasted ${ms(0.5)} in the median, ${ms(0.99)} at the 99th percentile, ${ms(0.999)} at the 99.9th.`,
    markdownTable(
      ['promise', 'found', ''],
      kept.map(({ promise, found, kept: isKept }) => [promise, found, isKept ? 'kept' : 'BROKEN']),
    ),
    markdownTable(
      ['what callers were told', 'read', 'write', 'switch off'],
      ['success', 'not_sent', 'refused', 'unknown'].map((told) => [
        told,
        ...['read', 'write', 'safety'].map((kind) => String(judge.told.get(`${kind} ${told}`) ?? 0)),
      ]),
    ),
    `Writes told unknown, in fact: ${Object.entries(unknowns)
      .map(([what, count]) => `${what} ${count}`)
      .join(', ')}.`,
    markdownTable(
      ['tool', 'calls', 'answered'],
      [...judge.tools]
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([tool, { calls, successes }]) => [tool, String(calls), String(successes)]),
    ),
    markdownTable(
      ['fault', 'times'],
      FAULTS.map((fault) => [fault, String(instrument.faults.get(fault) ?? 0)]),
    ),
    markdownTable(
      ['failure: code, outcome', 'times'],
      [...judge.codes].sort(([, a], [, b]) => b - a).map(([code, count]) => [code, String(count)]),
    ),
    markdownTable(
      ['after calls', 'resident MiB', 'descriptors', 'sockets'],
      marks.map(({ at, residentMib, descriptors, sockets }) => [
        String(at),
        residentMib.toFixed(1),
        String(descriptors),
        String(sockets),
      ]),
    ),
    `Collected before each look; at most ${result.highestMib.toFixed(1)} MiB in between, where Node collects when it likes.`,
    ...broken.map(({ promised, what }) => `BROKEN, ${promised}: ${what}`),
  ].join('\n\n');
}
