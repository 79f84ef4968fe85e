import { genericDataset } from './generic-dataset.ts';
import type { RoutineDefinition } from './routine.ts';

export const pulsedEl: RoutineDefinition = {
  name: 'Pulsed EL',
  aliases: ['Pulsed Electroluminescence'],
  title: 'Electroluminescence in pulses',
  measures:
    'Spectrum, voltage and current of a cell driven by short pulses of rising voltage: electroluminescence without heating it or moving its ions. Neither settings nor data are documented: change values of what GetSettings returns.',
  lifecycle: 'finite',
  settings: [],
  progress: () => undefined,
  dataset: (data) => genericDataset('Pulsed EL', data),
  // The contents of the data are not documented: nothing can be computed from them with confidence.
  analyse: () => ({ metrics: [], warnings: [] }),
  columns: [],
  commands: [],
  duration: 'cycles × averages × (on + off): about 8 s with the usual settings',
  pitfalls: [
    'The current limit clamps the pulse: the voltage is then not the one asked for.',
    'An integration longer than the pulse averages over the dark time.',
    'Without hardware trigger pulse and spectrum are not in step.',
    'The usual end of 5 V is far beyond what a perovskite cell stands: set it below 2 V.',
  ],
};
