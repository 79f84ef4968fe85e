import { notSimulated } from './not-simulated.ts';

/** Dark JV: current and, with a spectrometer, electroluminescence against voltage in the dark. */
export const darkJv = notSimulated({
  name: 'Dark JV',
  settings: {
    scan_settings: {
      'V start (V)': -0.1,
      'V end (V)': 0.5,
      'dV (V)': 0.01,
      'Scan rate (V/s)': 0.1,
      'Scan Order': 'FW -> RV',
      'Precondition (s)': 1,
      'Turn Hold (s)': 0,
    },
    device: {
      type: 'SMU',
      general: { mode: 'Constant Voltage', sample_rate: 10, autorange: false },
      specific: { current_compliance: 0.02, voltage_compliance: 6, sense: '4-wire' },
    },
    photodetector: {
      type: 'Spectrometer',
      settings: { integration_time_s: 0.1, averages: 1, smoothing: 1 },
    },
    sweep_settings: [],
  },
});
