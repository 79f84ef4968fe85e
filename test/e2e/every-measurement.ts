import type { Host, ToolResult } from '../helpers/hosts.ts';

type Call = [tool: string, args?: Record<string, unknown>];

/** One call of every measure tool that the simulator carries out within a second or two at high speed. */
export const MEASUREMENTS: readonly Call[] = [
  ['measure_jv', { device_name: 'Test', area_cm2: 0.1, light_source: '12_led', irradiance_mw_cm2: 100 }],
  ['measure_dark_jv', { end_v: 1.2, step_v: 0.05, spectra: false }],
  ['check_contact'],
  ['measure_eqe', { step_nm: 50 }],
  ['measure_luminescence', { laser_percent: 50, laser_channel: 1 }],
  ['measure_impedance', { start_hz: 10_000, stop_hz: 100, points: 8, amplitude_v: 0.01 }],
  ['measure_transient', { test: 'TPV', levels: 3 }],
  ['measure_celiv', { thickness_nm: 500 }],
  ['measure_tcspc'],
  ['measure_sheet_resistance'],
  ['measure_stabilised_power', { duration_s: 5, area_cm2: 0.1 }],
  ['measure_routine', { routine: 'PLQY' }],
  // Its preset of 5 V is beyond the limits of a single junction.
  [
    'measure_routine',
    {
      routine: 'Pulsed EL',
      settings: { pulse: { 'End (V)': 1.3, Cycles: 14 }, device: { 'Voltage Limit (V)': 1.3 } },
    },
  ],
];

/** What an agent does around measurements: light, pixel, temperature, and what the archive holds. */
export const AROUND: readonly Call[] = [
  ['set_light', { preset: 'sun', level: 0.1 }],
  ['select_device', { relay: 1 }],
  ['set_stage_temperature', { temperature_c: 26, wait_s: 0 }],
  ['get_command_log'],
  ['wait_for_measurement'],
  ['cancel_measurement'],
  ['list_measurements', { limit: 5 }],
  ['get_measurement', { id: 'latest' }],
  ['get_measurement_data', { id: 'latest', max_points: 10 }],
  ['plot_measurements', { ids: ['latest'] }],
  ['export_measurement', { id: 'latest', format: 'json' }],
];

/** Follows a measurement to its end, however short a call may be. */
export async function toTheEnd(
  host: Host,
  first: ToolResult,
  options: { timeout?: number } = {},
): Promise<ToolResult> {
  let result = first;
  while (!result.isError && result.structured?.['state'] === 'running')
    result = await host.call('wait_for_measurement', {}, options);
  return result;
}
