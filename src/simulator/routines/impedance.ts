import { notSimulated } from './not-simulated.ts';

/** Impedance: complex resistance against frequency. */
export const impedance = notSimulated({
  name: 'Impedance',
  settings: {
    instrument: 'SMU',
    config: {
      frequency: {
        mode: 'Ramp',
        ramp: { 'Start (Hz)': 200, 'Stop (Hz)': 10000, Steps: 10 },
        'Amplitude (V)': 0.1,
        'Offset (V)': 0,
        Periods: 10,
      },
      offset: { mode: 'Fixed', 'Offset (V)': 0 },
      light: { mode: 'Off' },
    },
  },
});
