import { describe, expect, it, vi } from 'vitest';
import { commands } from '../../src/instrument/commands/index.ts';
import { jv } from '../../src/instrument/routines/jv.ts';
import { interrupted, keepHalf, recover, stateOf } from '../helpers/interrupted.ts';
import { figure, type Rig } from '../helpers/measuring.ts';

const untilTracked = (rig: Rig): Promise<void> =>
  vi.waitFor(() => expect(JSON.stringify(rig.other('ROUTINE', 'GetTestData')).length).toBeGreaterThan(2000), {
    timeout: 20_000,
  });

describe.concurrent('what still measures', () => {
  it('is followed until the time that was asked for is over, and left running', async ({
    onTestFinished,
  }) => {
    const { rig, entry } = await interrupted(onTestFinished, {
      routine: 'MPPT',
      ends: false,
      changes: { routine: 'MPPT', tool: 'measure_stabilised_power', request: { duration_s: 3 } },
    });
    await untilTracked(rig);
    const answer = await recover(rig);
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete', measurement_id: entry.id });
    expect(answer.text).toContain('IT STILL RUNS');
    expect(rig.names()).not.toContain('ROUTINE.StopMeasurement');
  });

  it('goes on when the recovery is cancelled, and the entry stays as it was', async ({ onTestFinished }) => {
    const { rig, entry } = await interrupted(onTestFinished, { speed: 1, ends: false });
    const first = await recover(rig, { wait_s: 0 });
    expect(first.structured).toMatchObject({ state: 'running' });
    expect(first.text).toContain('cancel_measurement ends the following, and stops nothing');
    await vi.waitFor(async () => expect(await stateOf(rig, entry)).toBe('running'), { timeout: 20_000 });
    await vi.waitFor(
      () =>
        expect(
          jv.dataset(rig.other('ROUTINE', 'GetTestData').data).scans[0]?.columns[0]?.values.length,
        ).toBeGreaterThan(9),
      { timeout: 20_000 },
    );
    const answer = await rig.tools.call('cancel_measurement');
    expect(answer.error, answer.text).toMatchObject({ code: 'cancelled' });
    expect(answer.text).toMatch(/Nothing was stopped[^]*routine_stop_measurement with scope "everything"/);
    expect(rig.names()).not.toContain('ROUTINE.StopMeasurement');
    await rig.untilStatus('Running');
    expect(await stateOf(rig, entry)).toBe('interrupted');
  });

  it('is complete where a safe_shutdown meanwhile stopped nothing', async ({ onTestFinished }) => {
    const { rig, entry } = await interrupted(onTestFinished, { speed: 5, ends: false });
    await recover(rig, { wait_s: 0 });
    await vi.waitFor(async () => expect(await stateOf(rig, entry)).toBe('running'), { timeout: 20_000 });
    await rig.tools.call('safe_shutdown');
    expect(rig.names()).not.toContain('ROUTINE.StopMeasurement');
    const answer = await rig.tools.call('wait_for_measurement', { wait_s: 50 });
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete', measurement_id: entry.id });
  });

  it('is stopped where a safe_shutdown stopped it', async ({ onTestFinished }) => {
    const { rig, entry } = await interrupted(onTestFinished, { speed: 1, ends: false });
    await recover(rig, { wait_s: 0 });
    await vi.waitFor(async () => expect(await stateOf(rig, entry)).toBe('running'), { timeout: 20_000 });
    await vi.waitFor(
      () => expect(JSON.stringify(rig.other('ROUTINE', 'GetTestData')).length).toBeGreaterThan(1000),
      { timeout: 20_000 },
    );
    await rig.tools.call('safe_shutdown', { scope: 'everything' });
    const answer = await rig.tools.call('wait_for_measurement', { wait_s: 50 });
    expect(answer.structured, answer.text).toMatchObject({ state: 'stopped', measurement_id: entry.id });
    expect(answer.text).toContain('a safe_shutdown stopped it');
  });

  it('is tracked for the default time where none was asked, and its figures are computed', async ({
    onTestFinished,
  }) => {
    const { rig, entry } = await interrupted(onTestFinished, {
      routine: 'MPPT',
      ends: false,
      agoMs: 57_000,
      changes: { routine: 'MPPT', tool: 'measure_stabilised_power', request: {} },
    });
    await untilTracked(rig);
    const first = await recover(rig, { wait_s: 0 });
    expect(first.structured, first.text).toMatchObject({ state: 'running' });
    const answer = await rig.tools.call('wait_for_measurement', { wait_s: 50 });
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete', measurement_id: entry.id });
    expect(figure(answer, 'stabilised_power')[0]).toBeGreaterThan(0);
  });

  it.for([
    ['unknown', 'origin_doubtful'],
    ['accepted', undefined],
  ] as const)(
    'whose start is %s, and nothing else shows whose it is',
    async ([start, code], { onTestFinished }) => {
      const { rig } = await interrupted(onTestFinished, {
        routine: 'Dark JV',
        speed: 8,
        ends: false,
        changes: { routine: 'Dark JV', tool: 'measure_dark_jv', data_before: null, start },
      });
      const answer = await recover(rig);
      expect(answer.isError, answer.text).toBe(code !== undefined);
      if (code !== undefined) expect(answer.error).toMatchObject({ code });
    },
  );
});

describe.concurrent('what ended before it is recovered', () => {
  it('was stopped where it has too few points', async ({ onTestFinished }) => {
    const { rig, entry } = await interrupted(onTestFinished, { speed: 4, ends: false });
    await vi.waitFor(
      () =>
        expect(
          jv.dataset(rig.other('ROUTINE', 'GetTestData').data).scans[0]?.columns[0]?.values.length,
        ).toBeGreaterThan(9),
      { timeout: 20_000, interval: 5 },
    );
    rig.other('ROUTINE', 'StopMeasurement');
    await rig.untilStatus('Ready');
    const answer = await recover(rig);
    expect(answer.structured, answer.text).toMatchObject({ state: 'stopped', measurement_id: entry.id });
    expect(answer.text).toMatch(/it ended early, \d+ of 142 points: it was stopped at the screen/);
  });

  it('is not complete where its reply cannot be read and only a checkpoint is there', async ({
    onTestFinished,
  }) => {
    const { rig, entry } = await interrupted(onTestFinished);
    await keepHalf(rig, entry);
    const { payload } = await rig.tools.client.call(commands.ROUTINE.GetTestStatus, {});
    await entry.keepReply('GetTestData', payload);
    const answer = await recover(rig);
    expect(answer.error, answer.text).toMatchObject({ code: 'unexpected_reply' });
    const { record, state } = await rig.tools.archive.read(entry.id);
    expect({ state, partial: record.partial }).toEqual({ state: 'failed', partial: true });
  });
});

it('an entry that another process took over is not written by the one before', async () => {
  let finish = async (): Promise<void> => undefined;
  try {
    const { rig, entry } = await interrupted((close) => void (finish = close));
    const { id } = entry;
    const taken = await rig.tools.archive.resume(id);
    await entry.keepReply('GetTestData', Buffer.from('{}'));
    expect(entry.id).not.toBe(id);
    await taken.release();
    const { record, state } = await rig.tools.archive.read(id);
    expect({ state, files: record.files }).toEqual({ state: 'interrupted', files: [] });
    expect((await rig.tools.archive.list()).entries.map((one) => one.state)).toEqual([
      'interrupted',
      'interrupted',
    ]);
  } finally {
    await finish();
  }
});
