import type { Dataset, Scan } from '../dataset.ts';

/**
 * Makes one dataset from the replies of one run, which hold a delay each, in the order in which they were
 * fetched. If a delay came twice, the later reply counts; the delays rise. Undefined without any reply.
 */
export function mergeDelays(replies: readonly Dataset[]): Dataset | undefined {
  const last = replies.at(-1);
  if (last === undefined) return undefined;
  const byDelay = new Map<number | string, Scan>();
  for (const scan of replies.flatMap(({ scans }) => scans)) byDelay.set(delayOf(scan) ?? scan.label, scan);
  return {
    ...last,
    scans: [...byDelay.values()].toSorted(
      (a, b) => (delayOf(a) ?? Number.POSITIVE_INFINITY) - (delayOf(b) ?? Number.POSITIVE_INFINITY),
    ),
    notes: [...new Set(replies.flatMap(({ notes }) => notes))],
  };
}

/** Delay between light pulse and ramp, s; undefined if the scan does not say. */
export function delayOf({ conditions }: Scan): number | undefined {
  return conditions['delay']?.value ?? undefined;
}
