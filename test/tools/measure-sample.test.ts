import { describe, expect, it, vi } from 'vitest';
import { idOf, type Rig, startRig } from '../helpers/measuring.ts';

const JV = { light_source: '12_led', wait_s: 50 };
const SUN = Array.from({ length: 12 }, () => 0.5);
const recordOf = async ({ tools }: Rig, answer: { structured: Record<string, unknown>; text: string }) =>
  (await tools.archive.read(idOf({ ...answer, isError: false, error: undefined }))).record;
const light = (rig: Rig): void => {
  for (const address of [1, 2]) rig.other('LED', 'SetValues', { address, values: SUN });
};

/** Measured, and nobody was told: the host gave the call up. */
async function undelivered(rig: Rig): Promise<void> {
  await rig.tools.call('measure_jv', { ...JV, wait_s: 0 });
  await vi.waitFor(() => expect(rig.tools.jobs.running).toBeUndefined(), { timeout: 20_000 });
}

describe.concurrent('an outcome that nobody was told', () => {
  it('is that of the same request', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished);
    await undelivered(rig);
    expect((await rig.tools.call('measure_jv', JV)).structured).toMatchObject({
      job_id: 'job-1',
      again: true,
    });
  });

  it('is not, once another pixel was selected', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished);
    await undelivered(rig);
    const selected = await rig.tools.call('select_device', { relay: 2 });
    expect(selected.isError, selected.text).toBe(false);
    expect((await rig.tools.call('measure_jv', JV)).structured).toMatchObject({
      job_id: 'job-2',
      again: false,
    });
  });
});

describe.concurrent('the sample', () => {
  it('is as the instrument has it, where somebody renamed it, and that is said', async ({
    onTestFinished,
  }) => {
    const rig = await startRig(onTestFinished);
    await rig.tools.call('measure_jv', { ...JV, device_name: 'A', area_cm2: 0.1 });
    rig.other('ROUTINE', 'SetInfo', { device_name: 'B', device_area: 0.5 });
    const again = () => rig.tools.call('measure_jv', { ...JV, note: 'again' });
    expect((await again()).error).toMatchObject({ code: 'settings_changed' });
    const answer = await again();
    expect(answer.text).toMatch(/has the sample as "B", though "A" was stated/);
    expect(answer.text).toMatch(/area of 0\.5 cm², though 0\.1 cm² were stated/);
    expect(await recordOf(rig, answer)).toMatchObject({
      device_name: 'B',
      area_cm2: 0.5,
      area_source: 'assumed',
    });
  });

  it('that was stated is not that of an instrument that was restarted', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished);
    await rig.tools.call('measure_jv', { ...JV, device_name: 'A', area_cm2: 0.1 });
    await rig.cut();
    await rig.back('restarted');
    const answer = await rig.tools.call('measure_jv', { ...JV, note: 'again' });
    expect(await recordOf(rig, answer)).toMatchObject({ device_name: null, area_source: 'assumed' });
  });
});

it('nothing is started with settings that somebody changes right before the start', async ({
  onTestFinished,
}) => {
  let change = (): void => undefined;
  const rig = await startRig(onTestFinished, {
    onRequest: ({ target, command }) => {
      // The conditions are read, and the start comes next.
      if (`${target}.${command}` === 'TMPCTL.GetStatus') change();
    },
  });
  change = () =>
    void rig.other('ROUTINE', 'ApplySettings', { scan_settings: { scan: { 'Rate (V/s)': 0.4 } } });
  const answer = await rig.tools.call('measure_jv', { device_name: 'A', wait_s: 50 });
  expect(answer.error, answer.text).toMatchObject({ code: 'settings_changed', outcome: 'not_sent' });
  expect(answer.text).toContain('Rate (V/s)');
  expect(rig.names()).not.toContain('ROUTINE.StartMeasurement');
});

describe.concurrent('conditions', () => {
  it('that change while it measures are said', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 5 });
    const asked = rig.tools.call('measure_dark_jv', { wait_s: 50 });
    await rig.untilStatus('Running');
    light(rig);
    const answer = await asked;
    expect(answer.structured['warnings']).toContain('the LEDs changed while it measured');
  });

  it.each([
    ['measure_jv', { light_source: '12_led' }, /two lights on the sample[^]*light_source "external"/],
    ['measure_routine', { routine: 'JV', settings: { light: { Source: '12 LED' } } }, /two lights/],
    ['measure_routine', { routine: 'Dark JV' }, /it would not be dark/],
    [
      'measure_routine',
      { routine: 'JV', settings: { light: { 'Level (%)': 50, Source: 'None' } } },
      /Level \(%\) 50 was asked, but the light source is None/,
    ],
  ])('of light that contradict what is asked are refused (%s %j)', async (tool, args, says) => {
    const closes: (() => Promise<void>)[] = [];
    try {
      const rig = await startRig((close) => closes.push(close), { speed: 50 });
      light(rig);
      const answer = await rig.tools.call(tool, { ...args, wait_s: 50 });
      expect(answer.error).toMatchObject({ outcome: 'not_sent' });
      expect(answer.text).toMatch(says);
      expect(rig.names()).not.toContain('ROUTINE.StartMeasurement');
    } finally {
      for (const close of closes) await close();
    }
  });
});

it('a routine that does not answer holds no call longer than wait_s', async ({ onTestFinished }) => {
  const faults = [{ name: 'silent', command: 'GetAvailableRoutines' }] as const;
  const rig = await startRig(onTestFinished, { faults, timeoutMs: 60_000 });
  const answer = await rig.tools.call('measure_stabilised_power', { wait_s: 0.2 });
  expect(answer.structured).toMatchObject({ state: 'running' });
  expect((await rig.tools.call('cancel_measurement')).error).toMatchObject({ code: 'cancelled' });
});
