import { describe, expect, it } from 'vitest';
import { type Rig, startRig } from '../helpers/measuring.ts';
import type { HostCall } from '../../src/mcp/run-tool.ts';

type Consent = NonNullable<HostCall['consent']>;
const asking = { confirm: 'hazardous' } as const;

/** A person who was asked before, and said yes to that. */
const agreedTo = (...keys: string[]): { consent: Consent } => ({
  consent: {
    host: 'test',
    canAsk: false,
    agreed: new Set(keys),
    agreement: undefined,
    refused: undefined,
    ask: () => Promise.reject(new Error('nobody is to be asked')),
  },
});
const TAKEN = JSON.stringify(['take-over', 'JV']);

async function othersRun({ other, untilStatus }: Rig): Promise<void> {
  other('MAIN', 'StartRoutine', { routine: 'JV' });
  await untilStatus('Ready');
  other('ROUTINE', 'StartMeasurement');
}

describe.concurrent('take_over', () => {
  it('of somebody’s run is asked about, and stops it once a person agreed', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 1, caution: asking });
    await othersRun(rig);
    const without = await rig.tools.call('measure_eqe', { wait_s: 50 });
    expect(without.error).toMatchObject({ code: 'instrument_busy' });
    expect(without.text).toContain('take_over true');
    const asked = await rig.tools.call('measure_eqe', { take_over: true, wait_s: 50 });
    expect(asked.error).toMatchObject({ code: 'confirmation_required', outcome: 'not_sent' });
    expect(asked.text).toMatch(/stopping the measurement of "JV"[^]*closing its window/);
    expect(rig.names()).not.toContain('ROUTINE.StopMeasurement');
    const done = await rig.tools.call('measure_eqe', { take_over: true, wait_s: 2 }, agreedTo(TAKEN));
    expect(done.structured, done.text).toMatchObject({ state: 'running', job_id: 'job-3' });
    expect(rig.other('MAIN', 'GetActiveRoutine')).toMatchObject({ data: { routine: 'IPCE' } });
    // Whose it was is no part of what is asked.
    const joined = await rig.tools.call('measure_eqe', { wait_s: 0 });
    expect(joined.structured).toMatchObject({ job_id: 'job-3', again: true });
  });

  it('is asked about by the measure tool again, where only a later call learns of it', async ({
    onTestFinished,
  }) => {
    const rig = await startRig(onTestFinished, { speed: 1, caution: asking });
    await othersRun(rig);
    await rig.tools.call('measure_eqe', { take_over: true, wait_s: 0 });
    const waited = await rig.tools.call('wait_for_measurement', { wait_s: 20 });
    expect(waited.error).toMatchObject({
      code: 'confirmation_required',
      hint: expect.stringMatching(/Nothing was measured. Call measure_eqe again/),
    });
  });

  it('of somebody’s window closes it', async ({ onTestFinished }) => {
    const rig = await startRig(onTestFinished, { speed: 50, caution: asking });
    rig.other('MAIN', 'StartRoutine', { routine: 'JV' });
    await rig.untilStatus('Ready');
    const asked = await rig.tools.call('measure_impedance', { take_over: true, wait_s: 50 });
    expect(asked.error).toMatchObject({ code: 'confirmation_required' });
    const done = await rig.tools.call('measure_impedance', { take_over: true, wait_s: 50 }, agreedTo(TAKEN));
    expect(done.structured, done.text).toMatchObject({ state: 'complete', routine: 'Impedance' });
  });
});

describe.concurrent('a laser', () => {
  it.each([
    ['measure_luminescence', { laser_percent: 20, laser_channel: 1 }],
    ['measure_tcspc', {}],
  ])(
    'is asked about before anything begins (%s), and what was agreed is what is sent',
    async (tool, args) => {
      const closes: (() => Promise<void>)[] = [];
      try {
        const rig = await startRig((close) => closes.push(close), { speed: 30, caution: asking });
        const asked = await rig.tools.call(tool, { ...args, wait_s: 50 });
        expect(asked.error).toMatchObject({ code: 'confirmation_required', command: 'SetLaser' });
        expect(rig.tools.jobs.last).toBeUndefined();
        expect(rig.names()).not.toContain('MAIN.StartRoutine');
        let keys: readonly string[] = [];
        const consent = agreedTo().consent;
        const ask: Consent['ask'] = (required) => {
          ({ keys } = required);
          return Promise.reject(new Error('asked'));
        };
        await rig.tools
          .call(tool, args, { consent: { ...consent, canAsk: true, ask } })
          .catch(() => undefined);
        const done = await rig.tools.call(tool, { ...args, wait_s: 50 }, agreedTo(...keys));
        expect(done.structured, done.text).toMatchObject({ state: 'complete' });
      } finally {
        for (const close of closes) await close();
      }
    },
  );
});
