import { describe, it } from 'vitest';
import type { Dialect } from '../../../src/simulator/server.ts';
import { type Attempt, type Hazard, LEDS, limitsOf, opened, tryIt } from './attempt.ts';

const BOTH: readonly Dialect[] = ['newest', 'oldest'];
const NEWEST: readonly Dialect[] = ['newest'];
const ASKED = ['confirmation_required'];
const REFUSED = ['limit_exceeded'];
const APPLY = /ApplySettings|StartMeasurement/;

const scan = (member: string, value: number) => ({ scan_settings: { scan: { [member]: value } } });
/** Every way in which settings reach a routine. */
function settingsOf(
  routine: string,
  measure: string,
  settings: object,
  args: object[],
  more: object = {},
): Attempt[] {
  return [
    ['routine_apply_settings', { settings }],
    ['routine_apply_settings', { settings: { settings } }],
    ['routine_custom_command', { command: 'ApplySettings', parameter: settings }],
    ['routine_custom_command', { command: 'applysettings ', parameter: settings }],
    [measure, { settings }],
    ['measure_routine', { routine, settings, ...more }],
    ...args.map((own): Attempt => [measure, { ...own }]),
  ];
}

const hazards: Hazard[] = [
  {
    what: 'over-voltage, beyond what may be asked for',
    dialects: BOTH,
    before: opened('JV'),
    attempts: [
      ...settingsOf('JV', 'measure_jv', scan('End (V)', 5), [{ end_v: 5 }, { start_v: -0.2, end_v: 60 }]),
      ...settingsOf('JV', 'measure_jv', { precondition: { 'Hold Voltage (V)': 4 } }, [{ hold_v: 4 }]),
    ],
    codes: REFUSED,
    never: APPLY,
  },
  {
    what: 'over-voltage that a person may agree to',
    dialects: BOTH,
    before: opened('JV'),
    attempts: settingsOf('JV', 'measure_jv', scan('End (V)', 1.8), [{ end_v: 1.8 }]),
    codes: ASKED,
    never: APPLY,
  },
  {
    what: 'reverse bias',
    dialects: BOTH,
    before: opened('JV'),
    attempts: [
      ...settingsOf('JV', 'measure_jv', scan('Start (V)', -1), [{ start_v: -1 }]),
      ...settingsOf('JV', 'measure_jv', scan('Start (V)', -4), [{ start_v: -4 }]),
    ],
    codes: [...ASKED, ...REFUSED],
    never: APPLY,
  },
  {
    what: 'over-voltage in the dark',
    dialects: BOTH,
    before: opened('Dark JV'),
    attempts: settingsOf('Dark JV', 'measure_dark_jv', { scan_settings: { 'V end (V)': 4 } }, [{ end_v: 4 }]),
    codes: REFUSED,
    never: APPLY,
  },
  {
    what: 'over-current compliance',
    dialects: BOTH,
    before: opened('JV'),
    attempts: settingsOf('JV', 'measure_jv', { device_settings: { 'Compliance (A)': 0.5 } }, [
      { compliance_a: 0.5 },
    ]),
    codes: ASKED,
    never: APPLY,
  },
  {
    what: 'over-current compliance of the live test, and its current mode',
    dialects: BOTH,
    before: opened('Connection Test'),
    attempts: [
      ...settingsOf(
        'Connection Test',
        'check_contact',
        { Device_Specific: { 'Current limit (A)': 0.9 } },
        [{ current_limit_a: 0.9 }],
        { duration_s: 1 },
      ),
      ['routine_apply_settings', { settings: { Device_General: { Mode: 'Constant Current' } } }],
      ['connection_test_set_output', { output: 5 }],
      ['connection_test_set_output', { output: -1 }],
      ['routine_custom_command', { command: 'SetOutput', parameter: { output: 5 } }],
      ['routine_custom_command', { command: 'setoutput', parameter: { output: 5 } }],
    ],
    codes: [...ASKED, ...REFUSED],
    never: /ApplySettings|StartMeasurement|SetOutput/,
  },
  {
    what: 'a settings member that nobody knows',
    dialects: BOTH,
    before: opened('JV'),
    attempts: [
      ['routine_apply_settings', { settings: { device_settings: { 'Boost (V)': 30 } } }],
      ['routine_apply_settings', { settings: scan('end (v)', 30) }],
      ['measure_jv', { settings: { device_settings: { 'Boost (V)': 30 } } }],
    ],
    codes: [...ASKED, ...REFUSED, 'invalid_input'],
    never: APPLY,
  },
  {
    what: 'a measurement that lasts too long',
    dialects: BOTH,
    before: opened('JV'),
    attempts: settingsOf('JV', 'measure_jv', scan('Rate (V/s)', 0.0001), [{ rate_v_s: 0.0001 }]),
    codes: ASKED,
    never: APPLY,
  },
  {
    what: 'settings beyond the limits that somebody else put in force',
    dialects: BOTH,
    async before(rig) {
      await opened('JV')(rig);
      rig.other('ROUTINE', 'ApplySettings', scan('End (V)', 2.5));
    },
    attempts: [['routine_start_measurement'], ['measure_jv'], ['measure_routine', { routine: 'JV' }]],
    codes: ASKED,
    never: APPLY,
  },
  {
    what: 'light beyond a lower limit',
    dialects: BOTH,
    caution: {
      limits: limitsOf({ profiles: { single_junction: { led_level: { soft: 0.4, hard: 0.6 } } } }),
    },
    before: opened('JV'),
    attempts: [
      ['led_set_values', { values: LEDS.with(4, 0.5) }],
      ['set_light', { channels: { Red: 0.7 } }],
      ['set_light', { preset: 'sun' }],
      ...settingsOf('JV', 'measure_jv', { light: { Source: '12 LED', 'Level (%)': 80 } }, [
        { light_source: '12_led', light_level_percent: 80 },
      ]),
    ],
    codes: [...ASKED, ...REFUSED],
    never: /LED.SetValues|ApplySettings|StartMeasurement/,
  },
];

describe('settings are stopped before they are sent', () => {
  for (const hazard of hazards)
    for (const dialect of hazard.dialects ?? NEWEST)
      it(`${hazard.what}, ${dialect} software`, () => tryIt(hazard, dialect));
});
