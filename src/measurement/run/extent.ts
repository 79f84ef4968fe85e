import * as z from 'zod';
import type { Settings } from '../../instrument/settings.ts';
import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import { type Dataset, rowCount } from '../../science/dataset.ts';

/** How much was measured, against how much was asked. */
export interface Extent {
  readonly rows: number;
  /** Points that it was to have, by its own progress or else by its settings; undefined where neither tells. */
  readonly points: number | undefined;
  /** A condition of the routine's own, such as Auto Voc, explains that there are fewer. */
  readonly explained: boolean;
  /** By its own progress it was far from its end at the last look before it ended. */
  readonly lookedEarly: boolean;
  /** Undefined where the time says nothing, as of what ends by itself. */
  readonly time: Lasted | undefined;
}

/** s, of a measurement that runs until it is stopped. */
export interface Lasted {
  readonly lasted: number;
  readonly asked: number;
  /** By the routine's own settings; undefined where they do not tell. */
  readonly own: number | undefined;
}

export interface ExtentFrom {
  routine: RoutineDefinition;
  settings: Settings;
  /** Undefined where the data could not be read, or was not fetched. */
  dataset: Dataset | undefined;
  /** Points that the progress of the instrument announced while it measured. */
  announced?: number | undefined;
  lookedEarly?: boolean | undefined;
  time?: Lasted | undefined;
}

/** Undefined where there is no data to be judged by. */
export function extentOf({
  routine,
  settings,
  dataset,
  announced,
  lookedEarly = false,
  time,
}: ExtentFrom): Extent | undefined {
  if (dataset === undefined) return undefined;
  return {
    rows: rowsOf(dataset),
    points: announced ?? routine.expectedPoints?.(settings),
    explained: routine.endedByItself?.(dataset, settings) === true,
    lookedEarly,
    time,
  };
}

/** Rows of all scans; 0 without data. */
export function rowsOf(dataset: Dataset | undefined): number {
  return dataset?.scans.reduce((sum, scan) => sum + rowCount(scan), 0) ?? 0;
}

const counted = z.looseObject({ 'total points': z.number().positive() });

/** Points that a progress announces; undefined where it does not say. */
export function announcedPoints(progress: unknown): number | undefined {
  return counted.safeParse(progress).data?.['total points'];
}
