import { notSimulated } from './not-simulated.ts';

/** Connection Test: voltage and current, live until stopped. */
export const connectionTest = notSimulated({
  name: 'Connection Test',
  customCommands: ['SetOutput'],
  settings: {
    'Device Name': 'SMU',
    Device_General: { Mode: 'Constant Voltage', 'Sample Rate (S/s)': 10, Autorange: true },
    Device_Specific: { 'Current limit (A)': 0.01, 'Voltage Limit (V)': 6 },
  },
});
