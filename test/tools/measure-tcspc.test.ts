import { describe, expect, it } from 'vitest';
import { ok, refused, startStateful } from '../helpers/stateful-instrument.ts';
import { toolsOn } from '../helpers/tools.ts';

describe('measure_tcspc', () => {
  const measured = async (rates: Record<string, unknown>, switchesOff = true) => {
    let laser = false;
    const instrument = await startStateful((name, { parameter }) => {
      if (name === 'MAIN.GetAvailableRoutines') return ok({ routines: ['TCSPC'] });
      if (name === 'MAIN.GetActiveRoutine') return ok({ routine: 'TCSPC' });
      if (name === 'ROUTINE.GetTestStatus') return ok({ routine_status: 'Ready', routine_name: 'TCSPC' });
      if (name === 'ROUTINE.GetSettings') return ok({});
      if (name === 'ROUTINE.GetRates') return ok(rates);
      if (name === 'ROUTINE.SetLaser' && parameter?.['laser'] === false && !switchesOff)
        return refused(5, 'relay stuck');
      if (name === 'ROUTINE.SetLaser') laser = parameter?.['laser'] === true;
      return undefined;
    });
    const tools = toolsOn(instrument.port);
    try {
      const answer = await tools.call('measure_tcspc', { wait_s: 50 });
      const commands = instrument.received.map(({ command }) => command);
      return { answer, laser, commands };
    } finally {
      tools.close();
      await instrument.close();
    }
  };

  it.concurrent.each([
    [{ sync_rate: 0, input_rate: 100, ratio: 0 }, 'no_sync', /key of the laser/],
    [{ sync_rate: 1e7, input_rate: 6e5, ratio: 0.06 }, 'too_much_light', /6\.00 % photons per pulse/],
  ])('is refused at %j, with the laser off again', async (rates, code, says) => {
    const { answer, laser, commands } = await measured(rates);
    expect(answer.error).toMatchObject({ code });
    expect(answer.text).toMatch(says);
    expect(commands).toContain('SetLaser');
    expect(laser).toBe(false);
    expect(commands).not.toContain('StartMeasurement');
  });

  it('says first of all that the laser could not be switched off', async () => {
    const { answer, laser } = await measured({ sync_rate: 1e7, input_rate: 6e5, ratio: 0.06 }, false);
    expect(laser).toBe(true);
    expect(answer.error).toMatchObject({ code: 'not_switched_off', outcome: 'unknown' });
    expect(answer.text).toMatch(
      /switching the laser off FAILED: [^]*relay stuck[^]*too much light[^]*safe_shutdown now/,
    );
  });
});
