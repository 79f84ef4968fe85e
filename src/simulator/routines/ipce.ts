import { notSimulated } from './not-simulated.ts';

/** IPCE: photocurrent against wavelength, against a calibrated lamp. */
export const ipce = notSimulated({
  name: 'IPCE',
  customCommands: [
    'SetShutter',
    'SetWavelength',
    'StartCalibration',
    'GetChopperFrequency',
    'GetMonochromatorStatus',
  ],
  settings: {
    wavelength: { Start: 300, Step: 10, End: 900 },
    acquisition: {
      'Acquisition time (s)': 1,
      Averaging: 1,
      'Delay (s)': 0,
      'Bias Voltage (V)': 0,
      'LED Level': 0,
      'Chopper Frequency (Hz)': 0,
    },
    device: {
      type: 'NI-SMU',
      configuration: { Autorange: true, 'Current Range': 3, 'Voltage Range': 0 },
    },
  },
});
