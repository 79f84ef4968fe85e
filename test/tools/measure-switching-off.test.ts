import { describe, expect, it, vi } from 'vitest';
import { type Rig, startRig } from '../helpers/measuring.ts';
import { ok, refused, startStateful } from '../helpers/stateful-instrument.ts';
import { toolsOn } from '../helpers/tools.ts';

const LASER = { laser_percent: 20, laser_channel: 1 };
const lasers = ({ sent }: Rig) => sent.filter(({ command }) => command === 'SetLaser');
const isOff = (request: { parameter: unknown } | undefined): boolean =>
  /"intensity":0|"laser":false/.test(JSON.stringify(request?.parameter ?? null));
const until = (check: () => unknown): Promise<void> =>
  vi.waitFor(() => expect(check()).toBe(true), { timeout: 20_000, interval: 2 });

describe.concurrent('cancel_measurement', () => {
  it('switches the laser off while a command hangs that nobody answers', async ({ onTestFinished }) => {
    const faults = [{ name: 'silent', command: 'AutoExposure' }] as const;
    const rig = await startRig(onTestFinished, { faults });
    await rig.tools.call('measure_luminescence', { ...LASER, wait_s: 0 });
    await until(() => rig.names().includes('ROUTINE.AutoExposure'));
    const cancelled = rig.tools.call('cancel_measurement');
    await until(() => isOff(lasers(rig).at(-1)));
    // Only now does that command come to an end, which is no failure of what was stopped.
    rig.tools.close();
    expect((await cancelled).structured).toMatchObject({ state: 'stopped' });
    expect(rig.names()).not.toContain('ROUTINE.AcquireDark');
  });

  it('stops it while a read hangs, and answers without waiting for that', async ({ onTestFinished }) => {
    const faults = [{ name: 'silent', command: 'GetTestData', nth: 2 }] as const;
    const rig = await startRig(onTestFinished, { speed: 2, faults, timeoutMs: 60_000 });
    // Its data is fetched while it measures.
    await rig.tools.call('measure_celiv', { wait_s: 0 });
    await until(() => rig.names().filter((name) => name === 'ROUTINE.GetTestData').length >= 2);
    const answer = await rig.tools.call('cancel_measurement');
    expect(answer.structured, answer.text).toMatchObject({ state: 'stopped' });
    expect(rig.names()).toContain('ROUTINE.StopMeasurement');
  });

  it('after the instrument’s own end is too late: the measurement is complete', async ({
    onTestFinished,
  }) => {
    const faults = [{ name: 'silent', command: 'GetTestData', nth: 2 }] as const;
    const rig = await startRig(onTestFinished, { faults, timeoutMs: 60_000 });
    await rig.tools.call('measure_jv', { light_source: '12_led', wait_s: 0 });
    await until(() => rig.names().filter((name) => name === 'ROUTINE.GetTestData').length >= 2);
    const answer = await rig.tools.call('cancel_measurement');
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete' });
    expect(answer.text).toContain('132 rows');
  });

  it('before the start is a cancellation, whatever the command under way came to', async ({
    onTestFinished,
  }) => {
    const faults = [{ name: 'silent', command: 'GetSettings', nth: 1 }] as const;
    const rig = await startRig(onTestFinished, { faults, timeoutMs: 60_000 });
    await rig.tools.call('measure_jv', { wait_s: 0 });
    await until(() => rig.names().includes('ROUTINE.GetSettings'));
    expect((await rig.tools.call('cancel_measurement')).error).toMatchObject({ code: 'cancelled' });
  });
});

describe.concurrent('the laser', () => {
  it('is off before TCSPC data is fetched', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished);
    const answer = await rig.tools.call('measure_tcspc', { wait_s: 50 });
    expect(answer.structured, answer.text).toMatchObject({ state: 'complete' });
    const names = rig.names();
    expect(isOff(lasers(rig).at(-1))).toBe(true);
    expect(names.lastIndexOf('ROUTINE.SetLaser')).toBeLessThan(names.lastIndexOf('ROUTINE.GetTestData'));
  });

  it('is off right after a failed measurement was told to stop', async ({ onTestFinished }) => {
    const faults = [{ name: 'smu-error', nth: 1, seconds: 1 }] as const;
    const rig = await startRig(onTestFinished, { speed: 2, faults });
    await rig.tools.call('measure_tcspc', { wait_s: 50 });
    const names = rig.names();
    const stop = names.lastIndexOf('ROUTINE.StopMeasurement');
    expect(names.slice(stop).filter((name) => name !== 'MAIN.GetActiveRoutine')[1]).toBe('ROUTINE.SetLaser');
    expect(isOff(lasers(rig).at(-1))).toBe(true);
  });

  it('that cannot be switched off is the error of a measurement that is complete', async () => {
    const instrument = await startStateful((name, { parameter }) => {
      if (name === 'MAIN.GetActiveRoutine') return ok({ routine: 'Luminescence' });
      if (name === 'ROUTINE.GetTestStatus')
        return ok({ routine_status: 'Ready', routine_name: 'Luminescence' });
      if (name !== 'ROUTINE.SetLaser' || parameter?.['intensity'] !== 0) return undefined;
      // Off once for the dark, and then never again.
      return ++offs > 1 ? refused(5, 'relay stuck') : undefined;
    });
    let offs = 0;
    const tools = toolsOn(instrument.port);
    try {
      const answer = await tools.call('measure_luminescence', { ...LASER, wait_s: 50 });
      expect(answer.error).toMatchObject({
        code: 'not_switched_off',
        outcome: 'unknown',
        hint: expect.stringContaining('safe_shutdown now'),
      });
      expect(answer.text).toMatch(/ERROR not_switched_off: switching the laser off FAILED: [^]*relay stuck/);
      expect(answer.text).toMatch(/measure_luminescence itself is complete/);
    } finally {
      tools.close();
      await instrument.close();
    }
  });

  it('is switched off when the network is back', async ({ onTestFinished }) => {
    const faults = [{ name: 'delay', command: 'AutoExposure', seconds: 5 }] as const;
    const rig = await startRig(onTestFinished, { faults });
    const asked = rig.tools.call('measure_luminescence', { ...LASER, wait_s: 50 });
    await until(() => rig.names().includes('ROUTINE.AutoExposure'));
    await rig.cut();
    await until(() => (rig.tools.connection.status().lastError?.code ?? '') === 'connection_refused');
    await rig.back('same');
    const answer = await asked;
    expect(isOff(lasers(rig).at(-1))).toBe(true);
    expect(answer.error).toMatchObject({ code: 'connection_lost', outcome: 'unknown' });
    expect(answer.text).not.toMatch(/FAILED/);
  });
});
