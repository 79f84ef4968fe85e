import * as z from 'zod';
import type { RoutineDefinition } from '../instrument/routines/routine.ts';
import { type Dataset, rowCount, type Scan } from '../science/dataset.ts';
import { mergeDelays } from '../science/metrics/celiv-delays.ts';
import type { Analysis, AnalysisContext } from '../science/metrics/metric.ts';

export interface Interpretation {
  /** Undefined where the replies do not have the documented form. */
  dataset: Dataset | undefined;
  analysis: Analysis;
  /** Why there is less than there could be: one sentence each. */
  problems: string[];
}

const NOTHING: Analysis = { metrics: [], warnings: [] };

/** Reads and analyses the data of a measurement. Whatever fails is said; the data itself is never lost by it. */
export function interpret(
  routine: RoutineDefinition,
  replies: readonly unknown[],
  context: AnalysisContext,
): Interpretation {
  try {
    const dataset = combine(routine, replies);
    if (dataset.scans.every((scan) => rowCount(scan) === 0))
      return {
        dataset: { ...dataset, notes: [] },
        analysis: NOTHING,
        problems: ['there is no data yet'],
      };
    return { dataset, ...analyseDataset(routine, dataset, context) };
  } catch (error) {
    return {
      dataset: undefined,
      analysis: NOTHING,
      problems: [`the data of ROUTINE.GetTestData does not have the documented form: ${reasonOf(error)}`],
    };
  }
}

/** The data of replies; undefined where there are no rows in it, or it does not have the documented form. */
export function readReplies(routine: RoutineDefinition, replies: readonly unknown[]): Dataset | undefined {
  try {
    const dataset = combine(routine, replies);
    return dataset.scans.some((scan) => rowCount(scan) > 0) ? dataset : undefined;
  } catch {
    return undefined;
  }
}

/** The figures of a dataset. */
export function analyseDataset(
  routine: RoutineDefinition,
  dataset: Dataset,
  context: AnalysisContext,
): Pick<Interpretation, 'analysis' | 'problems'> {
  const { areaCm2 = context.areaCm2, temperatureC = context.temperatureC } = dataset.info;
  try {
    return { analysis: routine.analyse(dataset, { ...context, areaCm2, temperatureC }), problems: [] };
  } catch (error) {
    return { analysis: NOTHING, problems: [`no figures could be computed: ${reasonOf(error)}`] };
  }
}

/** One dataset from all replies of a measurement, in the order in which they came. Throws z.ZodError. */
function combine(routine: RoutineDefinition, replies: readonly unknown[]): Dataset {
  const isCollected = routine.lifecycle !== 'finite' || routine.collectWhileRunning === true;
  // A reply of a finite routine has all of its data: one before it is a part of it, or a copy.
  const datasets = (isCollected ? replies : replies.slice(-1)).map((reply) => routine.dataset(reply));
  const [only, second] = datasets;
  if (only === undefined) return { routine: routine.name, info: {}, scans: [], notes: [] };
  if (second === undefined) return only;
  return routine.collectWhileRunning === true ? (mergeDelays(datasets) ?? only) : joinRows(datasets, only);
}

/** Live readings, a row each, as one scan. */
function joinRows(datasets: readonly Dataset[], first: Dataset): Dataset {
  const scans = datasets.flatMap(({ scans: live }) => live.slice(0, 1));
  const head = scans[0];
  if (head === undefined) return first;
  const joined: Scan = {
    ...head,
    label: 'readings',
    columns: head.columns.map(({ name, unit }) => ({
      name,
      unit,
      values: scans.flatMap(
        ({ columns }) => columns.find((column) => column.name === name)?.values ?? [null],
      ),
    })),
  };
  return { ...first, scans: [joined], notes: [...new Set(datasets.flatMap(({ notes }) => notes))] };
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}
