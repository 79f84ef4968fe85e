import { notSimulated } from './not-simulated.ts';

/** Pulsed EL: electroluminescence in pulses. Its settings are not documented: these are the panel's controls. */
export const pulsedEl = notSimulated({
  name: 'Pulsed EL',
  settings: {
    spectrometer: { integration_time: 5, averages: 5, pixel_smoothing: 1, trigger: 'Software' },
    device: { 'Voltage Limit (V)': 5, 'Current limit (A)': 1e-4, 'Sampling (s)': 1e-4 },
    pulse: {
      'Start (V)': 0,
      'End (V)': 5,
      Cycles: 51,
      'On (s)': 0.05,
      'Off (s)': 0.1,
      Averages: 1,
    },
  },
});
