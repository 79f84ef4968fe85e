import { describe, expect, it } from 'vitest';
import { startRig } from '../helpers/measuring.ts';
import { limitSource } from '../helpers/all-in-one.ts';

describe('a value that the instrument refuses', () => {
  it.concurrent.each([
    ['measure_jv', { start_v: 1.2, end_v: -0.2 }, /End \(V\) must be above Start \(V\)/],
    ['measure_dark_jv', { start_v: 1.2, end_v: -0.2 }, /V end \(V\) must be above/],
    ['measure_impedance', { start_hz: 1e6, stop_hz: 1e5 }, /the SMU reaches 40000 Hz/],
    ['measure_jv', { step_v: 0.0001, end_v: 50 }, /more than \d+ points/],
    ['measure_jv', { settings: { light: { Source: 'Candle' } } }, /must be one of/],
  ])('of %s, %j, comes with a hint about values and not about names', async (tool, args, says) => {
    const closes: (() => Promise<void>)[] = [];
    try {
      const limits = limitSource(undefined, 'module');
      const rig = await startRig((close) => closes.push(close), { speed: 100, caution: { limits } });
      const answer = await rig.tools.call(tool, { ...args, wait_s: 50 });
      expect(answer.text).toMatch(says);
      expect(answer.text).toMatch(/Next: Names and form are right; a value is outside/);
      expect(answer.text).not.toMatch(/--parameter-key/);
      expect(answer.error).toMatchObject({ code: 101, outcome: 'refused' });
      expect(rig.names()).not.toContain('ROUTINE.StartMeasurement');
    } finally {
      for (const close of closes) await close();
    }
  });

  it.each([
    [{ settings: { light: { 'Level (%)': 'much' } } }, /must be a number/],
    [{ settings: { nonsense: 1 } }, /nonsense/],
  ])('is no name or type: %j', async (args, says) => {
    const closes: (() => Promise<void>)[] = [];
    try {
      const rig = await startRig((close) => closes.push(close), { speed: 100 });
      rig.other('MAIN', 'StartRoutine', { routine: 'JV' });
      await rig.untilStatus('Ready');
      const answer = await rig.tools.call('routine_apply_settings', args);
      expect(answer.text).toMatch(says);
      expect(answer.text).toMatch(/missing, unknown or of the wrong type/);
    } finally {
      for (const close of closes) await close();
    }
  });
});
