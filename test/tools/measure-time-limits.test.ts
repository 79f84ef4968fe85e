import { describe, expect, it } from 'vitest';
import { openingSettings } from '../helpers/opening-settings.ts';
import { type Hook, ok, startStateful } from '../helpers/stateful-instrument.ts';
import { toolsOn } from '../helpers/tools.ts';
import { WarpClock } from '../helpers/warp-clock.ts';

const WAIT = { wait_s: 50 };
const status = (word: string, routine = 'JV') =>
  ok({ routine_status: word, routine_name: routine, progress: null, error: null });

/** An instrument that misbehaves, and a server for which waiting takes no time. */
async function bench(onTestFinished: (close: () => Promise<void>) => void, hook: Hook) {
  const instrument = await startStateful((...request) =>
    request[0] === 'ROUTINE.GetSettings'
      ? ok(openingSettings(instrument.state.routine, 'newest'))
      : hook(...request),
  );
  const clock = new WarpClock();
  const tools = toolsOn(instrument.port, {}, 5000, { parts: { clock } });
  onTestFinished(async () => {
    tools.close();
    await instrument.close();
  });
  const sent = () => instrument.received.map(({ target, command }) => `${target}.${command}`);
  return { tools, clock, instrument, sent };
}

/** The failure of the newest measurement, as the archive has it. */
async function failureIn(tools: Awaited<ReturnType<typeof bench>>['tools']) {
  const { entries } = await tools.archive.list();
  return (await tools.archive.read(entries[0]?.id ?? '')).record.failure;
}

describe.concurrent('a measurement ends', () => {
  it('after three times the expected time and a minute: overtime', async ({ onTestFinished }) => {
    const { tools, clock, sent } = await bench(onTestFinished, () => undefined);
    const answer = await tools.call('measure_jv', WAIT);
    expect(answer.error, answer.text).toMatchObject({ code: 'overtime', outcome: 'unknown' });
    // 2 × 71 points at 0.1 s, and 1 s of hold.
    expect(clock.now()).toBeGreaterThan(3 * 15_000 + 60_000);
    expect(clock.now()).toBeLessThan(3 * 16_000 + 70_000);
    expect(sent()).toContain('ROUTINE.StopMeasurement');
    expect(await failureIn(tools)).toMatchObject({ code: 'overtime', step: 'measuring' });
  });

  it('with an alarm where it goes on for 20 s after a stop: not_stopped', async ({ onTestFinished }) => {
    const { tools, instrument } = await bench(onTestFinished, (name) => {
      if (name === 'ROUTINE.StopMeasurement') return ok();
      if (name !== 'ROUTINE.GetTestData') return undefined;
      return ok({ 'Voltage (V)': 0.5, 'Current (A)': 0.001 });
    });
    instrument.state.routine = 'Connection Test';
    const answer = await tools.call('check_contact', WAIT);
    expect(answer.error, answer.text).toMatchObject({ code: 'not_switched_off' });
    expect(await failureIn(tools)).toMatchObject({ code: 'not_stopped', step: 'stopping' });
  });

  it('where it is not Running 20 s after the start: not_running', async ({ onTestFinished }) => {
    const { tools, clock, instrument } = await bench(onTestFinished, (name) =>
      name === 'ROUTINE.GetTestStatus' && instrument.state.running
        ? status('Starting', 'Connection Test')
        : undefined,
    );
    instrument.state.routine = 'Connection Test';
    const answer = await tools.call('check_contact', WAIT);
    expect(answer.error, answer.text).toMatchObject({ code: 'not_running' });
    expect(clock.now()).toBeGreaterThan(20_000);
  });

  it('where a tracking has no data after 5 min: no_data', async ({ onTestFinished }) => {
    const { tools, clock, instrument, sent } = await bench(onTestFinished, (name) =>
      name === 'MAIN.GetAvailableRoutines' ? ok({ routines: ['MPPT'] }) : undefined,
    );
    instrument.state.routine = 'MPPT';
    const answer = await tools.call('measure_stabilised_power', { duration_s: 60, ...WAIT });
    expect(answer.error, answer.text).toMatchObject({ code: 'no_data' });
    expect(clock.now()).toBeGreaterThan(300_000);
    expect(clock.now()).toBeLessThan(310_000);
    expect(sent()).toContain('ROUTINE.StopMeasurement');
  });
});

describe.concurrent('nothing is measured', () => {
  it('where the routine is not Ready after 60 s: not_ready', async ({ onTestFinished }) => {
    const { tools, clock, instrument, sent } = await bench(onTestFinished, (name) =>
      name === 'ROUTINE.GetTestStatus' && instrument.state.routine !== ''
        ? status('Initializing')
        : undefined,
    );
    instrument.state.routine = '';
    const answer = await tools.call('measure_jv', WAIT);
    expect(answer.error, answer.text).toMatchObject({ code: 'not_ready', outcome: 'unknown' });
    expect(clock.now()).toBeGreaterThan(60_000);
    expect(sent()).not.toContain('ROUTINE.StartMeasurement');
    expect((await tools.archive.list()).entries).toEqual([]);
  });

  it('where the window of another routine does not close within 15 s: not_closed', async ({
    onTestFinished,
  }) => {
    const { tools, clock, instrument, sent } = await bench(onTestFinished, (name) =>
      name === 'ROUTINE.CloseRoutine' ? ok() : undefined,
    );
    instrument.state.routine = '';
    await tools.call('main_start_routine', { routine: 'IPCE' });
    const answer = await tools.call('measure_jv', WAIT);
    expect(answer.error, answer.text).toMatchObject({ code: 'not_closed', outcome: 'unknown' });
    expect(clock.now()).toBeGreaterThan(15_000);
    expect(sent()).not.toContain('ROUTINE.StartMeasurement');
  });
});
