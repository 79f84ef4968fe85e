import { notSimulated } from './not-simulated.ts';

/** TCSPC: histogram of photon arrival times. Its settings are documented as empty. */
export const tcspc = notSimulated({
  name: 'TCSPC',
  customCommands: ['GetRates', 'SetLaser'],
  settings: {},
});
