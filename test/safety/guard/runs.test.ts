import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../src/simulator/server.ts';
import { type Rig, startRig } from '../../helpers/measuring.ts';
import { ok, refused, startStateful } from '../../helpers/stateful-instrument.ts';
import { toolsOn } from '../../helpers/tools.ts';
import { type Attempt, LEDS, opened, RELAYS, tryIt, written } from './attempt.ts';

const DIALECTS: readonly Dialect[] = ['newest', 'oldest'];
/** Whatever does not only look. */
const CHANGES = /\.(?!Get|LoadSettings)/;
const LIT = LEDS.with(4, 0.3);
const CLOSED = RELAYS.with(0, true);

const OFF: readonly Attempt[] = [
  ['led_set_values', { values: LEDS }],
  ['mux_set_status', { state: RELAYS }],
  ['tmpctl_set_enable', { enable: false }],
  ['set_light', { preset: 'off' }],
  ['select_device', { relay: 0 }],
  ['set_stage_temperature', { control: 'off' }],
];

async function runOfOther({ other, untilStatus }: Rig): Promise<void> {
  other('MAIN', 'StartRoutine', { routine: 'JV' });
  await untilStatus('Ready');
  other('ROUTINE', 'StartMeasurement');
}

const DISTURBING: readonly Attempt[] = [
  ['routine_start_measurement'],
  ['routine_apply_settings', { settings: { light: { 'Level (%)': 50 } } }],
  ['routine_set_info', { device_name: 'mine' }],
  ['routine_clear_errors'],
  ['led_set_values', { values: LIT }],
  ['set_light', { preset: 'sun' }],
  ['mux_set_status', { state: CLOSED }],
  ['mux_connect'],
  ['mux_disconnect'],
  ['select_device', { relay: 1 }],
  ['tmpctl_set_temperature', { temperature: 30 }],
  ['tmpctl_set_enable', { enable: true }],
  ['set_stage_temperature', { temperature_c: 30, wait_s: 0 }],
  ['main_start_routine', { routine: 'JV' }],
  ['main_start_routine', { routine: 'IPCE' }],
  ['main_start_routine', { routine: 'IPCE', take_over: true }],
  ['routine_close_routine'],
  ['routine_close_routine', { take_over: true }],
  ['routine_stop_measurement'],
  ['measure_jv'],
  ['measure_eqe'],
];

describe("another's measurement", () => {
  it.each(DIALECTS)('is not touched, though nobody is asked about anything: %s software', (dialect) =>
    tryIt(
      {
        what: '',
        speed: 1,
        caution: { confirm: 'never' },
        before: runOfOther,
        attempts: DISTURBING,
        codes: ['run_not_ours', 'run_under_way', 'relays_under_current', 'instrument_busy', 'invalid_input'],
        never: CHANGES,
      },
      dialect,
    ),
  );

  it('is stopped with the word of the person', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 1 });
    await runOfOther(rig);
    expect((await rig.tools.call('routine_stop_measurement')).text).toMatch(/scope "everything"/);
    const stopped = await rig.tools.call('routine_stop_measurement', { scope: 'everything' });
    expect(stopped.isError, stopped.text).toBe(false);
    await rig.untilStatus('Ready');
  });

  it('in a window that we opened keeps that window open at our safe_shutdown', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 1 });
    await opened('JV')(rig);
    rig.other('ROUTINE', 'StartMeasurement');
    const answer = await rig.tools.call('safe_shutdown', { close_routine: true });
    expect(answer.text).toMatch(/STILL ON.*routine \("JV" is (Starting|Running)/);
    expect(rig.names().filter((name) => /Close|Stop/.test(name))).toEqual([]);
  });

  it('that began when ours had ended unseen, in a window that was closed since, is theirs', async ({
    onTestFinished,
  }) => {
    const rig = await startRig(onTestFinished, { speed: 1 });
    await opened('JV')(rig);
    expect((await rig.tools.call('routine_start_measurement')).isError).toBe(false);
    await rig.tools.call('main_get_active_routine');
    rig.other('ROUTINE', 'StopMeasurement');
    rig.other('ROUTINE', 'CloseRoutine');
    await rig.tools.call('main_get_active_routine');
    await runOfOther(rig);
    expect((await rig.tools.call('routine_stop_measurement')).error).toMatchObject({ code: 'run_not_ours' });
    rig.other('ROUTINE', 'StopMeasurement');
    expect((await rig.tools.call('routine_close_routine')).error).toMatchObject({ code: 'window_not_ours' });
  });
});

describe('our own measurement', () => {
  it.each(DIALECTS)('is not interrupted, and no relay switched in it: %s software', (dialect) =>
    tryIt(
      {
        what: '',
        speed: 1,
        caution: { confirm: 'never' },
        async before(rig) {
          await opened('IPCE')(rig);
          expect((await rig.tools.call('routine_start_measurement')).isError).toBe(false);
        },
        attempts: [
          // Right away, while the status may not show it yet.
          ['mux_set_status', { state: CLOSED }],
          ['select_device', { relay: 1 }],
          ['mux_disconnect'],
          ['ipce_set_shutter', { shutter_status: true }],
          ['ipce_set_shutter', { shutter_status: false }],
          ['ipce_set_wavelength', { wavelength: 500 }],
          ['ipce_start_calibration'],
          ['routine_close_routine'],
          ['routine_start_measurement'],
          ['routine_custom_command', { command: 'SetShutter', parameter: { shutter_status: true } }],
        ],
        codes: ['relays_under_current', 'invalid_input', 'run_under_way'],
        never: CHANGES,
      },
      dialect,
    ),
  );

  it('when it was started by a measure tool: others look and switch off, and that is all', async ({
    onTestFinished,
  }) => {
    const rig = await startRig(onTestFinished, { speed: 1 });
    const started = await rig.tools.call('measure_jv', { wait_s: 0 });
    expect(started.structured, started.text).toMatchObject({ state: 'running' });
    await rig.untilStatus('Running');
    const from = rig.sent.length;
    for (const [tool, args] of DISTURBING.filter(([name]) => !/stop|measure_jv/.test(name))) {
      const answer = await rig.tools.call(tool, args);
      expect(answer.isError, `${tool}: ${answer.text}`).toBe(true);
      expect(answer.error).toMatchObject({ outcome: 'not_sent' });
    }
    expect(written(rig, from).filter((line) => CHANGES.test(line))).toEqual([]);
    for (const [tool, args] of OFF) {
      const answer = await rig.tools.call(tool, args);
      expect(answer.isError, `${tool}: ${answer.text}`).toBe(false);
    }
    expect(rig.tools.jobs.running).toBeDefined();
  });

  it('and a relay asked for at the same moment never meet', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 1 });
    await opened('JV')(rig);
    const from = rig.sent.length;
    const [started, switched] = await Promise.all([
      rig.tools.call('routine_start_measurement'),
      rig.tools.call('mux_set_status', { state: CLOSED }),
    ]);
    expect(started.isError, started.text).toBe(false);
    expect(switched.error, switched.text).toMatchObject({ code: 'relays_under_current' });
    expect(written(rig, from).filter((line) => CHANGES.test(line))).toEqual(['ROUTINE.StartMeasurement {}']);
  });
});

describe('settings that somebody else changed', () => {
  it.each(DIALECTS)('are shown, and measured with only once they were read: %s software', async (dialect) => {
    const closes: (() => Promise<void>)[] = [];
    const rig = await startRig((close) => closes.push(close), { speed: 50, dialect });
    await opened('JV')(rig);
    await rig.tools.call('routine_get_settings');
    rig.other('ROUTINE', 'ApplySettings', { precondition: { 'Hold Time (s)': 2 } });
    for (let i = 0; i < 2; i++) {
      const answer = await rig.tools.call('routine_start_measurement');
      expect(answer.error).toMatchObject({ code: 'settings_changed', outcome: 'not_sent' });
      expect(answer.text).toMatch(/precondition › Hold Time \(s\).* 1.* 2/);
    }
    expect(rig.names()).not.toContain('ROUTINE.StartMeasurement');
    await rig.tools.call('routine_get_settings');
    const started = await rig.tools.call('routine_start_measurement');
    expect(started.isError, started.text).toBe(false);
    for (const close of closes) await close();
  });

  it('after we had applied ours', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 50 });
    await opened('JV')(rig);
    const settings = { precondition: { 'Hold Time (s)': 3 } };
    expect((await rig.tools.call('routine_apply_settings', { settings })).isError).toBe(false);
    rig.other('ROUTINE', 'ApplySettings', { precondition: { 'Hold Time (s)': 2 } });
    expect((await rig.tools.call('routine_start_measurement')).error).toMatchObject({
      code: 'settings_changed',
    });
  });
});

describe('settings that somebody else changed, whatever came in between', () => {
  const POLARITY = { device: { Inverted: true } };

  it.each<[tool: string, args?: Record<string, unknown>]>([
    ['routine_set_info', { device_name: 'A1', device_area: 0.2 }],
    ['led_set_values', { values: LIT }],
    ['routine_get_test_status'],
    ['instrument_status'],
    ['routine_clear_errors'],
  ])('%s does not make them known', async (tool, args) => {
    const closes: (() => Promise<void>)[] = [];
    const rig = await startRig((close) => closes.push(close), { speed: 50 });
    await opened('JV')(rig);
    await rig.tools.call('routine_get_settings');
    rig.other('ROUTINE', 'ApplySettings', POLARITY);
    const between = await rig.tools.call(tool, args);
    expect(between.isError, between.text).toBe(false);
    const answer = await rig.tools.call('routine_start_measurement');
    expect(answer.error, answer.text).toMatchObject({ code: 'settings_changed', outcome: 'not_sent' });
    expect(answer.text).toContain('device › Inverted');
    for (const close of closes) await close();
  });

  it('what the caller itself changed is none of it', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 50 });
    await opened('JV')(rig);
    await rig.tools.call('routine_get_settings');
    await rig.tools.call('routine_set_info', { device_name: 'A1', device_area: 0.2 });
    const started = await rig.tools.call('routine_start_measurement');
    expect(started.isError, started.text).toBe(false);
  });

  it('a second measurement is told of it once, and measures then; what it asks itself does not matter', async ({
    onTestFinished,
  }) => {
    const rig = await startRig(onTestFinished, { speed: 50 });
    const measure = (args: Record<string, unknown>) => rig.tools.call('measure_jv', { wait_s: 50, ...args });
    expect((await measure({})).structured).toMatchObject({ state: 'complete' });
    const start = (volts: number) => ({ scan_settings: { scan: { 'Start (V)': volts } } });
    rig.other('ROUTINE', 'ApplySettings', start(-0.4));
    const told = await measure({ note: 'second' });
    expect(told.error, told.text).toMatchObject({ code: 'settings_changed', outcome: 'not_sent' });
    expect(told.text).toMatch(/Start \(V\).* -0\.2.* -0\.4/);
    expect((await measure({ note: 'second' })).structured).toMatchObject({
      state: 'complete',
      applied: { as_found: { start_v: -0.4 } },
    });
    rig.other('ROUTINE', 'ApplySettings', start(-0.3));
    const asked = await measure({ start_v: -0.1 });
    expect(asked.structured, asked.text).toMatchObject({
      state: 'complete',
      applied: { asked: { start_v: -0.1 } },
    });
  });

  it('right after the sample was named, in the middle of a call', async ({ onTestFinished }) => {
    let change = (): void => undefined;
    const rig = await startRig(onTestFinished, {
      speed: 50,
      onRequest: ({ command }) => {
        if (command === 'SetInfo') change();
      },
    });
    change = () => void rig.other('ROUTINE', 'ApplySettings', POLARITY);
    const answer = await rig.tools.call('measure_jv', { area_cm2: 0.2, device_name: 'A1', wait_s: 50 });
    expect(answer.error, answer.text).toMatchObject({ code: 'settings_changed' });
    expect(rig.names()).not.toContain('ROUTINE.StartMeasurement');
  });

  it('of the rest, after a part of them was applied', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 50 });
    await opened('JV')(rig);
    await rig.tools.call('routine_get_settings');
    const settings = { precondition: { 'Hold Time (s)': 3 } };
    await rig.tools.call('routine_apply_settings', { settings });
    rig.other('ROUTINE', 'ApplySettings', POLARITY);
    const started = await rig.tools.call('routine_start_measurement');
    expect(started.error, started.text).toMatchObject({ code: 'settings_changed' });
    expect(started.text).toContain('device › Inverted');
  });

  it('by another caller', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 50 });
    await opened('JV')(rig);
    await rig.tools.call('routine_get_settings', {}, { caller: 'A' });
    const settings = { precondition: { 'Hold Time (s)': 3 } };
    await rig.tools.call('routine_apply_settings', { settings }, { caller: 'B' });
    const started = await rig.tools.call('routine_start_measurement', {}, { caller: 'A' });
    expect(started.error, started.text).toMatchObject({ code: 'settings_changed' });
  });
});

describe('a command that nothing is known of', () => {
  const withCustom = () =>
    startStateful((name) => {
      if (name === 'ROUTINE.GetCustomCommands') return ok({ CustomCommands: ['FireAll'] });
      return undefined;
    });

  it('is asked about, and sent only where that was allowed beforehand', async ({ onTestFinished }) => {
    const instrument = await withCustom();
    const [careful, allowed] = [
      toolsOn(instrument.port, {}, 5000, { confirm: 'hazardous' }),
      toolsOn(instrument.port, {}, 5000, { confirm: 'hazardous', allow: ['custom'] }),
    ];
    onTestFinished(async () => {
      for (const tools of [careful, allowed]) tools.close();
      await instrument.close();
    });
    const call = { command: 'FireAll', parameter: { power: 100 } };
    const asked = await careful.call('routine_custom_command', call);
    expect(asked.error).toMatchObject({ code: 'confirmation_required', outcome: 'not_sent' });
    expect(asked.text).toMatch(/"FireAll".*100.*--allow custom/s);
    expect(instrument.received.map(({ command }) => command)).not.toContain('FireAll');
    expect((await allowed.call('routine_custom_command', call)).isError).toBe(false);
    expect(instrument.received.map(({ command }) => command)).toContain('FireAll');
  });
});

it('an instrument that does not say whether it measures is not operated', async ({ onTestFinished }) => {
  const instrument = await startStateful((name) =>
    name === 'ROUTINE.GetTestStatus' || name === 'ROUTINE.GetStatus' ? refused(500, 'busy') : undefined,
  );
  const tools = toolsOn(instrument.port);
  onTestFinished(async () => {
    tools.close();
    await instrument.close();
  });
  const answer = await tools.call('led_set_values', { address: 1, values: LIT });
  expect(answer.error).toMatchObject({ code: 500, outcome: 'not_sent' });
  expect((await tools.call('led_set_values', { address: 1, values: LEDS })).isError).toBe(false);
  expect(instrument.received.filter(({ command }) => command === 'SetValues')).toHaveLength(1);
});
