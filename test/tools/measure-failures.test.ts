import { describe, expect, it, vi } from 'vitest';
import { type Answered, idIn, midway, type Rig, startRig, untilAway } from '../helpers/measuring.ts';
import { ok, startStateful } from '../helpers/stateful-instrument.ts';
import { toolsOn } from '../helpers/tools.ts';

const JV = { light_source: '12_led', light_level_percent: 100, wait_s: 50 };

/** What the archive has of a failed measurement. */
async function keptOf({ tools }: Rig, { text }: Answered) {
  const { record, state, problems } = await tools.archive.read(idIn(text));
  expect(problems).toEqual([]);
  return {
    state,
    start: record.start,
    failure: record.failure,
    files: record.files.map(({ name }) => name),
    warnings: record.warnings,
  };
}

async function measuresAgain({ tools }: Rig): Promise<void> {
  const again = await tools.call('measure_jv', { ...JV, note: 'again' });
  expect(again.structured, again.text).toMatchObject({ state: 'complete' });
}

describe.concurrent('a measurement that fails under way', () => {
  it('because the SMU does: says so, and keeps what there was', async ({ onTestFinished }) => {
    const faults = [{ name: 'smu-error', nth: 1, seconds: 9 }] as const;
    const rig = await startRig(onTestFinished, { speed: 10, faults });
    const answer = await rig.tools.call('measure_jv', JV);
    expect(answer.error).toMatchObject({ code: 'routine_error', outcome: 'unknown' });
    expect(answer.text).toMatch(
      /measure_jv failed at the step "measuring": [^]*SMU not responding[^]*The routine is "Error" now[^]*\d+ rows\) is kept as/,
    );
    expect(answer.text).not.toMatch(/COULD NOT|FAILED/);
    const { state, failure, files } = await keptOf(rig, answer);
    expect(state).toBe('failed');
    expect(failure).toMatchObject({ step: 'measuring', code: 'routine_error', instrument_state: 'Error' });
    expect(files).toContain('data.json');
    await rig.tools.call('routine_clear_errors');
    await measuresAgain(rig);
  });

  it('because its window was closed: says so, raises no false alarm', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 4 });
    const asked = rig.tools.call('measure_jv', JV);
    await midway(rig);
    rig.other('ROUTINE', 'CloseRoutine');
    const answer = await asked;
    expect(answer.error).toMatchObject({ code: 'routine_closed' });
    expect(answer.text).toMatch(/closed at the screen[^]*No data was fetched; the attempt is noted as/);
    expect(answer.text).not.toMatch(/COULD NOT/);
    expect(await keptOf(rig, answer)).toMatchObject({ state: 'failed', failure: { code: 'routine_closed' } });
    await measuresAgain(rig);
  });

  it('because somebody opened another routine: leaves what that one measures alone', async ({
    onTestFinished,
  }) => {
    const rig = await startRig(onTestFinished, { speed: 4 });
    const asked = rig.tools.call('measure_jv', JV);
    await midway(rig);
    rig.other('ROUTINE', 'CloseRoutine');
    rig.other('MAIN', 'StartRoutine', { routine: 'IPCE' });
    await rig.untilStatus('Ready');
    rig.other('ROUTINE', 'StartMeasurement');
    const answer = await asked;
    // Whichever came first: that JV was closed, or that IPCE is open.
    expect(answer.error).toMatchObject({ code: 'routine_closed' });
    expect(rig.names()).not.toContain('ROUTINE.StopMeasurement');
    expect(JSON.stringify(rig.other('ROUTINE', 'GetTestStatus'))).toMatch(/"IPCE"/);
    const { files } = await keptOf(rig, answer);
    expect(files.filter((name) => name.startsWith('replies/'))).toEqual([]);
  });

  it('because another routine measures now, which is not taken for it', async ({ onTestFinished }) => {
    let looks = 0;
    let started = false;
    const instrument = await startStateful((name) => {
      started ||= name === 'ROUTINE.StartMeasurement';
      if (name !== 'ROUTINE.GetTestStatus' || !started) return undefined;
      return ok({ routine_status: 'Running', routine_name: ++looks < 3 ? 'JV' : 'IPCE', progress: null });
    });
    const tools = toolsOn(instrument.port);
    onTestFinished(async () => {
      tools.close();
      await instrument.close();
    });
    const answer = await tools.call('measure_jv', { wait_s: 50 });
    expect(answer.error).toMatchObject({ code: 'routine_closed' });
    expect(answer.text).toContain('another routine is open now: "IPCE"');
    expect(instrument.state.running).toBe(true);
  });

  it('because the instrument was restarted: says so, and measures again', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 4 });
    const asked = rig.tools.call('measure_jv', JV);
    await midway(rig);
    await rig.cut();
    await rig.back('restarted');
    const answer = await asked;
    expect(answer.error).toMatchObject({ code: 'routine_closed' });
    expect(answer.text).not.toMatch(/COULD NOT/);
    expect(await keptOf(rig, answer)).toMatchObject({ state: 'failed' });
    await measuresAgain(rig);
  });

  it('because it was not allowed to start: keeps the attempt, and stops nothing', async ({
    onTestFinished,
  }) => {
    let press = (): void => undefined;
    const rig = await startRig(onTestFinished, {
      speed: 20,
      onRequest: ({ target, command }) => {
        // The conditions are read, and the start comes next.
        if (`${target}.${command}` === 'TMPCTL.GetStatus') press();
      },
    });
    press = () => void rig.other('ROUTINE', 'StartMeasurement');
    const answer = await rig.tools.call('measure_jv', JV);
    expect(answer.text).toMatch(/failed at the step "starting"/);
    expect(rig.names()).not.toContain('ROUTINE.StopMeasurement');
    expect(answer.error).toMatchObject({ outcome: 'not_sent', command: 'StartMeasurement' });
    expect(answer.text).toMatch(
      /The start was not sent[^]*Already changed, and left so: [^]*No data was fetched/,
    );
    // Of the other run nothing is kept, though it was there to be fetched.
    expect(await keptOf(rig, answer)).toMatchObject({
      state: 'failed',
      start: 'not_sent',
      files: ['data.json', 'data.csv'],
      failure: { step: 'starting' },
    });
  });

  it.each([
    ['garbage', /cannot be read/, [2, 3, 4, 5]],
    // What answers like this is not asked a second time.
    ['http', /HTTP/, [2, 3]],
  ] as const)('because the data cannot be fetched (%s): names the step', async (name, says, which) => {
    const closes: (() => Promise<void>)[] = [];
    try {
      // The first is asked for before the start, to know the data of before.
      const faults = which.map((nth) => ({ name, nth, command: 'GetTestData' }) as const);
      const rig = await startRig((close) => closes.push(close), { speed: 20, faults });
      const answer = await rig.tools.call('measure_jv', JV);
      expect(answer.text).toMatch(/failed at the step "fetching the data"/);
      expect(answer.text).toMatch(says);
      expect(answer.text).toContain('The routine is "Ready" now');
      expect(await keptOf(rig, answer)).toMatchObject({ failure: { step: 'fetching the data' } });
      // It was measured all the same: the data is still there.
      const data = await rig.tools.call('routine_get_test_data');
      expect(data.structured).toMatchObject({ measurement_id: expect.stringContaining('JV') });
    } finally {
      for (const close of closes) await close();
    }
  });

  it('a measurement by live readings does not take the silence of a broken SMU for a result', async ({
    onTestFinished,
  }) => {
    const faults = [{ name: 'smu-error', nth: 1, seconds: 2 }] as const;
    const rig = await startRig(onTestFinished, { speed: 5, faults });
    const answer = await rig.tools.call('check_contact', { wait_s: 50 });
    expect(answer.error).toMatchObject({ code: 'routine_error' });
    expect(await keptOf(rig, answer)).toMatchObject({ state: 'failed' });
    const outputs = rig.sent.filter(({ command }) => command === 'SetOutput');
    expect(outputs.at(-1)).toMatchObject({ parameter: { output: 0 } });
  });

  it('nor one that somebody stopped at the screen', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 2 });
    const asked = rig.tools.call('measure_sheet_resistance', { wait_s: 50 });
    await vi.waitFor(() => expect(rig.names()).toContain('ROUTINE.ApplyCurrent'), { timeout: 20_000 });
    rig.other('ROUTINE', 'StopMeasurement');
    const answer = await asked;
    expect(answer.error).toMatchObject({ code: 'stopped_elsewhere' });
    expect(answer.text).toMatch(/failed at the step "current /);
  });

  it('tracking whose SMU fails is no stabilised power', async ({ onTestFinished }) => {
    const faults = [{ name: 'smu-error', nth: 1, seconds: 120 }] as const;
    const rig = await startRig(onTestFinished, { speed: 50, faults });
    const answer = await rig.tools.call('measure_stabilised_power', { ...JV, duration_s: 8 });
    expect(answer.error).toMatchObject({ code: 'routine_error' });
    const { state, files } = await keptOf(rig, answer);
    expect(state).toBe('failed');
    expect(files).toContain('data.json');
  });
});

describe.concurrent('a network that is away for a while', () => {
  it('does not end a measurement', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 6 });
    const told: string[] = [];
    const progress = (sentence: string): void => void told.push(sentence);
    const asked = rig.tools.call('measure_jv', JV, { progress });
    await midway(rig);
    await rig.cut();
    await vi.waitFor(() => expect(told.join('\n')).toContain('no connection for 0 s'), {
      timeout: 20_000,
    });
    await rig.back('same');
    const answer = await asked;
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete' });
    expect(answer.text).toContain('132 rows');
  });

  it('does not end a tracking', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 50 });
    const asked = rig.tools.call('measure_stabilised_power', { ...JV, duration_s: 5 });
    await midway(rig);
    await rig.cut();
    await untilAway(rig);
    await rig.back('same');
    const answer = await asked;
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete' });
  });
});
