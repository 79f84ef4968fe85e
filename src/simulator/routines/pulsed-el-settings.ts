import { group, number, oneOf, setting } from '../shape.ts';

const positive = number({ above: 0 });
const volts = number({ min: -60, max: 60 });

/**
 * The settings of Pulsed EL are undocumented. These names are ours, after the panel's controls, with its
 * values.
 */
export const PULSED_EL_SETTINGS = group({
  spectrometer: group({
    /** ms. */
    integration_time: setting(5, positive),
    averages: setting(5, number({ min: 1, integer: true })),
    pixel_smoothing: setting(1, number({ min: 1, integer: true })),
    trigger: setting('Software', oneOf(['Software', 'Hardware', 'Single Scan'])),
  }),
  device: group({
    'Voltage Limit (V)': setting(5, number({ above: 0, max: 60 })),
    'Current limit (A)': setting(1e-4, number({ above: 0, max: 1 })),
    'Sampling (s)': setting(1e-4, positive),
  }),
  pulse: group({
    'Start (V)': setting(0, volts),
    'End (V)': setting(5, volts),
    Cycles: setting(51, number({ min: 1, max: 10_000, integer: true })),
    'On (s)': setting(0.05, positive),
    'Off (s)': setting(0.1, positive),
    Averages: setting(1, number({ min: 1, integer: true })),
  }),
});
export type PulsedElSettings = (typeof PULSED_EL_SETTINGS)['initial'];
