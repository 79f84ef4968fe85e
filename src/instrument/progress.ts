import { folded } from '../text/closest.ts';

/**
 * How far a running routine is, 0 to 1, from any documented form of `progress`: a number of percent,
 * `progres_pct` (the vendor's spelling) or `progress_pct`, "points done" of "total points", or CELIV's delays,
 * where `averaging_pct` is the share of the delay under way. Undefined where it does not say.
 */
export function progressFraction(progress: unknown): number | undefined {
  if (typeof progress === 'number') return clamp(progress / 100);
  if (typeof progress !== 'object' || progress === null) return undefined;
  const field = new Map(Object.entries(progress).map(([key, value]) => [folded(key), number(value)]));
  const ratio = (done: number | undefined, total: number | undefined): number | undefined =>
    done === undefined || total === undefined || total <= 0 ? undefined : clamp(done / total);

  const delaysDone = field.get('delaysdone');
  if (delaysDone !== undefined) {
    return ratio(delaysDone + (field.get('averagingpct') ?? 0) / 100, field.get('totaldelays'));
  }
  const percent = field.get('progrespct') ?? field.get('progresspct');
  return percent === undefined
    ? ratio(field.get('pointsdone'), field.get('totalpoints'))
    : clamp(percent / 100);
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function clamp(fraction: number): number | undefined {
  return Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : undefined;
}
