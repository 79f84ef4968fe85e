import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { tools } from '../../src/tools/index.ts';

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
        "main read main_get_available_routines()",
        "main read main_get_active_routine()",
        "main configure main_start_routine(routine)",
        "routine read routine_get_test_status()",
        "routine read routine_get_settings()",
        "routine configure routine_apply_settings(settings)",
        "routine configure routine_set_info(user_name, device_name, device_area)",
        "routine actuate routine_start_measurement()",
        "routine safety routine_stop_measurement()",
        "routine read routine_get_test_data()",
        "routine configure routine_clear_errors()",
        "routine configure routine_close_routine()",
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
      expect(property, name).toMatchObject({ description: expect.stringMatching(/.{8}/) });
    }
    expect(tool.description.length).toBeLessThan(600);
    expect(tool.output.shape).toHaveProperty('simulated');
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
