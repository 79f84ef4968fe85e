import { notSimulated } from './not-simulated.ts';

/** MPPT: maximum power point tracking. Its settings are not documented: these are the panel's controls. */
export const mppt = notSimulated({
  name: 'MPPT',
  settings: {
    tracking: {
      Algorithm: 'P&O',
      'Track duration (s)': 5,
      'Initial delay (s)': 1,
      'MPP duration (min)': 5,
      'dV track (V)': 0.03,
    },
    scan: { 'Min (V)': -0.1, 'Max (V)': 0.5, 'Step (V)': 0.02, 'Rate (V/s)': 0.1, 'Autodetect Voc': true },
    device_settings: { 'Compliance (A)': 0.01, Autorange: true },
    light: { Source: '12 LED' },
  },
});
