import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { figure, idOf, type Rig, startRig } from '../helpers/measuring.ts';
import { ok, startStateful } from '../helpers/stateful-instrument.ts';
import { toolsOn } from '../helpers/tools.ts';

const JV = { light_source: '12_led', light_level_percent: 100 };
const entriesOf = async ({ tools }: Rig) => (await tools.archive.list({ limit: 20 })).entries;

/** One JV as somebody makes it who calls the instrument's commands one by one. */
async function byHand({ tools, untilStatus }: Rig): Promise<void> {
  await tools.call('main_start_routine', { routine: 'JV' });
  await untilStatus('Ready');
  await tools.call('routine_set_info', { device_name: 'B7', device_area: 0.1 });
  await tools.call('routine_start_measurement');
}

describe.concurrent('routine_get_test_data', () => {
  it('keeps what was measured by hand, once, and nothing before it is whole', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 10 });
    await byHand(rig);
    await vi.waitFor(
      async () => {
        const partial = await rig.tools.call('routine_get_test_data');
        expect(partial.structured).toMatchObject({ measurement_id: null });
        expect(partial.structured['warnings']).toContainEqual(expect.stringContaining('STILL UNDER WAY'));
      },
      { timeout: 10_000, interval: 20 },
    );
    expect(await entriesOf(rig)).toEqual([]);
    await rig.untilStatus('Ready');
    const first = await rig.tools.call('routine_get_test_data');
    const id = idOf(first);
    expect(idOf(await rig.tools.call('routine_get_test_data'))).toBe(id);
    expect(await entriesOf(rig)).toHaveLength(1);
    const { record, state, problems } = await rig.tools.archive.read(id);
    expect({ state, problems }).toEqual({ state: 'complete', problems: [] });
    expect(record).toMatchObject({
      tool: 'routine_get_test_data',
      device_name: 'B7',
      area_cm2: 0.1,
      area_source: 'stated',
      routine: 'JV',
    });
    await rig.tools.call('routine_start_measurement');
    await rig.untilStatus('Running');
    await rig.untilStatus('Ready');
    expect(idOf(await rig.tools.call('routine_get_test_data'))).not.toBe(id);
    expect(await entriesOf(rig)).toHaveLength(2);
  });

  it.each(['measure_jv', 'measure_luminescence', 'measure_celiv'])(
    'does not keep once more what %s has kept',
    async (tool) => {
      const closes: (() => Promise<void>)[] = [];
      try {
        const rig = await startRig((close) => closes.push(close), { speed: 30 });
        const measured = await rig.tools.call(tool, { wait_s: 50 });
        const again = await rig.tools.call('routine_get_test_data');
        expect(idOf(again)).toBe(idOf(measured));
        expect(await entriesOf(rig)).toHaveLength(1);
      } finally {
        for (const close of closes) await close();
      }
    },
  );

  it('leaves the data of a measurement that this server makes to that', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 30 });
    await rig.tools.call('measure_jv', { ...JV, wait_s: 0 });
    let looks = 0;
    for (; rig.tools.jobs.running !== undefined; looks++) await rig.tools.call('routine_get_test_data');
    expect(looks).toBeGreaterThan(10);
    expect((await rig.tools.call('measure_jv', { ...JV, wait_s: 50 })).structured).toMatchObject({
      state: 'complete',
      job_id: 'job-1',
    });
    expect(await entriesOf(rig)).toHaveLength(1);
  });
});

function breakFolder({ tools: { archive } }: Rig): void {
  rmSync(archive.folder, { recursive: true });
  writeFileSync(archive.folder, 'in the way');
}

describe.concurrent('an archive that cannot be written', () => {
  it('is found out before anything is sent', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 30 });
    breakFolder(rig);
    for (const tool of ['measure_jv', 'measure_luminescence', 'check_contact']) {
      const answer = await rig.tools.call(tool, { wait_s: 50 });
      expect(answer.error).toMatchObject({ code: 'not_a_folder', outcome: 'local' });
      expect(answer.text).toMatch(/nothing was measured, since trying to write failed[^]*--data-dir/);
    }
    expect(rig.sent).toEqual([]);
  });

  it('is tried without leaving anything', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 30 });
    const { folder } = rig.tools.archive;
    await rig.tools.archive.requireWritable();
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
    await rig.tools.archive.requireWritable();
    expect(existsSync(folder)).toBe(false);
  });

  it('costs no measurement that had begun: the answer has the data, and says that it is nowhere else', async ({
    onTestFinished,
  }) => {
    const rig: Rig = await startRig(onTestFinished, {
      speed: 30,
      onRequest: ({ command }) => {
        if (command === 'StartRoutine') breakFolder(rig);
      },
    });
    const answer = await rig.tools.call('measure_jv', { ...JV, wait_s: 50 });
    expect(answer.structured).toMatchObject({
      state: 'not_stored',
      measurement_id: null,
      alarms: [expect.stringContaining('NOT IN THE ARCHIVE')],
    });
    expect(JSON.stringify(answer.structured['data'])).toContain('"Voltage"');
    expect(figure(answer, 'voc')[0]).toBeGreaterThan(1.08);
    const data = await rig.tools.call('routine_get_test_data');
    expect(data.structured).toMatchObject({
      measurement_id: null,
      alarms: [expect.stringContaining('NOT IN THE ARCHIVE')],
    });
  });

  it('is said of a measurement that fails too', async ({ onTestFinished }) => {
    const faults = [{ name: 'smu-error', nth: 1, seconds: 9 }] as const;
    const rig: Rig = await startRig(onTestFinished, {
      speed: 20,
      faults,
      onRequest: ({ command }) => {
        if (command === 'StartRoutine') breakFolder(rig);
      },
    });
    const answer = await rig.tools.call('measure_jv', { ...JV, wait_s: 50 });
    expect(answer.text).toMatch(/SMU not responding[^]*NOT IN THE ARCHIVE/);
  });
});

describe.concurrent('safe_shutdown during a measurement', () => {
  it('ends it as stopped, with what was measured', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 3 });
    const asked = rig.tools.call('measure_jv', { ...JV, wait_s: 50 });
    await vi.waitFor(() => expect(rig.tools.jobs.last?.progress.fraction ?? 0).toBeGreaterThan(0.5), {
      timeout: 20_000,
      interval: 5,
    });
    const shut = await rig.tools.call('safe_shutdown');
    expect(shut.structured).toMatchObject({ safe: true });
    const answer = await asked;
    expect(answer.structured, answer.text).toMatchObject({ state: 'stopped' });
    expect(answer.text).toContain('a safe_shutdown stopped it before its end');
    expect((await rig.tools.archive.read(idOf(answer))).state).toBe('stopped');
    expect(figure(answer, 'voc')[0]).toBeGreaterThan(1.08);
  });

  it.each([
    ['measure_sheet_resistance', {}, 'ApplyCurrent'],
    ['check_contact', {}, 'SetOutput'],
    ['measure_stabilised_power', { hold_v: 0.9, light_source: 'external', duration_s: 5 }, 'SetOutput'],
  ])('switches nothing on again (%s)', async (tool, args, command) => {
    const closes: (() => Promise<void>)[] = [];
    try {
      const rig = await startRig((close) => closes.push(close), { speed: 5 });
      const asked = rig.tools.call(tool, { ...args, wait_s: 50 });
      await vi.waitFor(() => expect(rig.names()).toContain(`ROUTINE.${command}`), {
        timeout: 20_000,
        interval: 1,
      });
      await rig.tools.call('safe_shutdown');
      const before = rig.sent.length;
      expect((await asked).structured).toMatchObject({ state: 'stopped' });
      const acts = rig.sent
        .slice(before)
        .filter(({ command: name }) => /^(Apply|Start|Acquire)|^SetOutput/.test(name));
      for (const { parameter } of acts) expect(parameter).toEqual({ output: 0 });
      expect(JSON.stringify(rig.other('ROUTINE', 'GetTestStatus'))).toContain('"Ready"');
    } finally {
      for (const close of closes) await close();
    }
  });

  it('with the window closed is no failure either', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 10 });
    const asked = rig.tools.call('measure_jv', { ...JV, wait_s: 50 });
    await rig.untilStatus('Running');
    await rig.tools.call('safe_shutdown', { close_routine: true });
    expect((await asked).structured).toMatchObject({ state: 'stopped' });
  });
});

describe.concurrent('what was switched on', () => {
  const lasers = ({ sent }: Rig) =>
    sent.flatMap(({ command, parameter }) => (command === 'SetLaser' ? [JSON.stringify(parameter)] : []));
  const laser = { laser_percent: 20, laser_channel: 1, wait_s: 50 };

  it('is off before the dark spectrum, or there is none', async ({ onTestFinished }) => {
    const faults = [{ name: 'cut', command: 'SetLaser', nth: 2 }] as const;
    const rig = await startRig(onTestFinished, { faults });
    const answer = await rig.tools.call('measure_luminescence', laser);
    expect(answer.text).toMatch(/failed at the step "laser off"/);
    expect(rig.names()).not.toContain('ROUTINE.AcquireDark');
    expect(lasers(rig).at(-1)).toContain('"intensity":0');
    expect(lasers(rig)).toHaveLength(3);
  });

  it('is off after every measurement, and after one that fails', async ({ onTestFinished }) => {
    const faults = [{ name: 'cut', command: 'AcquireSingle', nth: 2 }] as const;
    const rig = await startRig(onTestFinished, { faults });
    expect((await rig.tools.call('measure_luminescence', laser)).structured).toMatchObject({
      state: 'complete',
    });
    expect(lasers(rig).map((sent) => sent.includes('"intensity":0'))).toEqual([false, true, false, true]);
    const failed = await rig.tools.call('measure_luminescence', laser);
    expect(failed.text).toMatch(/failed at the step "spectrum"[^]*noted as/);
    expect(lasers(rig).at(-1)).toContain('"intensity":0');
  });
});

it('settings that were accepted but are not in force are an error, and nothing is measured with them', async () => {
  const instrument = await startStateful((name) =>
    name === 'ROUTINE.GetSettings'
      ? ok({ scan_settings: { scan: { 'Rate (V/s)': 0.2 } }, light: { Source: 'None' } })
      : undefined,
  );
  const tools = toolsOn(instrument.port);
  try {
    const answer = await tools.call('measure_jv', { rate_v_s: 0.5, wait_s: 50 });
    expect(answer.error).toMatchObject({ code: 'settings_not_applied' });
    expect(answer.text).toContain('scan_settings › scan › Rate (V/s): asked 0.5, in force 0.2');
    expect(instrument.received.map(({ command }) => command)).not.toContain('StartMeasurement');
  } finally {
    tools.close();
    await instrument.close();
  }
});
