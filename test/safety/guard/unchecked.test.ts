import { expect, it, onTestFinished } from 'vitest';
import { startRig } from '../../helpers/measuring.ts';

const NOT_CHECKED = /not checked against the limits/;

/** A light mode whose fields nobody has published, set by somebody at the screen. */
async function withUnpublishedLight() {
  const rig = await startRig(onTestFinished, { speed: 50, caution: { confirm: 'hazardous' } });
  rig.other('MAIN', 'StartRoutine', { routine: 'Impedance' });
  await rig.untilStatus('Ready');
  const applied = rig.other('ROUTINE', 'ApplySettings', {
    config: { frequency: { 'Amplitude (V)': 0.01 }, light: { mode: 'Fixed', Level: 0.5 } },
  });
  expect(applied).toMatchObject({ status: 'OK' });
  return rig;
}

it('measures with settings that it cannot read as the instrument has them, and says so', async () => {
  const { tools } = await withUnpublishedLight();
  const measured = await tools.call('measure_impedance', { wait_s: 50 });
  expect(measured, measured.text).toMatchObject({ isError: false, structured: { state: 'complete' } });
  expect(measured.text).toMatch(NOT_CHECKED);
});

it('says so when they are started by a single command', async () => {
  const { tools } = await withUnpublishedLight();
  const started = await tools.call('routine_start_measurement');
  expect(started, started.text).toMatchObject({ isError: false });
  expect(started.text).toMatch(NOT_CHECKED);
});

it('asks before such settings are changed', async () => {
  const { tools, names } = await withUnpublishedLight();
  const asked = await tools.call('measure_impedance', { points: 5 });
  expect(asked, asked.text).toMatchObject({ isError: true, error: { code: 'confirmation_required' } });
  expect(names()).not.toContain('ROUTINE.StartMeasurement');
});
