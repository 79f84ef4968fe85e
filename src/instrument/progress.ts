import { folded } from '../text/closest.ts';

/** A value that a running routine shows of where it is, or reads there. */
export interface ProgressReading {
  /** Name of the routine's column: "Voltage", "Wavelength". */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** How far a running routine is, as its status tells. Undefined members are not told. */
export interface RoutineProgress {
  /** Position of the routine, with the value that is stepped first, and the readings there. */
  readonly at: readonly ProgressReading[];
  /** Direction of the present scan, in small letters: "forward". */
  readonly scan: string | undefined;
  /** Combination that a sweep measures, from 1, and how many there are. */
  readonly run: { readonly number: number; readonly total: number } | undefined;
  readonly done: number | undefined;
  readonly total: number | undefined;
  /** Word for what is counted, in the plural: "points", "wavelengths". */
  readonly counted: string;
  /** How much of the present one is averaged, 0 to 1. */
  readonly averaged: number | undefined;
  /** 0 to 1. */
  readonly fraction: number | undefined;
}

/** Progress with what is told of it. */
export function routineProgress(
  told: Partial<RoutineProgress> & Pick<RoutineProgress, 'counted'>,
): RoutineProgress {
  return {
    at: [],
    scan: undefined,
    run: undefined,
    done: undefined,
    total: undefined,
    averaged: undefined,
    fraction: undefined,
    ...told,
  };
}

/** "forward scan, 0.62 V, 118 of 142 points, run 2 of 5", or "delay 5 of 11, 41 % averaged". */
export function describeProgress(progress: RoutineProgress): string {
  const { at, scan, run } = progress;
  const [place] = at;
  return [
    ...(scan === undefined ? [] : [`${scan} scan`]),
    ...(place === undefined ? [] : [describeReading(place)]),
    ...describeCount(progress),
    ...(run === undefined ? [] : [`run ${run.number} of ${run.total}`]),
  ].join(', ');
}

function describeReading({ name, value, unit }: ProgressReading): string {
  if (unit === '') return `${name.toLowerCase()} ${Number(value.toPrecision(3))}`;
  if (unit === 'V') return `${value.toFixed(2)} V`;
  return `${unit === 'nm' ? value : Number(value.toPrecision(3))} ${unit}`;
}

function describeCount({ done, total, counted, averaged, fraction }: RoutineProgress): string[] {
  if (done === undefined)
    return fraction === undefined ? [] : [`${Math.round(100 * fraction)} % of the ${counted}`];
  if (averaged === undefined) return [`${done} of ${total ?? '?'} ${counted}`];
  return [
    `${counted.replace(/s$/, '')} ${done + 1} of ${total ?? '?'}`,
    `${Math.round(100 * averaged)} % averaged`,
  ];
}

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
