import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { type Fault } from '../../src/simulator/faults.ts';
import { idIn, idOf, midway, type Rig, startRig, untilAway } from '../helpers/measuring.ts';
import { ok, startStateful } from '../helpers/stateful-instrument.ts';
import { runTool } from '../../src/mcp/run-tool.ts';
import { toolsOn } from '../helpers/tools.ts';
import { tools as allTools } from '../helpers/all-in-one.ts';

const JV = { light_source: '12_led', light_level_percent: 100, wait_s: 50 };
const lock = ({ tools }: Rig): void => {
  rmSync(tools.archive.folder, { recursive: true });
  writeFileSync(tools.archive.folder, 'in the way');
};

describe.concurrent('data that cannot be fetched at first', () => {
  it('is fetched once more after the end: the measurement is complete, and says so', async ({
    onTestFinished,
  }) => {
    const faults = [2, 3].map((nth): Fault => ({ name: 'garbage', nth, command: 'GetTestData' }));
    const rig = await startRig(onTestFinished, { faults });
    const answer = await rig.tools.call('measure_jv', JV);
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete' });
    expect(answer.text).toMatch(/132 rows[^]*a second one brought all of it/);
    expect((await rig.tools.archive.read(idOf(answer))).state).toBe('complete');
  });

  it('is asked for again while the network is away', async ({ onTestFinished }) => {
    const faults = [{ name: 'delay', nth: 2, command: 'GetTestData', seconds: 20 }] as const;
    const rig = await startRig(onTestFinished, { faults });
    const asked = rig.tools.call('measure_jv', JV);
    await vi.waitFor(
      () => expect(rig.names().filter((name) => name === 'ROUTINE.GetTestData')).toHaveLength(2),
      { timeout: 20_000, interval: 2 },
    );
    await rig.cut();
    await untilAway(rig);
    await rig.back('same');
    const answer = await asked;
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete' });
    expect(answer.text).not.toContain('second');
  });
});

describe.concurrent('the error of a measurement', () => {
  it('is of the measurement, and not of its last command', async ({ onTestFinished }) => {
    const faults = [2, 3, 4, 5].map((nth): Fault => ({ name: 'garbage', nth, command: 'GetTestData' }));
    const rig = await startRig(onTestFinished, { faults });
    const answer = await rig.tools.call('measure_jv', JV);
    expect(answer.error).toMatchObject({
      outcome: 'unknown',
      command: null,
      hint: expect.stringMatching(
        /^Do not measure again blindly[^]*get_measurement \S+JV\S+ [^]*recover_measurement \S+JV\S+ fetches/,
      ),
    });
  });

  it('before the start names the step, the state, what was changed, and that nothing was measured', async () => {
    const instrument = await startStateful((name) =>
      name === 'ROUTINE.GetSettings' ? ok({ scan_settings: { scan: { 'Rate (V/s)': 0.2 } } }) : undefined,
    );
    const tools = toolsOn(instrument.port);
    try {
      const answer = await tools.call('measure_jv', { rate_v_s: 0.5, device_name: 'A', wait_s: 50 });
      expect(answer.text).toMatch(
        /measure_jv did not start: at the step "applying the settings": [^]*The routine is "Ready" now\. Nothing was measured\. Already changed[^:]*: name or area of the sample/,
      );
      expect(answer.error).toMatchObject({ code: 'settings_not_applied', outcome: 'refused' });
    } finally {
      tools.close();
      await instrument.close();
    }
  });

  it('has the data where the archive does not', async ({ onTestFinished }) => {
    const faults = [{ name: 'smu-error', nth: 1, seconds: 9 }] as const;
    const rig: Rig = await startRig(onTestFinished, {
      faults,
      onRequest: ({ command }) => {
        if (command === 'StartRoutine') lock(rig);
      },
    });
    const answer = await rig.tools.call('measure_jv', JV);
    expect(answer.isError).toBe(true);
    expect(answer.text).toMatch(/NOT IN THE ARCHIVE[^]*The data, thinned: [^]*"Voltage"/);
    const data = await rig.tools.call('routine_get_test_data');
    expect(data.text).not.toContain('Kept as');
  });
});

describe.concurrent('a start that was accepted', () => {
  it('and did nothing is a failure without figures', async () => {
    const data = { scans: [] };
    const instrument = await startStateful((name) => {
      if (name === 'ROUTINE.StartMeasurement') return ok();
      if (name === 'ROUTINE.GetTestData') return ok(data);
      return undefined;
    });
    const tools = toolsOn(instrument.port);
    try {
      const answer = await tools.call('measure_jv', { wait_s: 50 });
      expect(answer.error).toMatchObject({ code: 'never_started', outcome: 'unknown' });
      const { record, state } = await tools.archive.read(idIn(answer.text));
      expect({ state, metrics: record.metrics }).toEqual({ state: 'failed', metrics: [] });
    } finally {
      tools.close();
      await instrument.close();
    }
  });
});

describe.concurrent('what ended', () => {
  it('by itself is not doubted, however few and slow its points are', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 1 });
    const answer = await rig.tools.call('measure_eqe', {
      start_nm: 700,
      end_nm: 800,
      step_nm: 50,
      wait_s: 50,
    });
    expect(answer, answer.text).toMatchObject({ isError: false, structured: { state: 'complete' } });
    expect(answer.text).not.toContain('ended early');
  });

  it('at the screen long before its end was stopped', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 2 });
    const asked = rig.tools.call('measure_jv', JV);
    await midway(rig);
    rig.other('ROUTINE', 'StopMeasurement');
    const answer = await asked;
    expect(answer.structured).toMatchObject({ state: 'stopped' });
    expect(answer.structured['warnings']).toContainEqual(
      expect.stringMatching(/ended early, \d+ of \d+ points: it was stopped at the screen/),
    );
    expect((await rig.tools.archive.read(idOf(answer))).state).toBe('stopped');
  });

  it('at the screen is noticed at once, also where a day was asked', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 50 });
    const started = await rig.tools.call('measure_stabilised_power', {
      light_source: '12_led',
      duration_s: 86_400,
      wait_s: 0,
    });
    expect(started.structured, started.text).toMatchObject({ state: 'running' });
    await vi.waitFor(() => expect(rig.tools.jobs.last?.sentence).toMatch(/mW/), {
      timeout: 20_000,
      interval: 20,
    });
    rig.other('ROUTINE', 'StopMeasurement');
    const answer = await rig.tools.call('wait_for_measurement', { wait_s: 20 });
    expect(answer.structured, answer.text).toMatchObject({ state: 'stopped' });
  });

  it('by itself is not, and comes with links to its data and picture', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 4 });
    const answer = await rig.tools.call('measure_jv', JV);
    expect(answer.structured).toMatchObject({
      state: 'complete',
      again: false,
      started_at: expect.any(String),
    });
    expect(answer.text).not.toContain('ended early');
    const tool = allTools.find(({ name }) => name === 'wait_for_measurement');
    if (tool === undefined) throw new Error('no such tool');
    const { signal } = new AbortController();
    expect(await runTool(tool, {}, rig.tools, { caller: 'test', signal })).toMatchObject({
      content: [
        { type: 'text' },
        { type: 'resource_link', uri: `arkeo://measurements/${idOf(answer)}/data.csv` },
        { type: 'resource_link', uri: `arkeo://measurements/${idOf(answer)}/plot.png` },
      ],
    });
  });

  it('is not kept once more when its live readings are fetched later', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 30 });
    const answer = await rig.tools.call('check_contact', { wait_s: 50 });
    const data = await rig.tools.call('routine_get_test_data');
    expect([null, idOf(answer)]).toContain(data.structured['measurement_id']);
    expect((await rig.tools.archive.list()).total).toBe(1);
  });
});
