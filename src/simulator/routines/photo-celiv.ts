import { notSimulated } from './not-simulated.ts';

/** Photo-CELIV: charge extraction by a linear voltage ramp after a light pulse. */
export const photoCeliv = notSimulated({
  name: 'Photo-CELIV',
  reportedName: 'CELIV',
  settings: {
    output: {
      'Pulse Delay': { 'Start (s)': 0, 'Step (s)': 1e-5, 'End (s)': 1e-4 },
      'Pulse Width (s)': 1e-6,
      'V Ramp': { 'Duration (s)': 2e-4, 'Start (V)': 0, 'End (V)': -1 },
      'Delay (s)': 0.001,
      Averages: 100,
    },
    device_thickness_m: 2e-5,
    instrument: { type: 'Fast', config: { range: { value: 0.05, unit: 'A' } } },
  },
});
