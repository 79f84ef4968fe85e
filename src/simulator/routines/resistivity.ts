import { notSimulated } from './not-simulated.ts';

/** Resistivity: four-point sheet resistance, live until stopped. */
export const resistivity = notSimulated({
  name: 'Resistivity',
  customCommands: ['ApplyCurrent', 'SetDeviceDimensions'],
  settings: {
    acquisition: { 'V limit': 10 },
    device_dimension: { 'Film Thickness (um)': 100, 'Length (mm)': 100, 'Width (mm)': 25 },
  },
});
