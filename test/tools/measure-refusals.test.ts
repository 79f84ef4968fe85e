import { describe, expect, it } from 'vitest';
import { type Rig, startRig } from '../helpers/measuring.ts';

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
