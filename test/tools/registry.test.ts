import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { tools } from '../helpers/all-in-one.ts';

/** A name with its unit, or a word that has one meaning: describing those costs every conversation more than it tells. */
const SPEAKS_FOR_ITSELF =
  /_(v|a|s|ms|hz|nm|um|mm|percent|v_s)$|^(averages|points|levels|periods|order|mode|test|bias_mode|end_level|note|device_name|ids|format)$/;

describe('the tools', () => {
  it('are what they were: a change here is a change for every host', () => {
    expect(
      tools.map(
        ({ name, kind, toolset, input }) =>
          `${toolset} ${kind} ${name}(${Object.keys(input.shape).join(', ')})`,
      ),
    ).toMatchInlineSnapshot(`
      [
        "workflow read instrument_status()",
        "workflow safety safe_shutdown(scope, close_routine)",
        "workflow actuate measure_jv(device_name, area_cm2, start_v, end_v, step_v, rate_v_s, order, auto_voc, hold_s, hold_v, compliance_a, inverted, light_source, light_level_percent, irradiance_mw_cm2, settings, note, wait_s, take_over)",
        "workflow actuate measure_dark_jv(device_name, area_cm2, start_v, end_v, step_v, rate_v_s, order, hold_s, compliance_a, spectra, integration_s, settings, note, wait_s, take_over)",
        "workflow actuate measure_stabilised_power(device_name, duration_s, hold_v, keep_running, area_cm2, compliance_a, light_source, light_level_percent, irradiance_mw_cm2, settings, note, wait_s, take_over)",
        "workflow actuate check_contact(device_name, forward_v, current_limit_a, settings, note, wait_s, take_over)",
        "workflow actuate measure_eqe(device_name, area_cm2, start_nm, end_nm, step_nm, acquisition_s, averages, delay_s, bias_v, bias_light, chopper_hz, settings, note, wait_s, take_over)",
        "workflow actuate measure_luminescence(device_name, laser_percent, laser_channel, laser_hz, auto_exposure, integration_ms, averages, settings, note, wait_s, take_over)",
        "workflow actuate measure_impedance(device_name, area_cm2, start_hz, stop_hz, points, amplitude_v, periods, bias_mode, bias_v, settings, note, wait_s, take_over)",
        "workflow actuate measure_transient(device_name, test, start_level, end_level, levels, bias_share, record_s, pulse_percent, points, averages, settings, note, wait_s, take_over)",
        "workflow actuate measure_celiv(device_name, thickness_nm, ramp_end_v, ramp_start_v, ramp_s, pulse_s, first_delay_s, delay_step_s, last_delay_s, averages, settings, note, wait_s, take_over)",
        "workflow actuate measure_tcspc(device_name, switch_laser, laser_port, settings, note, wait_s, take_over)",
        "workflow actuate measure_sheet_resistance(device_name, first_current_a, max_current_a, v_limit, thickness_um, length_mm, width_mm, settings, note, wait_s, take_over)",
        "workflow actuate measure_routine(device_name, routine, duration_s, keep_running, area_cm2, settings, note, wait_s, take_over)",
        "workflow read wait_for_measurement(job_id, wait_s)",
        "workflow safety cancel_measurement(job_id)",
        "workflow read recover_measurement(id, wait_s)",
        "workflow read list_measurements(device, routine, from, to, text, limit, offset)",
        "workflow read get_measurement(id)",
        "workflow read get_measurement_data(id, columns, scan, from, to, max_points)",
        "workflow read plot_measurements(ids, kind)",
        "workflow read compare_measurements(ids)",
        "workflow read export_measurement(id, format)",
        "workflow read describe_routine(routine)",
        "workflow read get_command_log(limit, reads)",
        "workflow actuate set_light(preset, level, channels, wavelengths, address)",
        "workflow actuate select_device(relay)",
        "workflow actuate set_stage_temperature(temperature_c, control, tolerance_c, stable_for_s, wait_s, address, channel)",
        "main read main_get_available_routines()",
        "main read main_get_active_routine()",
        "main configure main_start_routine(routine, take_over)",
        "routine read routine_get_test_status()",
        "routine read routine_get_settings()",
        "routine configure routine_apply_settings(settings)",
        "routine configure routine_set_info(user_name, device_name, device_area)",
        "routine actuate routine_start_measurement()",
        "routine safety routine_stop_measurement(scope)",
        "routine read routine_get_test_data()",
        "routine configure routine_clear_errors()",
        "routine configure routine_close_routine(take_over)",
        "routine read routine_get_custom_commands()",
        "led read led_get_status()",
        "led actuate led_set_values(address, values)",
        "mux read mux_get_status()",
        "mux actuate mux_set_status(state)",
        "mux configure mux_connect()",
        "mux configure mux_disconnect()",
        "tmpctl read tmpctl_get_status()",
        "tmpctl configure tmpctl_set_controller(address, channel)",
        "tmpctl actuate tmpctl_set_temperature(temperature)",
        "tmpctl actuate tmpctl_set_enable(enable)",
        "custom actuate ipce_set_shutter(shutter_status)",
        "custom actuate ipce_set_wavelength(wavelength)",
        "custom actuate ipce_start_calibration(path)",
        "custom read ipce_get_chopper_frequency()",
        "custom read ipce_get_monochromator_status()",
        "custom configure luminescence_acquire_dark()",
        "custom configure luminescence_acquire_reference()",
        "custom configure luminescence_acquire_single()",
        "custom configure luminescence_auto_exposure(target_level)",
        "custom actuate luminescence_set_laser(channel, frequency, intensity, duty_cycle, enabled)",
        "custom actuate resistivity_apply_current(current)",
        "custom configure resistivity_set_device_dimensions(thickness, length, width)",
        "custom configure tpr_set_mode(mode)",
        "custom read tcspc_get_rates()",
        "custom actuate tcspc_set_laser(laser, port_id)",
        "custom actuate connection_test_set_output(output)",
        "custom actuate routine_custom_command(command, parameter)",
      ]
    `);
  });

  it.each(tools.map((tool) => [tool.name, tool] as const))('%s is described for a model', (_, tool) => {
    const schema = z.toJSONSchema(tool.input, { io: 'input' });
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (SPEAKS_FOR_ITSELF.test(name)) continue;
      expect(property, name).toMatchObject({ description: expect.stringMatching(/./) });
    }
    expect(tool.description.length).toBeLessThan(600);
    if (tool.output !== undefined) expect(tool.output.schema.shape).toHaveProperty('simulated');
  });

  it.each(tools.map((tool) => [tool.name, tool] as const))(
    '%s names the known arguments when one is unknown',
    (_, tool) => {
      const error = tool.input.safeParse({ nonsense: 1 }).error;
      const message = error?.issues.find(({ code }) => code === 'unrecognized_keys')?.message ?? '';
      expect(message).toMatch(/^unknown: nonsense; (known: |it takes no arguments)/);
      for (const name of Object.keys(tool.input.shape)) expect(message).toContain(name);
    },
  );
});
