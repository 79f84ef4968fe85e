import { notSimulated } from './not-simulated.ts';

/** PLQY: photoluminescence quantum yield. Its settings are not documented: these are the panel's controls. */
export const plqy = notSimulated({
  name: 'PLQY',
  settings: {
    integration_time: 10,
    averages: 10,
    pixel_smoothing: 1,
    pump_window: { 'Start (nm)': 420, 'End (nm)': 480 },
    pl_window: { 'Start (nm)': 700, 'End (nm)': 800 },
  },
});
