const scan = (name: string): readonly string[] => ['scan_settings', 'scan', name];

/** Paths of JV settings: no other file spells them, beside the form in `jv.ts`. */
export const JV_PATHS = {
  start: scan('Start (V)'),
  end: scan('End (V)'),
  step: scan('Step (V)'),
  rate: scan('Rate (V/s)'),
  order: scan('Order'),
  autoVoc: scan('Auto Voc'),
  condition: ['precondition', 'Condition'],
  conditionValue: ['precondition', 'Value'],
  holdTime: ['precondition', 'Hold Time (s)'],
  holdVoltage: ['precondition', 'Hold Voltage (V)'],
  compliance: ['device_settings', 'Compliance (A)'],
  inverted: ['device', 'Inverted'],
  area: ['device', 'Area (cm2)'],
  lightSource: ['light', 'Source'],
  lightLevel: ['light', 'Level (%)'],
  irradiance: ['light', 'Irradiance (mW/cm2)'],
} as const satisfies Record<string, readonly string[]>;
