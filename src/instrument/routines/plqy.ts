import { genericDataset } from './generic-dataset.ts';
import type { RoutineDefinition } from './routine.ts';

export const plqy: RoutineDefinition = {
  name: 'PLQY',
  aliases: ['Photoluminescence Quantum Yield'],
  title: 'Photoluminescence quantum yield',
  measures:
    'Emitted over absorbed photons of a film in an integrating sphere, from spectra of the pump without and with the film; gives the quasi-Fermi level splitting. Neither settings nor data are documented: change values of what GetSettings returns.',
  lifecycle: 'finite',
  settings: [],
  progress: () => undefined,
  dataset: (data) => genericDataset('PLQY', data),
  // The contents of the data are not documented: nothing can be computed from them with confidence.
  analyse: () => ({ metrics: [], warnings: [] }),
  columns: [],
  commands: [],
  duration: 'seconds: integration time × averages for each of two spectra',
  pitfalls: [
    'Below a PLQY of 1e-4 the luminescence is in the noise: integrate longer.',
    'Pump and luminescence windows overlap: the pump counts as luminescence.',
    'Two spectra only: what the sphere sends back to the film makes PLQY too large.',
    'NaN or Infinity before there is data.',
  ],
};
