import { notSimulated } from './not-simulated.ts';

/** TPR: transient photovoltage or photocurrent. */
export const tpr = notSimulated({
  name: 'TPR',
  customCommands: ['SetMode'],
  settings: {
    test: 'TPV',
    device_type: 'Oscilloscope Real-Time',
    device_settings: { range: { value: 0.1, unit: 'A' } },
    output_settings: {
      pulse: { duration: 0.002, duty_cycle: 30, delay: 1e-4, averaging: 100, points: 1000 },
      level: {
        start: 0.25,
        start_unit: 'a.u.',
        end: 1,
        end_unit: 'a.u.',
        steps: 30,
        ramp: true,
        dark: false,
        offset: 0.5,
        bias: 0.7,
      },
      additional: { step_delay: 0.5 },
      transient: { high: 80, mid: 50, low: 20 },
    },
  },
});
