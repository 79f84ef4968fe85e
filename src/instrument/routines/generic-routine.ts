import { genericDataset } from './generic-dataset.ts';
import type { RoutineDefinition } from './routine.ts';

/** A routine that an instrument lists and nothing is known of: its columns are taken as they come. */
export function genericRoutine(name: string): RoutineDefinition {
  return {
    name,
    aliases: [],
    title: name,
    measures: 'Not documented.',
    lifecycle: 'finite',
    settings: [],
    progress: () => undefined,
    dataset: (data) => genericDataset(name, data),
    analyse: () => ({ metrics: [], warnings: [] }),
    columns: [],
    commands: [],
    duration: 'not known',
    pitfalls: [],
  };
}
