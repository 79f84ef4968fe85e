import { describe, expect, it } from 'vitest';
import { idIn, midway, startRig, untilAway } from '../helpers/measuring.ts';

const JV = { light_source: '12_led', light_level_percent: 100, wait_s: 50 };

describe.concurrent('a safe_shutdown while the instrument is away', () => {
  it('says that it reached nothing, and what is told meanwhile claims nothing', async ({
    onTestFinished,
  }) => {
    const rig = await startRig(onTestFinished, { speed: 5 });
    const asked = rig.tools.call('measure_jv', JV);
    await midway(rig);
    await rig.cut();
    await untilAway(rig);
    expect(rig.tools.jobs.last?.sentence).toContain('may be going on by itself');
    const shut = await rig.tools.call('safe_shutdown');
    expect(shut.structured).toMatchObject({
      safe: false,
      alarms: [expect.stringContaining('Tell the person now')],
    });
    await rig.back('restarted');
    const answer = await asked;
    // The restart ended it, and nothing else.
    expect(answer.error).toMatchObject({ code: 'routine_closed', outcome: 'unknown' });
    expect(answer.text).not.toContain('safe_shutdown stopped');
    const { record, state } = await rig.tools.archive.read(idIn(answer.text));
    expect(state).toBe('failed');
    expect(JSON.stringify(record.warnings)).not.toContain('safe_shutdown');
    expect(rig.names().filter((name) => name === 'ROUTINE.StartMeasurement')).toHaveLength(1);
  });

  it('does not make a measurement that goes on to its end a stopped one', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 5 });
    const asked = rig.tools.call('measure_jv', JV);
    await midway(rig);
    await rig.cut();
    await untilAway(rig);
    await rig.tools.call('safe_shutdown');
    await rig.back('same');
    const answer = await asked;
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete' });
    expect(answer.text).toContain('132 rows');
    expect(answer.text).not.toContain('safe_shutdown stopped');
  });
});

it('a safe_shutdown right after a restart is not what ended the measurement', async ({ onTestFinished }) => {
  const rig = await startRig(onTestFinished, { speed: 5 });
  const asked = rig.tools.call('measure_jv', JV);
  await midway(rig);
  await rig.cut();
  await rig.back('restarted');
  const [shut, answer] = await Promise.all([rig.tools.call('safe_shutdown'), asked]);
  expect(shut.structured).toMatchObject({ safe: true });
  expect(answer.error).toMatchObject({ code: 'routine_closed' });
});
