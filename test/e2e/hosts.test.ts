import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { GENERATIONS, type Host, startHost } from '../helpers/hosts.ts';
import { AROUND, MEASUREMENTS, toTheEnd } from './every-measurement.ts';
import { expectWhole } from '../helpers/whole-answers.ts';
import { untilStatus } from '../helpers/routine.ts';
import { tools } from '../helpers/all-in-one.ts';

/** Tools that answer in prose or with a picture. */
const PROSE = ['describe_routine', 'plot_measurements'];
const zeros = Array.from({ length: 12 }, () => 0);

/** One call of every tool, in an order in which an instrument accepts them. */
async function everyTool(host: Host): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  const use = async (name: string, args: Record<string, unknown> = {}) => {
    // A slow machine may need more than one call.
    const result = await toTheEnd(host, await host.call(name, args));
    expect(result, `${name}: ${result.text}`).toMatchObject({ isError: false });
    expect(result.text).toMatch(/^\[simulated instrument\] /);
    const tool = tools.find((known) => known.name === name);
    if (tool === undefined) throw new Error(`no tool ${name}`);
    // Some hosts show the model only one of the two.
    expectWhole(tool, result);
    answers[name] = result.structured;
    return result.structured;
  };
  await use('instrument_status');
  await use('main_get_available_routines');
  await use('main_get_active_routine');
  await use('main_start_routine', { routine: 'jv' });
  await untilStatus(host, 'Ready');
  await use('routine_get_test_status');
  await use('routine_get_custom_commands');
  await use('routine_set_info', { device_name: 'Test', device_area: 0.1 });
  const settings = await use('routine_get_settings');
  // Slow enough to be stopped before it ends.
  const slow = JSON.stringify(settings?.['data']).replace('"Rate (V/s)":0.2', '"Rate (V/s)":0.002');
  await use('routine_apply_settings', { settings: JSON.parse(slow) as unknown });
  await use('mux_connect');
  await use('mux_get_status');
  await use('mux_set_status', { state: [true, false, false, false, false, false, false, false] });
  await use('led_get_status');
  await use('led_set_values', { values: zeros });
  await use('tmpctl_get_status');
  await use('tmpctl_set_controller', { address: 1, channel: 1 });
  await use('tmpctl_set_temperature', { temperature: 30 });
  await use('tmpctl_set_enable', { enable: true });
  await use('routine_start_measurement');
  await untilStatus(host, 'Running');
  await use('routine_stop_measurement');
  await untilStatus(host, 'Ready');
  await use('routine_get_test_data');
  await use('routine_clear_errors');
  await use('safe_shutdown', { scope: 'everything' });
  await use('routine_close_routine');
  for (const [name, args] of MEASUREMENTS) await use(name, args);
  const { measurement_id: jv } = z.looseObject({ measurement_id: z.string() }).parse(answers['measure_jv']);
  for (const [name, args] of AROUND) await use(name, args);
  await use('measure_jv', { light_source: 'external' });
  await use('compare_measurements', { ids: [jv, 'latest'] });
  await use('safe_shutdown', { scope: 'everything', close_routine: true });
  await use('mux_disconnect');
  for (const [routine, calls] of CUSTOM_COMMANDS) {
    await use('main_start_routine', { routine });
    await untilStatus(host, 'Ready');
    for (const [name, args] of calls) await use(name, args);
    await use('safe_shutdown', { scope: 'everything', close_routine: true });
  }
  return answers;
}

/** The custom commands of each routine, in an order in which it accepts them. */
const CUSTOM_COMMANDS: readonly [
  routine: string,
  calls: readonly [tool: string, args?: Record<string, unknown>][],
][] = [
  [
    'IPCE',
    [
      ['ipce_get_monochromator_status'],
      ['ipce_get_chopper_frequency'],
      ['ipce_set_shutter', { shutter_status: true }],
      ['ipce_set_wavelength', { wavelength: 550 }],
      ['ipce_start_calibration'],
    ],
  ],
  [
    'Luminescence',
    [
      ['luminescence_acquire_dark'],
      ['luminescence_acquire_reference'],
      ['luminescence_set_laser', { channel: 1, intensity: 50 }],
      ['luminescence_auto_exposure'],
      ['luminescence_acquire_single'],
      ['luminescence_set_laser', { channel: 1, intensity: 0 }],
    ],
  ],
  [
    'TCSPC',
    [
      ['tcspc_set_laser', { laser: true }],
      ['tcspc_get_rates'],
      ['tcspc_set_laser', { laser: false, port_id: 7 }],
    ],
  ],
  ['TPR', [['tpr_set_mode', { mode: 'TPC' }]]],
  ['Connection Test', [['connection_test_set_output', { output: 0 }]]],
  [
    'Resistivity',
    [
      ['resistivity_apply_current', { current: 1e-7 }],
      ['resistivity_set_device_dimensions', { thickness: 0.1, length: 20, width: 10 }],
    ],
  ],
];

describe.each(GENERATIONS)('%s', (generation) => {
  let host: Host;
  beforeAll(async () => {
    // A folder of its own: "latest" is never a measurement of another test.
    const folder = await mkdtemp(path.join(process.env['TEST_DATA_DIR'] ?? tmpdir(), 'hosts-'));
    const args = ['--simulator', '--simulator-speed', '200', '--data-dir', folder];
    host = await startHost(args, generation);
  });
  afterAll(() => host.close());

  it('lists every tool, in order, with its schemas', async () => {
    const listed = await host.listTools();
    expect(listed.map(({ name }) => name)).toEqual(tools.map(({ name }) => name));
    for (const tool of listed) {
      expect(tool.inputSchema, tool.name).toMatchObject({ type: 'object', additionalProperties: false });
      if (PROSE.includes(tool.name)) expect(tool.outputSchema, tool.name).toBeUndefined();
      else expect(tool.outputSchema, tool.name).toMatchObject({ type: 'object' });
    }
  });

  it('calls every tool', { timeout: 180_000 }, async () => {
    const answers = await everyTool(host);
    await host.call('main_start_routine', { routine: 'PLQY' });
    await untilStatus(host, 'Ready');
    const custom = await host.call('routine_custom_command', { command: 'AcquireDark' });
    expect(custom).toMatchObject({ isError: true, error: { code: 'invalid_input', outcome: 'not_sent' } });
    expect(custom.text).toContain('luminescence_acquire_dark');
    const wrongRoutine = await host.call('luminescence_acquire_dark');
    expect(wrongRoutine).toMatchObject({ isError: true, error: { outcome: 'not_sent' } });
    expect(wrongRoutine.text).toMatch(/command of the routine Luminescence, and "PLQY" is open/);
    // Whatever other tests left behind, nothing of it is on this instrument.
    const nothing = await host.call('recover_measurement');
    expect(['nothing_to_recover', 'data_gone', 'other_instrument']).toContain(nothing.error?.['code']);
    expect([...Object.keys(answers), 'recover_measurement', 'routine_custom_command'].sort()).toEqual(
      tools.map(({ name }) => name).sort(),
    );
  });

  it('says in its instructions that the instrument is simulated', () => {
    expect(host.instructions()).toContain('SIMULATED');
  });

  it('answers a wrong argument with what would be right, and sends nothing', async () => {
    const wrong = await host.call('led_set_values', { values: [2, ...zeros.slice(1)], brightness: 1 });
    expect(wrong).toMatchObject({ isError: true, structured: undefined });
    expect(wrong.error).toMatchObject({ code: 'invalid_input', outcome: 'not_sent' });
    expect(wrong.text).toMatch(/values\[0\]: a number, 0 to 1, not 2/);
    expect(wrong.text).toMatch(/unknown: brightness; known: address, values/);
  });

  it('answers a refusal with the code, the outcome and the next call', async () => {
    await host.call('safe_shutdown', { scope: 'everything', close_routine: true });
    const refused = await host.call('routine_get_settings');
    expect(refused).toMatchObject({
      isError: true,
      structured: undefined,
      error: { code: 4006, outcome: 'refused', target: 'ROUTINE', command: 'GetSettings' },
    });
    expect(refused.text).toMatch(/error 4006: "no active routine"/i);
    expect(refused.text).toContain('main_start_routine');
  });
});
