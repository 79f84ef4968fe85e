import { describe, it } from 'vitest';
import type { Dialect } from '../../../src/simulator/server.ts';
import { type Hazard, LEDS, limitsOf, opened, openedByOther, RELAYS, tryIt } from './attempt.ts';

const BOTH: readonly Dialect[] = ['newest', 'oldest'];
const NEWEST: readonly Dialect[] = ['newest'];
const ASKED = ['confirmation_required'];
const REFUSED = ['limit_exceeded'];

const hazards: Hazard[] = [
  {
    what: 'UV',
    dialects: BOTH,
    attempts: [
      ['led_set_values', { values: LEDS.with(2, 0.2) }],
      ['led_set_values', { values: LEDS.with(3, 0.16) }],
      ['led_set_values', { values: LEDS.with(3, 0.6) }],
      ['set_light', { channels: { 'Far UV': 0.2 } }],
      ['set_light', { wavelengths: { '385': 0.9 } }],
    ],
    codes: [...ASKED, ...REFUSED],
    never: /LED.SetValues/,
  },
  {
    what: 'a hot or cold stage, and a large step',
    dialects: BOTH,
    attempts: [
      ['tmpctl_set_temperature', { temperature: 80 }],
      ['tmpctl_set_temperature', { temperature: 0 }],
      ['tmpctl_set_temperature', { temperature: 70 + 15 }],
      ['set_stage_temperature', { temperature_c: 80, wait_s: 0 }],
      ['set_stage_temperature', { temperature_c: -5, wait_s: 0 }],
    ],
    codes: ASKED,
    never: /TMPCTL.Set(Temperature|Enable)/,
  },
  {
    what: 'a step of the stage within its range',
    caution: {
      limits: limitsOf({ profiles: { single_junction: { temperature_step_c: { soft: 10, hard: 30 } } } }),
    },
    attempts: [
      ['tmpctl_set_temperature', { temperature: 45 }],
      ['tmpctl_set_temperature', { temperature: 65 }],
      ['set_stage_temperature', { temperature_c: 45, wait_s: 0 }],
    ],
    codes: [...ASKED, ...REFUSED],
    never: /TMPCTL.Set/,
  },
  {
    what: 'control on for a target that somebody else set',
    before: async ({ other }) => other('TMPCTL', 'SetTemperature', { temperature: 82 }),
    attempts: [
      ['tmpctl_set_enable', { enable: true }],
      ['set_stage_temperature', { temperature_c: 82, wait_s: 0 }],
    ],
    codes: ASKED,
    never: /TMPCTL.Set(Temperature|Enable)/,
  },
  {
    what: 'probe current',
    dialects: BOTH,
    before: opened('Resistivity'),
    attempts: [
      ['resistivity_apply_current', { current: 0.05 }],
      ['measure_sheet_resistance', { first_current_a: 0.05, max_current_a: 0.05 }],
      ['routine_custom_command', { command: 'ApplyCurrent', parameter: { current: 0.05 } }],
      ['routine_custom_command', { command: 'APPLYCURRENT', parameter: { current: 5 } }],
    ],
    codes: [...ASKED, ...REFUSED],
    never: /ApplyCurrent/i,
  },
  {
    what: 'the exciting laser, in every form',
    dialects: BOTH,
    before: opened('Luminescence'),
    attempts: [
      ['luminescence_set_laser', { channel: 1, intensity: 1 }],
      ['luminescence_set_laser', { channel: 1, frequency: 10_000, intensity: 50 }],
      ['luminescence_set_laser', { channel: 1, duty_cycle: 30 }],
      ['luminescence_set_laser', { channel: 1, frequency: 1000, duty_cycle: 0 }],
      ['luminescence_set_laser', { enabled: true }],
      ['measure_luminescence', { laser_percent: 5, laser_channel: 1 }],
      ['measure_luminescence', { laser_percent: 100 }],
      ['measure_luminescence', { laser_percent: 5, laser_channel: 1, laser_hz: 100 }],
      ['routine_custom_command', { command: 'SetLaser', parameter: { channel: 1, intensity: 5 } }],
      ['routine_custom_command', { command: 'setLaser', parameter: { enabled: true } }],
    ],
    codes: ASKED,
    never: /SetLaser/i,
  },
  {
    what: 'the pulsed laser',
    dialects: BOTH,
    before: opened('TCSPC'),
    attempts: [
      ['tcspc_set_laser', { laser: true }],
      ['tcspc_set_laser', { laser: true, port_id: 7 }],
      ['measure_tcspc', { switch_laser: true }],
      ['routine_custom_command', { command: 'SetLaser', parameter: { laser: true } }],
    ],
    codes: ASKED,
    never: /SetLaser/i,
  },
  {
    what: 'replacing the lamp calibration',
    dialects: BOTH,
    before: opened('IPCE'),
    attempts: [
      ['ipce_start_calibration'],
      ['ipce_start_calibration', { path: 'C:\\lamp.cal' }],
      ['routine_custom_command', { command: 'StartCalibration' }],
    ],
    codes: ASKED,
    never: /StartCalibration/i,
  },
  {
    what: 'two relays at once',
    dialects: BOTH,
    attempts: [['mux_set_status', { state: RELAYS.with(0, true).with(1, true) }]],
    codes: ASKED,
    never: /MUX.SetStatus/,
  },
  {
    what: 'relays while a window is set up',
    speed: 0.1,
    attempts: [
      ['mux_set_status', { state: RELAYS.with(0, true) }],
      ['select_device', { relay: 1 }],
      ['mux_disconnect'],
    ],
    async before({ other }) {
      other('MAIN', 'StartRoutine', { routine: 'JV' });
      await Promise.resolve();
    },
    codes: ['run_not_ours', 'relays_under_current', 'invalid_input'],
    never: /MUX.(SetStatus|Disconnect)/,
  },
  {
    what: "another's window",
    before: openedByOther('Impedance'),
    attempts: [
      ['main_start_routine', { routine: 'JV' }],
      ['main_start_routine', { routine: 'JV', take_over: true }],
      ['routine_close_routine'],
      ['routine_close_routine', { take_over: true }],
      ['measure_jv'],
      ['routine_custom_command', { command: 'CloseRoutine' }],
    ],
    codes: ['window_not_ours', ...ASKED],
    never: /StartRoutine|CloseRoutine/,
  },
  {
    what: 'routines and commands that the limits deny',
    dialects: BOTH,
    caution: {
      confirm: 'never',
      limits: limitsOf({
        profiles: {
          single_junction: {
            routines: { deny: ['Pulsed EL', 'MPPT'] },
            commands: { deny: ['LED.SetValues', 'ROUTINE.SetLaser'] },
          },
        },
      }),
    },
    before: opened('Luminescence'),
    attempts: [
      ['led_set_values', { values: LEDS.with(4, 0.1) }],
      ['set_light', { preset: 'sun' }],
      ['luminescence_set_laser', { channel: 1, intensity: 5 }],
      ['measure_luminescence', { laser_percent: 5, laser_channel: 1 }],
      ['routine_custom_command', { command: 'SetLaser', parameter: { channel: 1 } }],
      ['main_start_routine', { routine: 'pulsed el' }],
      ['main_start_routine', { routine: 'mppt' }],
    ],
    codes: REFUSED,
    never: /SetValues|SetLaser|StartRoutine/,
  },
];

describe('is stopped before it is sent', () => {
  for (const hazard of hazards)
    for (const dialect of hazard.dialects ?? NEWEST)
      it(`${hazard.what}, ${dialect} software`, () => tryIt(hazard, dialect));
});
