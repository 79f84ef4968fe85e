import { notSimulated } from './not-simulated.ts';

/** Luminescence: spectra of emitted or transmitted light, taken by custom commands while Ready. */
export const luminescence = notSimulated({
  name: 'Luminescence',
  customCommands: ['AcquireDark', 'AcquireReference', 'AcquireSingle', 'SetLaser', 'AutoExposure'],
  // integration_time is in ms.
  settings: { integration_time: 100, averages: 1, pixel_smoothing: 1 },
});
