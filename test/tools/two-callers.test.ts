import { describe, expect, it, vi } from 'vitest';
import type { HostCall } from '../../src/mcp/run-tool.ts';
import { idOf, type Rig, startRig } from '../helpers/measuring.ts';

const JV = { light_source: '12_led', light_level_percent: 100 };
const starts = ({ names }: Rig): number =>
  names().filter((name) => name === 'ROUTINE.StartMeasurement').length;

/** The tools of the same server as two hosts see them. */
function hostsOf({ tools }: Rig) {
  const as =
    (caller: string) =>
    (name: string, args: Record<string, unknown> = {}, host: Partial<HostCall> = {}) =>
      tools.call(name, args, {
        consent: {
          host: `host ${caller}`,
          canAsk: false,
          agreed: new Set(),
          refused: undefined,
          agreement: undefined,
          ask: () => Promise.reject(new Error('nobody is there')),
        },
        ...host,
        caller,
      });
  return { a: as('A'), b: as('B') };
}

const untilOver = (rig: Rig): Promise<void> =>
  vi.waitFor(() => expect(rig.tools.jobs.running).toBeUndefined(), { timeout: 20_000 });

describe.concurrent('of two callers', () => {
  it('each has its own measurement, though they ask for the same', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 30 });
    const { a, b } = hostsOf(rig);
    // Nobody has been told the outcome when B asks for the same.
    await a('measure_jv', { ...JV, wait_s: 0 });
    await untilOver(rig);
    const ofB = await b('measure_jv', { ...JV, wait_s: 50 });
    expect(ofB.structured).toMatchObject({ job_id: 'job-2', state: 'complete', again: false });
    expect(starts(rig)).toBe(2);
    const ofA = await a('wait_for_measurement', { wait_s: 50 });
    expect(ofA.structured).toMatchObject({ job_id: 'job-1' });
    expect(idOf(ofA)).not.toBe(idOf(ofB));
  });

  it('neither joins what runs for the other, which is named', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 10 });
    const { a, b } = hostsOf(rig);
    await a('measure_jv', { ...JV, wait_s: 0 });
    const same = await b('measure_jv', { ...JV, wait_s: 0 });
    expect(same.error).toMatchObject({
      code: 'measurement_running',
      outcome: 'not_sent',
      message: expect.stringContaining('host A'),
    });
    const light = await b('led_set_values', { values: Array.from({ length: 12 }, () => 0.1) });
    expect(light.error).toMatchObject({
      code: 'measurement_running',
      message: expect.stringContaining('host A'),
    });
    expect((await b('wait_for_measurement')).error).toMatchObject({
      message: expect.stringContaining('job-1'),
    });
    const followed = await b('wait_for_measurement', { job_id: 'job-1', wait_s: 50 });
    expect(followed.structured).toMatchObject({ job_id: 'job-1', state: 'complete' });
    // Whoever followed it took nothing from its owner.
    const brought = await a('measure_jv', { ...JV, wait_s: 50 });
    expect(brought.structured).toMatchObject({ job_id: 'job-1', again: true });
    expect(starts(rig)).toBe(1);
  });

  it('the last of one is not the last of the other', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 30 });
    const { a, b } = hostsOf(rig);
    const ofA = await a('measure_jv', { ...JV, wait_s: 50 });
    await b('measure_jv', { ...JV, rate_v_s: 0.5, wait_s: 50 });
    expect(idOf(await a('wait_for_measurement'))).toBe(idOf(ofA));
  });

  it('only the owner stops a measurement without a person', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 10, confirm: 'hazardous' });
    const { a, b } = hostsOf(rig);
    await a('measure_jv', { ...JV, wait_s: 0 });
    await rig.untilStatus('Running');
    const others = await b('cancel_measurement', { job_id: 'job-1' });
    expect(others.error).toMatchObject({ code: 'confirmation_required' });
    expect(rig.tools.jobs.running?.id).toBe('job-1');
    expect((await a('cancel_measurement')).structured).toMatchObject({ state: 'stopped' });
  });

  it('no sample of one gets into the record of the other', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 30 });
    const { a, b } = hostsOf(rig);
    await a('main_start_routine', { routine: 'JV' });
    await rig.untilStatus('Ready');
    await a('routine_set_info', { device_name: 'A1', device_area: 0.1 });
    const recordOf = async (answer: Parameters<typeof idOf>[0]) =>
      (await rig.tools.archive.read(idOf(answer))).record;
    const ofB = await recordOf(await b('measure_jv', { ...JV, wait_s: 50 }));
    expect(ofB).toMatchObject({ device_name: null, area_source: 'assumed' });
    const ofA = await recordOf(await a('measure_jv', { ...JV, wait_s: 50 }));
    expect(ofA).toMatchObject({ device_name: 'A1', area_cm2: 0.1, area_source: 'stated' });
    // Once B has named another one, it is no longer A's that the instrument files under.
    await b('measure_jv', { ...JV, device_name: 'B1', area_cm2: 0.2, wait_s: 50 });
    expect((await a('measure_jv', { ...JV, wait_s: 50 })).error).toMatchObject({ code: 'settings_changed' });
    const later = await recordOf(await a('measure_jv', { ...JV, wait_s: 50 }));
    expect(later).toMatchObject({ device_name: null, area_source: 'assumed' });
  });

  it('data that one fetches has the sample of the other who started it', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 30 });
    const { a, b } = hostsOf(rig);
    await a('main_start_routine', { routine: 'JV' });
    await rig.untilStatus('Ready');
    await a('routine_set_info', { device_name: 'A1', device_area: 0.1 });
    await a('routine_start_measurement');
    await rig.untilStatus('Running');
    await rig.untilStatus('Ready');
    const fetched = await b('routine_get_test_data');
    const { record } = await rig.tools.archive.read(idOf(fetched));
    expect(record).toMatchObject({ device_name: 'A1', area_cm2: 0.1 });
  });
});
