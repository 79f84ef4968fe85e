import { describe, expect, it, vi } from 'vitest';
import { figure, idOf, type Rig, startRig } from '../helpers/measuring.ts';

const JV = { light_source: '12_led', light_level_percent: 100 };
const running = { state: 'running', job_id: 'job-1', measurement_id: null, routine: 'JV' };
const starts = ({ names }: Rig): number =>
  names().filter((name) => name === 'ROUTINE.StartMeasurement').length;
const aborted = (): AbortSignal => {
  const controller = new AbortController();
  controller.abort();
  return controller.signal;
};

describe.concurrent('a measurement is a job', () => {
  it('that goes on when wait_s is over, and is followed to its end', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 10 });
    const first = await rig.tools.call('measure_jv', { ...JV, wait_s: 0 });
    expect(first.structured).toMatchObject(running);
    expect(first.structured['next']).toContainEqual(expect.stringContaining('wait_for_measurement'));
    const short = await rig.tools.call('wait_for_measurement', { wait_s: 0.01 });
    expect(short.structured).toMatchObject(running);
    const last = await rig.tools.call('wait_for_measurement', { job_id: 'job-1', wait_s: 50 });
    expect(last.structured).toMatchObject({ state: 'complete', job_id: 'job-1' });
    expect(figure(last, 'voc')[0]).toBeGreaterThan(1.08);
    const once = await rig.tools.call('wait_for_measurement', { wait_s: 0 });
    expect(once.structured).toEqual(last.structured);
    expect(starts(rig)).toBe(1);
  });

  it('that does not hold a call longer than wait_s', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 1 });
    const answer = await rig.tools.call('measure_jv', { ...JV, wait_s: 0.5 });
    // It takes 15 s: whatever ended this call, it was not the measurement.
    expect(answer.structured).toMatchObject(running);
    expect(rig.tools.jobs.running?.id).toBe('job-1');
  });

  it('that the same request joins while it runs, and another one does not replace', async ({
    onTestFinished,
  }) => {
    const rig = await startRig(onTestFinished, { speed: 10 });
    await rig.tools.call('measure_jv', { ...JV, wait_s: 0 });
    const other = await rig.tools.call('measure_jv', { ...JV, rate_v_s: 0.1, wait_s: 0 });
    expect(other.error).toMatchObject({ code: 'measurement_running', outcome: 'not_sent' });
    expect(other.text).toMatch(/job-1, measure_jv[^]*wait_for_measurement[^]*cancel_measurement/);
    const eqe = await rig.tools.call('measure_eqe', { wait_s: 0 });
    expect(eqe.error).toMatchObject({ code: 'measurement_running' });
    const reordered = { light_level_percent: 100, light_source: '12_led' };
    const joined = await rig.tools.call('measure_jv', { ...reordered, wait_s: 0 });
    expect(joined.structured).toMatchObject({ ...running, again: true });
    const [one, two] = await Promise.all([
      rig.tools.call('measure_jv', { ...JV, wait_s: 50 }),
      rig.tools.call('wait_for_measurement', { wait_s: 50 }),
    ]);
    expect(idOf(one)).toBe(idOf(two));
    expect(starts(rig)).toBe(1);
  });

  it('whose call may be given up: the same request brings its outcome, marked, and the next is a new one', async ({
    onTestFinished,
  }) => {
    const rig = await startRig(onTestFinished, { speed: 20 });
    const controller = new AbortController();
    const given = rig.tools.call('measure_jv', { ...JV, wait_s: 50 }, { signal: controller.signal });
    await rig.untilStatus('Running');
    controller.abort();
    expect((await given).structured).toMatchObject({ state: 'running' });
    // Whoever looks at the instrument sees that it goes on.
    expect(JSON.stringify(rig.other('ROUTINE', 'GetTestStatus'))).toContain('"Running"');
    await vi.waitFor(() => expect(rig.tools.jobs.running).toBeUndefined(), { timeout: 20_000 });
    const cutAgain = await rig.tools.call('measure_jv', { ...JV, wait_s: 50 }, { signal: aborted() });
    const brought = await rig.tools.call('measure_jv', { ...JV, wait_s: 50 });
    expect(brought.structured).toMatchObject({
      again: true,
      next: expect.arrayContaining([expect.stringContaining('measures anew')]),
    });
    expect(idOf(brought)).toBe(idOf(cutAgain));
    expect(starts(rig)).toBe(1);
    const anew = await rig.tools.call('measure_jv', { ...JV, wait_s: 50 });
    expect(anew.structured).toMatchObject({ state: 'complete', job_id: 'job-2', again: false });
    expect(idOf(anew)).not.toBe(idOf(brought));
    expect(starts(rig)).toBe(2);
  });

  it('that an answered outcome stays answered, whatever becomes of later calls', async ({
    onTestFinished,
  }) => {
    const rig = await startRig(onTestFinished, { speed: 30 });
    await rig.tools.call('measure_jv', { ...JV, wait_s: 50 });
    await rig.tools.call('wait_for_measurement', {}, { signal: aborted() });
    const anew = await rig.tools.call('measure_jv', { ...JV, wait_s: 0 });
    expect(anew.structured).toMatchObject({ job_id: 'job-2' });
  });

  it('that cancel_measurement stops, keeping what was measured', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 3 });
    await rig.tools.call('measure_jv', { ...JV, wait_s: 0 });
    const reverse = /reverse scan/i;
    await vi.waitFor(() => expect(rig.tools.jobs.last?.sentence).toMatch(reverse), {
      timeout: 20_000,
      interval: 5,
    });
    const answer = await rig.tools.call('cancel_measurement');
    expect(answer.structured).toMatchObject({
      state: 'stopped',
      warnings: expect.arrayContaining([expect.stringContaining('stopped before its end')]),
    });
    expect(figure(answer, 'voc')[0]).toBeGreaterThan(1.08);
    expect(JSON.stringify(rig.other('ROUTINE', 'GetTestStatus'))).toContain('"Ready"');
    const { record, state, problems } = await rig.tools.archive.read(idOf(answer));
    expect({ state, problems }).toEqual({ state: 'stopped', problems: [] });
    const rows = Number(answer.structured['rows']);
    expect(rows).toBeGreaterThan(60);
    expect(rows).toBeLessThan(132);
    expect(record.files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['data.json', expect.stringContaining('GetTestData')]),
    );
  });

  it('that is cancelled before it starts without having been', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 1 });
    const asked = rig.tools.call('measure_jv', { ...JV, wait_s: 50 });
    await rig.untilStatus('Initializing');
    const cancelled = await rig.tools.call('cancel_measurement');
    expect(cancelled.error).toMatchObject({ code: 'cancelled', outcome: 'not_sent' });
    expect((await asked).error).toMatchObject({ code: 'cancelled' });
    expect(starts(rig)).toBe(0);
    expect((await rig.tools.archive.list({ limit: 5 })).entries).toEqual([]);
  });

  it('that is found by its id, if it is the last', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 10 });
    const none = await rig.tools.call('wait_for_measurement');
    expect(none.text).toContain('no measurement was started since this server began');
    expect((await rig.tools.call('cancel_measurement')).isError).toBe(true);
    await rig.tools.call('measure_jv', { ...JV, wait_s: 0 });
    for (const tool of ['wait_for_measurement', 'cancel_measurement']) {
      const wrong = await rig.tools.call(tool, { job_id: 'job-7' });
      expect(wrong.text).toMatch(/no job "job-7"; the last one is job-1/);
    }
    expect(rig.tools.jobs.running?.id).toBe('job-1');
  });

  it.each(['newest', 'oldest'] as const)(
    'that says how far it is, and never goes back (%s)',
    async (dialect) => {
      const closes: (() => Promise<void>)[] = [];
      try {
        const rig = await startRig((close) => closes.push(close), { speed: 6, dialect });
        const told: { sentence: string; fraction: number | undefined }[] = [];
        const progress = (sentence: string, fraction?: number): void =>
          void told.push({ sentence, fraction });
        const answer = await rig.tools.call('measure_jv', { ...JV, wait_s: 50 }, { progress });
        expect(answer.structured).toMatchObject({ state: 'complete' });
        const sentences = told.map(({ sentence }) => sentence).join('\n');
        for (const step of [/^opening JV$/m, /^settings$/m, /^starting$/m, /left$/m, /^fetching the data$/m])
          expect(sentences).toMatch(step);
        const fractions = told.flatMap(({ fraction }) => fraction ?? []);
        expect(fractions.length).toBeGreaterThan(5);
        expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
        expect(fractions.at(-1)).toBeGreaterThan(0.7);
        expect(fractions.at(-1)).toBeLessThan(1);
      } finally {
        for (const close of closes) await close();
      }
    },
  );
});
