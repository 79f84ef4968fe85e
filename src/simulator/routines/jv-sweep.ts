import { boolean, isRecord, number, object, oneOf } from '../shape.ts';
import type { JvSettings } from './jv-settings.ts';

const MAX_RUNS = 100;

const ROW = object({
  Type: oneOf(['Light', 'Scan Rate']),
  Enable: boolean(),
  Start: number({ min: 0 }),
  End: number({ min: 0 }),
  Step: number({ above: 0 }),
});

/** One combination of the swept parameters. */
export interface JvRun {
  /** One index per sweep, outermost first; `[-1]` without a sweep. */
  readonly indices: readonly number[];
  /** Light level, %. */
  readonly level: number;
  /** V/s. */
  readonly rate: number;
}

/**
 * Describes an error in `sweep_settings`; undefined if there is none.
 * The schema of its elements is not published. This is a guess after the rows of the sweep editor:
 * `{"Type":"Light"|"Scan Rate","Enable":true,"Start":0,"End":100,"Step":50}`, in % or V/s, ends included, other
 * keys ignored.
 */
export function sweepConflict(settings: JvSettings): string | undefined {
  const rows = settings.sweep_settings.map(knownPart);
  const problem = rows.map((row, i) => ROW.problem(row, `sweep_settings[${i}]`)).find((text) => text);
  if (problem !== undefined) return problem;
  const axes = rows.filter((row) => ROW.is(row)).filter((row) => row.Enable);
  if (axes.some((row) => row.Type === 'Light' && Math.max(row.Start, row.End) > 100)) {
    return 'a Light sweep goes from 0 to 100 %';
  }
  if (axes.some((row) => row.Type === 'Scan Rate' && Math.min(row.Start, row.End) <= 0)) {
    return 'a Scan Rate sweep stays above 0 V/s';
  }
  const runs = axes.reduce((product, row) => product * (Math.abs(row.End - row.Start) / row.Step + 1), 1);
  return runs > MAX_RUNS ? `more than ${MAX_RUNS} combinations in the sweep` : undefined;
}

/** Every combination of the swept values; the first sweep is the outermost loop. */
export function jvRuns(settings: JvSettings): readonly JvRun[] {
  const single = {
    indices: [],
    level: settings.light['Level (%)'],
    rate: settings.scan_settings.scan['Rate (V/s)'],
  };
  let runs: readonly JvRun[] = [single];
  for (const row of settings.sweep_settings.map(knownPart)) {
    if (!ROW.is(row) || !row.Enable) continue;
    const key = row.Type === 'Light' ? 'level' : 'rate';
    const values = steps(row.Start, row.End, row.Step);
    runs = runs.flatMap((run) =>
      values.map((value, i) => ({ ...run, [key]: value, indices: [...run.indices, i] })),
    );
  }
  return runs.map((run) => (run.indices.length > 0 ? run : { ...run, indices: [-1] }));
}

/**
 * Values from `start` to `end` in steps; `end` is included if the step divides the range. Free of rounding
 * errors.
 */
export function steps(start: number, end: number, step: number): number[] {
  const count = Math.floor(Math.abs(end - start) / step + 1e-6) + 1;
  const way = end < start ? -step : step;
  return Array.from({ length: count }, (_, i) => Number((start + i * way).toFixed(9)));
}

function knownPart(row: unknown): unknown {
  if (!isRecord(row)) return row;
  const { Type, Enable = true, Start, End, Step } = row;
  return { Type, Enable, Start, End, Step };
}
