import { group, like, number, oneOf, setting } from '../shape.ts';

const positive = number({ above: 0 });

/**
 * The settings of MPPT are undocumented. These names are ours, after the panel's controls and with its values,
 * except for the end of the scan, which lies beyond the Voc of the simulated cell.
 */
export const MPPT_SETTINGS = group({
  tracking: group({
    Algorithm: setting('P&O', oneOf(['P&O'])),
    'Track duration (s)': setting(5, positive),
    'Initial delay (s)': setting(1, number({ min: 0 })),
    'MPP duration (min)': setting(5, positive),
    'dV track (V)': setting(0.03, number({ above: 0, max: 1 })),
    // 0 means until stopped.
    'Total duration (min)': setting(0, number({ min: 0 })),
  }),
  scan: group({
    'Min (V)': setting(-0.1, number({ min: -60, max: 60 })),
    'Max (V)': setting(1.2, number({ min: -60, max: 60 })),
    'Step (V)': setting(0.02, number({ above: 0 })),
    'Rate (V/s)': setting(0.1, positive),
    'Autodetect Voc': like(true),
  }),
  device_settings: group({
    'Compliance (A)': setting(0.01, number({ above: 0, max: 1 })),
    Autorange: like(true),
  }),
  device: group({ 'Area (cm2)': setting(0.1, positive) }),
  light: group({
    Source: setting('12 LED', oneOf(['None', 'External', '12 LED', 'Fast LED', 'LED Ring'])),
    'Irradiance (mW/cm2)': setting(100, number({ min: 0 })),
    'Level (%)': setting(100, number({ min: 0, max: 100 })),
  }),
});
export type MpptSettings = (typeof MPPT_SETTINGS)['initial'];

const MAX_POINTS = 5000;

/** Describes a conflict between settings that are each valid by themselves; undefined if there is none. */
export function mpptConflict({ scan }: MpptSettings): string | undefined {
  if (scan['Max (V)'] <= scan['Min (V)']) return 'Max (V) must be above Min (V)';
  const points = (scan['Max (V)'] - scan['Min (V)']) / scan['Step (V)'];
  return points > MAX_POINTS ? `more than ${MAX_POINTS} points in a scan` : undefined;
}
