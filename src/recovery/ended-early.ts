import type { Dataset } from '../science/dataset.ts';
import { earlyEnd } from '../measurement/run/conclude.ts';
import type { EarlyEnd } from '../measurement/run/follow.ts';
import type { Recovery } from './recovery.ts';

/** Of the time that was asked: what ended then was not cut short. */
const NEARLY = 0.9;
const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600 };

type Ending = Pick<Recovery, 'routine' | 'stored' | 'plannedMs'>;

interface Verdict {
  isStop: boolean;
  doubts: string[];
}

/**
 * Whether a measurement has less than it was to have, and whether only a stop can be the reason: by what was seen while
 * it was followed, otherwise by its settings.
 * @param early what made its end look early, where it was followed
 * @param goesOn it still ran when it was left
 */
export function endedEarly(
  ending: Ending,
  dataset: Dataset,
  { early, goesOn }: { early: EarlyEnd | undefined; goesOn: boolean },
): Verdict {
  const { routine, stored } = ending;
  const settings = stored.record.settings ?? {};
  const run = { routine, settings, wasCutShort: false };
  if (early !== undefined) return earlyEnd({ ...run, earlyEnd: early }, dataset);
  if (routine.lifecycle === 'until_stopped') return goesOn ? WHOLE : shorter(ending, dataset);
  const points = routine.expectedPoints?.(settings);
  if (points === undefined) return WHOLE;
  const end = earlyEnd({ ...run, earlyEnd: { fraction: 0, points } }, dataset);
  // Settings only say how many there are at most: what Auto Voc may have ended is nothing to be doubted.
  return end.isStop ? end : WHOLE;
}

/** What runs until it is stopped: against the time that was asked, or that its own settings say. */
function shorter({ routine, stored, plannedMs }: Ending, dataset: Dataset): Verdict {
  const own = routine.expectedSeconds?.(stored.record.settings ?? {}) ?? Number.POSITIVE_INFINITY;
  const seconds = Math.min(own, plannedMs === undefined ? own : plannedMs / 1000);
  const lasted = lastedSeconds(dataset);
  if (lasted === undefined || !Number.isFinite(seconds) || lasted >= NEARLY * seconds) return WHOLE;
  return {
    isStop: true,
    doubts: [`it ended after ${Math.round(lasted)} s, and was to run for ${Math.round(seconds)} s`],
  };
}

const WHOLE: Verdict = { isStop: false, doubts: [] };

/** By the time in its data. */
function lastedSeconds({ scans }: Dataset): number | undefined {
  for (const { columns } of scans) {
    const time = columns.find(({ name, unit }) => name === 'Time' && SECONDS[unit] !== undefined);
    const last = time?.values.at(-1);
    if (time !== undefined && typeof last === 'number') return last * (SECONDS[time.unit] ?? 1);
  }
  return undefined;
}
