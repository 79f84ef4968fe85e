import { describe, expect, it } from 'vitest';
import { limitSource } from '../../src/safety/limits/limit-source.ts';
import { type Rig, startRig } from '../helpers/measuring.ts';
import { ok, refused, startStateful } from '../helpers/stateful-instrument.ts';
import { toolsOn } from '../helpers/tools.ts';

/** What a refused measurement must not have sent. */
const ACTS =
  /\.(StartMeasurement|ApplySettings|SetInfo|SetValues|CloseRoutine|SetOutput|ApplyCurrent|Acquire\w+)$/;
const acts = ({ names }: Rig): string[] => names().filter((name) => ACTS.test(name));

interface Case {
  what: string;
  tool: string;
  args?: Record<string, unknown>;
  before?: (rig: Rig) => void | Promise<void>;
  says: RegExp;
}

const DARK = Array.from({ length: 12 }, () => 0);
const open = (routine: string) => async (rig: Rig) => {
  rig.other('MAIN', 'StartRoutine', { routine });
  await rig.untilStatus('Ready');
};

const cases: Case[] = [
  {
    what: 'a light level without a source',
    tool: 'measure_jv',
    args: { light_level_percent: 50 },
    says: /light_level_percent 50 was asked, but the light source is None[^]*light_source/,
  },
  {
    what: 'a dark curve while LEDs are lit',
    tool: 'measure_dark_jv',
    before: ({ other }) => void other('LED', 'SetValues', { address: 1, values: DARK.with(4, 0.5) }),
    says: /it would not be dark[^]*set_light/,
  },
  {
    what: 'an EQE without chopper while LEDs are lit, which would count them as the lamp',
    tool: 'measure_eqe',
    before: ({ other }) => void other('LED', 'SetValues', { address: 1, values: DARK.with(4, 0.5) }),
    says: /it would not be dark[^]*set_light/,
  },
  {
    what: 'a laser without its channel',
    tool: 'measure_luminescence',
    args: { laser_percent: 50 },
    says: /laser_percent and laser_channel belong together/,
  },
  {
    what: 'a pulsed laser without a laser',
    tool: 'measure_luminescence',
    args: { laser_hz: 100 },
    says: /laser_hz goes with laser_percent/,
  },
  {
    what: 'a setting that is not there',
    tool: 'measure_jv',
    args: { settings: { scan_settings: { scan: { 'Rate (V/sec)': 1 } } } },
    says: /scan_settings › scan › Rate \(V\/sec\) is not among[^]*Is "Rate \(V\/s\)" meant\?/,
  },
  {
    what: 'an argument and a setting that contradict each other',
    tool: 'measure_jv',
    args: { rate_v_s: 0.1, settings: { scan_settings: { scan: { 'Rate (V/s)': 0.2 } } } },
    says: /rate_v_s 0\.1 contradicts settings/,
  },
  {
    what: 'currents the wrong way round',
    tool: 'measure_sheet_resistance',
    args: { first_current_a: 0.01, max_current_a: 0.001 },
    says: /first_current_a 0\.01 is above max_current_a 0\.001/,
  },
  {
    what: 'a routine that is not there',
    tool: 'measure_routine',
    args: { routine: 'Raman' },
    says: /no routine "Raman"; this instrument lists "JV"/,
  },
  {
    what: 'a duration for what ends by itself',
    tool: 'measure_routine',
    args: { routine: 'JV', duration_s: 5 },
    says: /JV ends by itself/,
  },
  {
    what: 'no duration for what does not',
    tool: 'measure_routine',
    args: { routine: 'MPPT' },
    says: /MPPT runs until it is stopped: for how long\?/,
  },
  {
    what: 'a routine with an order of its own',
    tool: 'measure_routine',
    args: { routine: 'Luminescence' },
    says: /measure_luminescence/,
  },
  {
    what: 'no voltage to hold, and no JV that shows one, and light that nothing gives',
    tool: 'measure_stabilised_power',
    args: { hold_v: 0.9 },
    says: /nothing shines[^]*set_light/,
  },
  {
    what: 'a light level while a voltage is held, which the routine for it cannot set',
    tool: 'measure_stabilised_power',
    args: { hold_v: 0.9, light_source: '12_led', light_level_percent: 100 },
    says: /while a voltage is held the instrument switches no light/,
  },
  {
    what: 'a voltage held after the server ended, which nobody would take off again',
    tool: 'measure_stabilised_power',
    args: { hold_v: 0.9, keep_running: true },
    says: /keep_running does not apply while a voltage is held/,
  },
  {
    what: 'a name that no argument has',
    tool: 'measure_jv',
    args: { rate: 1 },
    says: /rate[^]*rate_v_s/,
  },
];

/** Arguments that are each right and do not go together. */
const CONTRADICTIONS: readonly (readonly [tool: string, args: Record<string, unknown>, says: RegExp])[] = [
  ['measure_impedance', { bias_mode: 'voc', bias_v: 0.5 }, /Leave bias_v out[^]*bias_mode fixed/],
  ['measure_dark_jv', { spectra: false, integration_s: 0.1 }, /Leave integration_s out/],
  ['measure_eqe', { bias_light: 0.5, chopper_hz: 0 }, /Give chopper_hz too[^]*leave bias_light out/],
  ['measure_tcspc', { switch_laser: false, laser_port: 7 }, /Leave laser_port out/],
  ['measure_luminescence', { auto_exposure: true, integration_ms: 5 }, /Give one of the two/],
  ['measure_luminescence', { laser_percent: 50 }, /laser_percent and laser_channel belong together/],
  ['measure_jv', { light_source: 'none', light_level_percent: 50 }, /Leave light_level_percent out/],
  [
    'measure_stabilised_power',
    { light_source: 'none', irradiance_mw_cm2: 100 },
    /irradiance_mw_cm2 asks for light/,
  ],
  [
    'measure_sheet_resistance',
    { first_current_a: 0.01, max_current_a: 0.001 },
    /first_current_a 0\.01 is above/,
  ],
];

describe('arguments that contradict each other', () => {
  it.each(CONTRADICTIONS)('of %s, %j, are refused before anything is sent', async (tool, args, says) => {
    const instrument = await startStateful();
    const tools = toolsOn(instrument.port);
    try {
      const answer = await tools.call(tool, args);
      expect(answer.isError, answer.text).toBe(true);
      expect(answer.text).toMatch(says);
      expect(answer.error).toMatchObject({ code: 'invalid_input', outcome: 'not_sent' });
      expect(instrument.connections).toBe(0);
    } finally {
      tools.close();
      await instrument.close();
    }
  });
});

describe('a value that the instrument refuses', () => {
  it.concurrent.each([
    ['measure_jv', { start_v: 1.2, end_v: -0.2 }, /End \(V\) must be above Start \(V\)/],
    ['measure_dark_jv', { start_v: 1.2, end_v: -0.2 }, /V end \(V\) must be above/],
    ['measure_impedance', { start_hz: 1e6, stop_hz: 1e5 }, /the SMU reaches 40000 Hz/],
    ['measure_jv', { step_v: 0.0001, end_v: 50 }, /more than \d+ points/],
    ['measure_jv', { settings: { light: { Source: 'Candle' } } }, /must be one of/],
  ])('of %s, %j, comes with a hint about values and not about names', async (tool, args, says) => {
    const closes: (() => Promise<void>)[] = [];
    try {
      const limits = limitSource(undefined, 'module');
      const rig = await startRig((close) => closes.push(close), { speed: 100, caution: { limits } });
      const answer = await rig.tools.call(tool, { ...args, wait_s: 50 });
      expect(answer.text).toMatch(says);
      expect(answer.text).toMatch(/Next: Names and form are right; a value is outside/);
      expect(answer.text).not.toMatch(/--parameter-key/);
      expect(answer.error).toMatchObject({ code: 101, outcome: 'refused' });
      expect(rig.names()).not.toContain('ROUTINE.StartMeasurement');
    } finally {
      for (const close of closes) await close();
    }
  });

  it.each([
    [{ settings: { light: { 'Level (%)': 'much' } } }, /must be a number/],
    [{ settings: { nonsense: 1 } }, /nonsense/],
  ])('is no name or type: %j', async (args, says) => {
    const closes: (() => Promise<void>)[] = [];
    try {
      const rig = await startRig((close) => closes.push(close), { speed: 100 });
      rig.other('MAIN', 'StartRoutine', { routine: 'JV' });
      await rig.untilStatus('Ready');
      const answer = await rig.tools.call('routine_apply_settings', args);
      expect(answer.text).toMatch(says);
      expect(answer.text).toMatch(/missing, unknown or of the wrong type/);
    } finally {
      for (const close of closes) await close();
    }
  });
});

describe('a measurement that is refused costs nothing', () => {
  it.concurrent.each(cases)('$what', async ({ tool, args = {}, before, says }) => {
    const closes: (() => Promise<void>)[] = [];
    try {
      const rig = await startRig((close) => closes.push(close), { speed: 100 });
      await before?.(rig);
      const answer = await rig.tools.call(tool, { ...args, wait_s: 50 });
      expect(answer.isError, answer.text).toBe(true);
      expect(answer.text).toMatch(says);
      expect(answer.error).toMatchObject({ outcome: 'not_sent' });
      expect(acts(rig)).toEqual([]);
      expect((await rig.tools.archive.list({ limit: 5 })).entries).toEqual([]);
    } finally {
      for (const close of closes) await close();
    }
  });

  it('while somebody else measures, in this routine or another', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 1 });
    rig.other('MAIN', 'StartRoutine', { routine: 'JV' });
    await rig.untilStatus('Ready');
    rig.other('ROUTINE', 'StartMeasurement');
    for (const tool of ['measure_jv', 'measure_eqe']) {
      const answer = await rig.tools.call(tool);
      expect(answer.error).toMatchObject({ code: 'instrument_busy', outcome: 'not_sent' });
      expect(answer.text).toMatch(/in "JV", and it was not started by this measurement/);
    }
    expect(acts(rig)).toEqual([]);
    expect(rig.names()).not.toContain('MAIN.StartRoutine');
  });

  it('while a window is open that somebody else opened, unless it is the one that is needed', async ({
    onTestFinished,
  }) => {
    const rig = await startRig(onTestFinished, { speed: 50 });
    await open('Impedance')(rig);
    const answer = await rig.tools.call('measure_jv');
    expect(answer.error).toMatchObject({ code: 'window_not_ours' });
    expect(answer.text).toContain('the window of "Impedance" is open');
    expect(acts(rig)).toEqual([]);
    expect(rig.other('MAIN', 'GetActiveRoutine')).toMatchObject({ data: { routine: 'Impedance' } });
    const used = await rig.tools.call('measure_routine', { routine: 'Impedance', wait_s: 50 });
    expect(used.structured).toMatchObject({ state: 'complete' });
  });

  it('and its own window makes room for the next measurement', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 50 });
    expect((await rig.tools.call('check_contact', { wait_s: 50 })).isError).toBe(false);
    expect((await rig.tools.call('measure_impedance', { wait_s: 50 })).isError).toBe(false);
    expect(rig.names().filter((name) => name.endsWith('CloseRoutine'))).toHaveLength(1);
  });

  it('while the routine is in error', async ({ onTestFinished }) => {
    const faults = [{ name: 'smu-error', nth: 1 }] as const;
    const rig = await startRig(onTestFinished, { speed: 20, faults });
    expect((await rig.tools.call('measure_jv', { wait_s: 50 })).isError).toBe(true);
    const before = acts(rig).length;
    const answer = await rig.tools.call('measure_jv', { wait_s: 50 });
    expect(answer.error).toMatchObject({ code: 'routine_error', outcome: 'refused' });
    expect(answer.text).toMatch(/SMU not responding[^]*routine_clear_errors/);
    expect(acts(rig)).toHaveLength(before);
  });
});

describe('measure_tcspc', () => {
  const measured = async (rates: Record<string, unknown>, switchesOff = true) => {
    let laser = false;
    const instrument = await startStateful((name, { parameter }) => {
      if (name === 'MAIN.GetAvailableRoutines') return ok({ routines: ['TCSPC'] });
      if (name === 'MAIN.GetActiveRoutine') return ok({ routine: 'TCSPC' });
      if (name === 'ROUTINE.GetTestStatus') return ok({ routine_status: 'Ready', routine_name: 'TCSPC' });
      if (name === 'ROUTINE.GetSettings') return ok({});
      if (name === 'ROUTINE.GetRates') return ok(rates);
      if (name === 'ROUTINE.SetLaser' && parameter?.['laser'] === false && !switchesOff)
        return refused(5, 'relay stuck');
      if (name === 'ROUTINE.SetLaser') laser = parameter?.['laser'] === true;
      return undefined;
    });
    const tools = toolsOn(instrument.port);
    try {
      const answer = await tools.call('measure_tcspc', { wait_s: 50 });
      const commands = instrument.received.map(({ command }) => command);
      return { answer, laser, commands };
    } finally {
      tools.close();
      await instrument.close();
    }
  };

  it.concurrent.each([
    [{ sync_rate: 0, input_rate: 100, ratio: 0 }, 'no_sync', /key of the laser/],
    [{ sync_rate: 1e7, input_rate: 6e5, ratio: 0.06 }, 'too_much_light', /6\.00 % photons per pulse/],
  ])('is refused at %j, with the laser off again', async (rates, code, says) => {
    const { answer, laser, commands } = await measured(rates);
    expect(answer.error).toMatchObject({ code });
    expect(answer.text).toMatch(says);
    expect(commands).toContain('SetLaser');
    expect(laser).toBe(false);
    expect(commands).not.toContain('StartMeasurement');
  });

  it('says first of all that the laser could not be switched off', async () => {
    const { answer, laser } = await measured({ sync_rate: 1e7, input_rate: 6e5, ratio: 0.06 }, false);
    expect(laser).toBe(true);
    expect(answer.error).toMatchObject({ code: 'not_switched_off', outcome: 'unknown' });
    expect(answer.text).toMatch(
      /switching the laser off FAILED: [^]*relay stuck[^]*too much light[^]*safe_shutdown now/,
    );
  });
});
